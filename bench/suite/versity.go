package suite

import (
	"encoding/xml"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/s3err"

	"github.com/s3cors/s3cors"
)

// versityConfiguration returns the rules in versitygw's type.
func versityConfiguration(rules []s3cors.Rule) *auth.CORSConfiguration {
	c := &auth.CORSConfiguration{}
	for _, rule := range rules {
		c.Rules = append(c.Rules, auth.CORSRule{
			AllowedOrigins: converted[auth.CORSOrigin](rule.AllowedOrigins),
			AllowedMethods: converted[auth.CORSHTTPMethod](rule.AllowedMethods),
			AllowedHeaders: converted[auth.CORSHeader](rule.AllowedHeaders),
			ExposeHeaders:  converted[auth.CORSHeader](rule.ExposeHeaders),
			MaxAgeSeconds:  new(int32(*rule.MaxAgeSeconds)),
		})
	}
	return c
}

func converted[T ~string](values []string) []T {
	out := make([]T, len(values))
	for i, value := range values {
		out[i] = T(value)
	}
	return out
}

// versityDocument is what versitygw's backends keep.
func versityDocument(rules []s3cors.Rule) []byte {
	return must(xml.Marshal(versityConfiguration(rules)))
}

// versityRequest makes the calls that versitygw makes before it looks at the
// configuration, for OPTIONS (S3ApiController.CORSOptions) and for other requests
// (middlewares.ApplyBucketCORS).
func versityRequest(r *s3cors.Request) (auth.CORSHTTPMethod, []auth.CORSHeader, error) {
	method := auth.CORSHTTPMethod(r.RequestMethod)
	if method.IsEmpty() && r.Method != "OPTIONS" {
		method = auth.CORSHTTPMethod(r.Method)
	} else if !method.IsValid() {
		return "", nil, s3err.GetInvalidCORSMethodErr(method.String())
	}
	headers, err := auth.ParseCORSHeaders(r.RequestHeaders)
	return method, headers, err
}

func prepareVersity(w *Workload) Run {
	configuration := versityConfiguration(w.Rules)
	return versityRun(&w.Request, func() (*auth.CORSConfiguration, error) { return configuration, nil })
}

func prepareVersityDeployed(w *Workload) Run {
	document := versityDocument(w.Rules)
	return versityRun(&w.Request, func() (*auth.CORSConfiguration, error) { return auth.ParseCORSOutput(document) })
}

func versityRun(r *s3cors.Request, load func() (*auth.CORSConfiguration, error)) Run {
	request := *r
	return func(n int) int {
		granted := 0
		for range n {
			if versityAnswer(&request, load) != nil {
				granted++
			}
		}
		return granted
	}
}

// versityAnswer returns what versitygw sends, nil if it grants nothing.
func versityAnswer(r *s3cors.Request, load func() (*auth.CORSConfiguration, error)) *auth.CORSAllowanceConfig {
	if r.Origin == "" {
		return nil
	}
	method, headers, err := versityRequest(r)
	if err != nil {
		return nil
	}
	configuration, err := load()
	if err != nil {
		return nil
	}
	answer, err := configuration.IsAllowed(r.Origin, method, headers, s3err.ResourceTypeObject)
	if err != nil {
		return nil
	}
	return answer
}
