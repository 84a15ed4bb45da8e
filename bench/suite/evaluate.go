package suite

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
	"github.com/s3cors/s3cors/internal/oracle"
)

// Evaluate is the decision alone, from the values of the header fields to the
// values of the header fields.
func Evaluate() Family {
	return family("Evaluate", "Deciding", work.All(), evaluators())
}

func evaluators() []Engine {
	return []Engine{
		{Name: "s3cors", About: "Policy.Evaluate and its Outcome", Prepare: work.Evaluate},
		{Name: "s3cors, values read", About: "the same, and every header value read", Prepare: work.Values},
		{Name: "versitygw", About: "auth.ParseCORSHeaders and IsAllowed, the configuration parsed before", Prepare: prepareVersity},
		{Name: "versitygw, as deployed", About: "the same, the configuration parsed for each request with auth.ParseCORSOutput", Prepare: prepareVersityDeployed},
		{Name: "plain loop", About: "rules in a loop, nothing prepared, written by hand without allocations; comes to S3's outcome, renders nothing", Prepare: prepareLoop},
		{Name: "oracle", About: "the reference of our tests, written to be read", Prepare: prepareOracle},
		{Name: "floor", About: "a map lookup, a switch over the method, a map lookup for each name, a copy of the answer", Fits: floorFits, Prepare: prepareFloor},
	}
}

// must returns the value of a call that fails only if this package is wrong.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func prepareOracle(w *Workload) Run {
	configuration, request := &s3cors.Configuration{CORSRules: w.Rules}, w.Request
	return func(n int) int {
		granted := 0
		for range n {
			if oracle.Evaluate(configuration, false, request).Outcome == "granted" {
				granted++
			}
		}
		return granted
	}
}

// The floor is what nobody can do without: it knows neither wildcards in the
// middle of a value nor upper case nor what is invalid, and expects each origin
// in one rule only.
type floor map[string]*floorRule

type floorRule struct {
	answer     floorAnswer
	names      map[string]bool
	everything bool
}

type floorAnswer struct{ origin, methods, expose, maxAge, credentials, vary string }

func floorFits(w *Workload) bool {
	for _, rule := range w.Rules {
		if slices.ContainsFunc(rule.AllowedOrigins, hasStar) {
			return false
		}
		if slices.ContainsFunc(rule.AllowedHeaders, func(name string) bool { return name != "*" && hasStar(name) }) {
			return false
		}
	}
	asked := w.Request.RequestHeaders
	plain := asked == strings.ToLower(asked) && !strings.Contains(asked, ",,") && !strings.Contains(asked, " ")
	return plain && w.Outcome != s3cors.TooLarge
}

func hasStar(s string) bool { return strings.Contains(s, "*") }

func newFloor(rules []s3cors.Rule) floor {
	f := make(floor)
	for _, rule := range rules {
		r := &floorRule{
			answer: floorAnswer{"", "GET, PUT", "ETag", "3000", "true", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"},
			names:  make(map[string]bool), everything: slices.Contains(rule.AllowedHeaders, "*"),
		}
		for _, name := range rule.AllowedHeaders {
			r.names[name] = true
		}
		for _, origin := range rule.AllowedOrigins {
			f[origin] = r
		}
	}
	return f
}

func (f floor) decide(r *s3cors.Request) (floorAnswer, bool) {
	rule, ok := f[r.Origin]
	if !ok {
		return floorAnswer{}, false
	}
	method := r.Method
	if r.RequestMethod != "" {
		method = r.RequestMethod
	}
	switch method {
	case "GET", "PUT":
	default:
		return floorAnswer{}, false
	}
	if r.RequestHeaders != "" && !rule.everything && !rule.admits(r.RequestHeaders) {
		return floorAnswer{}, false
	}
	answer := rule.answer
	answer.origin = r.Origin
	return answer, true
}

func (rule *floorRule) admits(names string) bool {
	for more := true; more; {
		var name string
		name, names, more = strings.Cut(names, ",")
		if !rule.names[name] && (name != "" || more) {
			return false
		}
	}
	return true
}

func prepareFloor(w *Workload) Run {
	f, request := newFloor(w.Rules), w.Request
	return func(n int) int {
		granted := 0
		for range n {
			if answer, ok := f.decide(&request); ok && answer.origin != "" {
				granted++
			}
		}
		return granted
	}
}
