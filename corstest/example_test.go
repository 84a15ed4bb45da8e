package corstest_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/s3cors/s3cors/corstest"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A storage server is under test in ten lines. Each vector is a subtest, named by its id.
func ExampleTestHandler() {
	// In a file of tests this is func TestCORS(t *testing.T).
	_ = func(t *testing.T) {
		corstest.TestHandler(t, func(t *testing.T) http.Handler {
			return &toyServer{}
		}, corstest.Options{
			Lacks: []corstest.Need{"accounts", "authentication"},
		})
	}
}

// A function that decides is under test in fewer.
func ExampleTestEvaluator() {
	// In a file of tests this is func TestDecisions(t *testing.T).
	_ = func(t *testing.T) {
		corstest.TestEvaluator(t, toy, corstest.Options{})
	}
}

// Without a test, results say what differs.
func ExampleNewTarget() {
	opts := conformance.Options{
		Run:    regexp.MustCompile("^rec-match-origins-get-random-wildcard-origin$"),
		Settle: -1, // a configuration is there at once
	}
	results, err := conformance.Run(context.Background(), corstest.NewTarget(&toyServer{}, corstest.Options{}), opts)
	if err != nil {
		panic(err)
	}
	for _, r := range results {
		fmt.Println(r.Verdict, r.Vector.Title)
		for _, d := range r.Diffs {
			fmt.Printf("  %s: want %s, got %s\n", d.What, d.Want, d.Got)
		}
	}
	// Output:
	// fail a GET that the star admits gets the star and no credentials
	//   Access-Control-Allow-Origin: want *, got http://random:1234
	//   Access-Control-Allow-Methods: want GET, PUT, got (absent)
	//   Access-Control-Max-Age: want 3000, got (absent)
	//   Vary: want Origin, Access-Control-Request-Headers, Access-Control-Request-Method, got Origin
	//   Access-Control-Allow-Credentials: want (absent), got true
}

// toy is an evaluator that knows little of CORS. It says the origin where S3 says the star.
func toy(q corstest.Question) corstest.Answer {
	var config struct {
		Rules []struct {
			Origins []string `xml:"AllowedOrigin"`
			Methods []string `xml:"AllowedMethod"`
		} `xml:"CORSRule"`
	}
	if q.ConfigXML == nil || xml.Unmarshal(q.ConfigXML, &config) != nil {
		return corstest.Answer{}
	}
	origin := ""
	for _, h := range q.Request.Headers {
		if strings.EqualFold(h[0], "Origin") {
			origin = h[1]
		}
	}
	for _, rule := range config.Rules {
		admitted := slices.Contains(rule.Origins, "*") || slices.Contains(rule.Origins, origin)
		if origin != "" && admitted && slices.Contains(rule.Methods, q.Request.Method) {
			return corstest.Answer{Headers: []vectors.Pair{
				{"Access-Control-Allow-Origin", origin},
				{"Access-Control-Allow-Credentials", "true"},
				{"Vary", "Origin"},
			}}
		}
	}
	return corstest.Answer{}
}

// A toyServer has all buckets, and no object. It believes every configuration.
type toyServer struct {
	configs sync.Map
}

func (s *toyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, _, _ := strings.Cut(path.Clean(r.URL.Path)[1:], "/")
	config, _ := s.configs.Load(bucket)
	text, _ := config.([]byte)
	switch {
	case r.URL.RawQuery != "cors":
		answer := toy(corstest.Question{ConfigXML: text, Request: &vectors.Request{Method: r.Method, Headers: []vectors.Pair{{"Origin", r.Header.Get("Origin")}}}})
		for _, h := range answer.Headers {
			w.Header().Set(h[0], h[1])
		}
	case r.Method == "PUT":
		body, _ := io.ReadAll(r.Body)
		s.configs.Store(bucket, body)
	case r.Method == "DELETE":
		s.configs.Delete(bucket)
	default:
		_, _ = w.Write(text)
	}
}
