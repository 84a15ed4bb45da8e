package work

import (
	"strings"

	"github.com/s3cors/s3cors"
)

// Engine names the code that this package was built with, in what its benchmarks print.
// The linker sets it where there are two.
var Engine = "s3cors"

// Key writes a name so that package testing leaves it as it is.
func Key(name string) string {
	return strings.NewReplacer(" ", "_", "/", "-").Replace(name)
}

// A Run does some work n times and returns how often the request was granted, or the
// document read. It may be called from several goroutines at once.
type Run func(n int) int

// Compiled returns the policy of rules that must be valid.
func Compiled(rules []s3cors.Rule) *s3cors.Policy {
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: rules})
	if err != nil {
		panic(err)
	}
	return policy
}

// received returns a request whose strings lie elsewhere than those of the configuration,
// as those of a request from a network do: equal strings of one address need no comparison.
func received(r s3cors.Request) s3cors.Request {
	r.Method, r.Origin = strings.Clone(r.Method), strings.Clone(r.Origin)
	r.RequestMethod, r.RequestHeaders = strings.Clone(r.RequestMethod), strings.Clone(r.RequestHeaders)
	return r
}

// Evaluate is the decision alone.
func Evaluate(w *Workload) Run {
	policy, request := Compiled(w.Rules), received(w.Request)
	return func(n int) int {
		granted := 0
		for range n {
			if policy.Evaluate(request).Outcome() == s3cors.Granted {
				granted++
			}
		}
		return granted
	}
}

// Values reads what a server would write. Of a granted request that is every value;
// Allow-Headers goes into a buffer that is used again.
func Values(w *Workload) Run {
	policy, request := Compiled(w.Rules), received(w.Request)
	return func(n int) int {
		granted := 0
		buffer := make([]byte, 0, 2*len(request.RequestHeaders))
		for range n {
			d := policy.Evaluate(request)
			if d.Outcome() != s3cors.Granted {
				continue
			}
			buffer = d.AppendAllowHeaders(buffer[:0])
			size := len(d.AllowOrigin()) + len(d.AllowMethods()) + len(d.ExposeHeaders()) +
				len(d.MaxAge()) + len(d.AllowCredentials()) + len(d.Vary())
			if size > 0 {
				granted++
			}
		}
		return granted
	}
}

// HTTP is the whole middleware of net/http.
func HTTP(w *Workload) Run { return Serve(middleware(Compiled(w.Rules), Nothing), &w.Request) }

// AllOrNone returns what is said of all n requests of a run: that the last of them was
// granted, or not.
func AllOrNone(granted bool, n int) int {
	if granted {
		return n
	}
	return 0
}
