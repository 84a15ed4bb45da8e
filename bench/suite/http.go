package suite

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	rscors "github.com/rs/cors"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
)

// HTTP is the whole middleware of net/http: reading the request's header,
// deciding, writing the response's header; with a handler behind it that does
// nothing, and a writer that is used again.
func HTTP() Family {
	return family("HTTP", "Whole net/http requests", oneRuleWorkloads(), []Engine{
		{Name: "s3cors", About: "corshttp, Middleware.Handler for one policy", Prepare: prepareHTTP},
		{Name: "rs/cors", About: "rs/cors, Cors.Handler", Fits: oneOnly, Prepare: prepareRS},
		{Name: "floor", About: "the floor of deciding, and its fields written into one fresh array", Fits: httpFloorFits, Prepare: prepareHTTPFloor},
	})
}

// oneRuleWorkloads are those that a middleware of a single policy can do.
func oneRuleWorkloads() []Workload {
	return slices.DeleteFunc(slices.Concat(everyday(), large(), hostile()), func(w Workload) bool { return !oneOnly(&w) })
}

func oneOnly(w *Workload) bool { return len(w.Rules) == 1 }

func httpFloorFits(w *Workload) bool { return floorFits(w) && w.Request.Origin != "" }

// A writer is a ResponseWriter that forgets.
type writer struct {
	header http.Header
	status int
}

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) Write(b []byte) (int, error) { return len(b), nil }
func (w *writer) WriteHeader(status int)      { w.status = status }

// httpRequest returns r as net/http hands it to a handler.
func httpRequest(r *s3cors.Request) *http.Request {
	request := httptest.NewRequest(r.Method, "/bucket/key", nil)
	for name, value := range map[string]string{
		"Origin":                         r.Origin,
		"Access-Control-Request-Method":  r.RequestMethod,
		"Access-Control-Request-Headers": r.RequestHeaders,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	return request
}

// serve runs a handler on a request, again and again.
func serve(handler http.Handler, r *s3cors.Request) Run {
	request := httpRequest(r)
	return func(n int) int {
		w := &writer{header: make(http.Header)}
		for range n {
			clear(w.header)
			handler.ServeHTTP(w, request)
		}
		return all(allows(w.header, request), n)
	}
}

// allows reports whether a browser would go on: some middleware always answers,
// and leaves the verdict to the browser (Fetch, CORS check and CORS-preflight
// fetch; the methods and names that need no leave play no part here).
func allows(answer http.Header, request *http.Request) bool {
	origin := answer.Get("Access-Control-Allow-Origin")
	if origin == "" || origin != "*" && origin != request.Header.Get("Origin") {
		return false
	}
	return request.Method != http.MethodOptions ||
		lists(answer.Get("Access-Control-Allow-Methods"), request.Header.Get("Access-Control-Request-Method")) &&
			lists(answer.Get("Access-Control-Allow-Headers"), request.Header.Get("Access-Control-Request-Headers"))
}

// lists reports whether every name that is asked for is in the list.
func lists(list, asked string) bool {
	listed := make(map[string]bool)
	for name := range strings.SplitSeq(strings.ToLower(list), ",") {
		listed[strings.Trim(name, " \t")] = true
	}
	for name := range strings.SplitSeq(strings.ToLower(asked), ",") {
		name = strings.Trim(name, " \t")
		if name != "" && !listed[name] {
			return false
		}
	}
	return true
}

var nothing = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

func prepareHTTP(w *Workload) Run {
	cors := &corshttp.Server{Policies: corshttp.OnePolicy(compiled(w.Rules))}
	return serve(cors.CORS(nothing), &w.Request)
}

func prepareRS(w *Workload) Run {
	rule := w.Rules[0]
	middleware := rscors.New(rscors.Options{
		AllowedOrigins:       rule.AllowedOrigins,
		AllowedMethods:       rule.AllowedMethods,
		AllowedHeaders:       slices.Clone(rule.AllowedHeaders),
		ExposedHeaders:       rule.ExposeHeaders,
		MaxAge:               int(*rule.MaxAgeSeconds),
		AllowCredentials:     !slices.Contains(rule.AllowedOrigins, "*"),
		OptionsSuccessStatus: http.StatusOK,
	})
	return serve(middleware.Handler(nothing), &w.Request)
}

func prepareHTTPFloor(w *Workload) Run {
	f := newFloor(w.Rules)
	return serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(w.Header(), r.Header, w, r.Method) }), &w.Request)
}

// serve writes the fields of S3's answer; their values share one array, each cut
// so that an append by somebody else cannot reach its neighbour.
func (f floor) serve(out, in http.Header, w http.ResponseWriter, method string) {
	request := s3cors.Request{Method: method, Origin: one(in["Origin"])}
	if method == http.MethodOptions {
		request.RequestMethod = one(in["Access-Control-Request-Method"])
		request.RequestHeaders = one(in["Access-Control-Request-Headers"])
	}
	answer, ok := f.decide(&request)
	if !ok {
		if method == http.MethodOptions {
			w.WriteHeader(http.StatusForbidden)
		}
		return
	}
	values := &[7]string{answer.origin, answer.methods, answer.expose, answer.maxAge, answer.credentials, answer.vary, request.RequestHeaders}
	out["Access-Control-Allow-Origin"] = values[0:1:1]
	out["Access-Control-Allow-Methods"] = values[1:2:2]
	out["Access-Control-Expose-Headers"] = values[2:3:3]
	out["Access-Control-Max-Age"] = values[3:4:4]
	out["Access-Control-Allow-Credentials"] = values[4:5:5]
	out["Vary"] = values[5:6:6]
	if request.RequestHeaders != "" {
		out["Access-Control-Allow-Headers"] = values[6:7:7]
	}
	if method == http.MethodOptions {
		w.WriteHeader(http.StatusOK)
	}
}

func one(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
