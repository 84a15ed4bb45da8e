package explain_test

import (
	"fmt"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
)

func ExampleExplain() {
	config, err := s3cors.Parse([]byte(`[{"AllowedOrigins": ["app.example.com"], "AllowedMethods": ["GET"]}]`))
	if err != nil {
		panic(err)
	}
	e := explain.Explain(explain.Subject{
		Configuration: config,
		Request:       s3cors.Request{Method: "GET", Origin: "https://app.example.com"},
	})
	for _, r := range e.Reasons {
		fmt.Println(r.Code, "at", r.Path)
	}
	fmt.Println(e.Fixes[0].Text)
	// Output:
	// origin-no-scheme at CORSRules[0].AllowedOrigins[0]
	// Replace "app.example.com" by "https://app.example.com" in AllowedOrigins of rule 0.
}
