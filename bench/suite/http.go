package suite

import (
	"net/http"
	"slices"

	jub0bscors "github.com/jub0bs/cors"
	rscors "github.com/rs/cors"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
)

// HTTP is the whole middleware of net/http: reading the request's header,
// deciding, writing the response's header; with a handler behind it that does
// nothing, and a writer that is used again.
func HTTP() Family {
	return family("HTTP", "Whole net/http requests", oneRuleWorkloads(), []Engine{
		{Name: "s3cors", About: "corshttp, Middleware.Handler for one policy", Prepare: work.HTTP},
		{Name: "rs/cors", About: "rs/cors, Cors.Handler", Fits: oneOnly, Prepare: prepareRS},
		{Name: "jub0bs/cors", About: "jub0bs/cors, Middleware.Wrap", Fits: jub0bsFits, Prepare: prepareJub0bs},
		{Name: "floor", About: "the floor of deciding, and its fields written into one fresh array", Fits: httpFloorFits, Prepare: prepareHTTPFloor},
	})
}

// oneRuleWorkloads are those that a middleware of a single policy can do.
func oneRuleWorkloads() []Workload {
	return slices.DeleteFunc(work.All(), func(w Workload) bool { return !oneOnly(&w) })
}

func oneOnly(w *Workload) bool { return len(w.Rules) == 1 }

func httpFloorFits(w *Workload) bool { return floorFits(w) && w.Request.Origin != "" }

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
	return work.Serve(middleware.Handler(work.Nothing), &w.Request)
}

// jub0bsMiddleware fails for configurations that this library takes for a mistake, or does
// not know, such as a name with a star in it.
func jub0bsMiddleware(w *Workload) (*jub0bscors.Middleware, error) {
	rule := w.Rules[0]
	return jub0bscors.NewMiddleware(jub0bscors.Config{
		Origins:         rule.AllowedOrigins,
		Methods:         rule.AllowedMethods,
		RequestHeaders:  rule.AllowedHeaders,
		ResponseHeaders: rule.ExposeHeaders,
		MaxAgeInSeconds: int(*rule.MaxAgeSeconds),
		Credentialed:    !slices.Contains(rule.AllowedOrigins, "*"),
	})
}

func jub0bsFits(w *Workload) bool {
	if !oneOnly(w) {
		return false
	}
	_, err := jub0bsMiddleware(w)
	return err == nil
}

func prepareJub0bs(w *Workload) Run {
	return work.Serve(must(jub0bsMiddleware(w)).Wrap(work.Nothing), &w.Request)
}

func prepareHTTPFloor(w *Workload) Run {
	f := newFloor(w.Rules)
	return work.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(w.Header(), r.Header, w, r.Method) }), &w.Request)
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
