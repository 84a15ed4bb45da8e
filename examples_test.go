//go:build go1.26

package s3cors_test

import (
	"errors"
	"fmt"

	"github.com/s3cors/s3cors"
)

// A policy is compiled once, when the configuration is stored, and then asked
// for each request.
func Example() {
	configuration, err := s3cors.Parse([]byte(`<CORSConfiguration>
		<CORSRule>
			<AllowedOrigin>https://*.example.com</AllowedOrigin>
			<AllowedMethod>PUT</AllowedMethod>
			<AllowedHeader>content-type</AllowedHeader>
			<AllowedHeader>x-amz-*</AllowedHeader>
			<ExposeHeader>ETag</ExposeHeader>
			<MaxAgeSeconds>3000</MaxAgeSeconds>
		</CORSRule>
	</CORSConfiguration>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, err := s3cors.Compile(configuration)
	if err != nil {
		fmt.Println(err)
		return
	}
	decision := policy.Evaluate(s3cors.Request{
		Method:         "OPTIONS",
		Origin:         "https://app.example.com",
		RequestMethod:  "PUT",
		RequestHeaders: "Content-Type,X-Amz-Date",
	})
	fmt.Println(decision.Outcome(), decision.Status())
	for name, value := range decision.Headers() {
		fmt.Printf("%s: %s\n", name, value)
	}
	// Output:
	// granted 200
	// Access-Control-Allow-Origin: https://app.example.com
	// Access-Control-Allow-Methods: PUT
	// Access-Control-Allow-Headers: content-type, x-amz-date
	// Access-Control-Expose-Headers: ETag
	// Access-Control-Max-Age: 3000
	// Access-Control-Allow-Credentials: true
	// Vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method
}

// A refused preflight is answered with S3's error.
func ExampleDecision_Refusal() {
	policy, _ := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"https://app.example.com"},
		AllowedMethods: []string{"GET"},
	}}})
	decision := policy.Evaluate(s3cors.Request{
		Method:        "OPTIONS",
		Origin:        "https://app.example.com",
		RequestMethod: "DELETE",
	})
	if refusal := decision.Refusal(); refusal != nil {
		fmt.Println(decision.Outcome(), refusal.Status)
		fmt.Printf("%s\n", refusal.AppendXML(nil, s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host-id"}))
	}
	// Output:
	// no-match 403
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Error><Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.</Message><Method>DELETE</Method><ResourceType>OBJECT</ResourceType><RequestId>4442587FB7D0A2F9</RequestId><HostId>host-id</HostId></Error>
}

// An actual request always goes on; only its headers depend on the rules.
func ExamplePolicy_Evaluate() {
	policy, _ := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"},
		AllowedMethods: []string{"GET"},
	}}})
	for _, method := range []string{"GET", "HEAD"} {
		decision := policy.Evaluate(s3cors.Request{Method: method, Origin: "https://app.example.com"})
		fmt.Printf("%s: %v, Allow-Origin %q\n", method, decision.Outcome(), decision.AllowOrigin())
	}
	// Output:
	// GET: granted, Allow-Origin "*"
	// HEAD: no-match, Allow-Origin ""
}

func ExampleDecision_Headers() {
	policy, _ := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"},
		AllowedMethods: []string{"GET", "HEAD"},
	}}})
	decision := policy.Evaluate(s3cors.Request{Method: "GET", Origin: "https://app.example.com"})
	for name, value := range decision.Headers() {
		fmt.Printf("%s: %s\n", name, value)
	}
	// Output:
	// Access-Control-Allow-Origin: *
	// Access-Control-Allow-Methods: GET, HEAD
	// Vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method
}

// A server that reuses its buffers writes the longest header without a string of
// its own.
func ExampleDecision_AppendAllowHeaders() {
	policy, _ := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"},
		AllowedMethods: []string{"PUT"},
		AllowedHeaders: []string{"*"},
	}}})
	decision := policy.Evaluate(s3cors.Request{
		Method: "OPTIONS", Origin: "https://app.example.com",
		RequestMethod: "PUT", RequestHeaders: "X-Amz-Date,Content-Type",
	})
	buffer := make([]byte, 0, 256)
	fmt.Printf("%s\n", decision.AppendAllowHeaders(buffer))
	// Output: x-amz-date, content-type
}

func ExampleError_AppendXML() {
	err := &s3cors.Error{
		Status: 404, Code: "NoSuchCORSConfiguration", Message: "The CORS configuration does not exist",
		Elements: []s3cors.Element{{Name: "BucketName", Value: "assets"}},
	}
	fmt.Printf("%s\n", err.AppendXML(nil, s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host-id"}))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Error><Code>NoSuchCORSConfiguration</Code><Message>The CORS configuration does not exist</Message><BucketName>assets</BucketName><RequestId>4442587FB7D0A2F9</RequestId><HostId>host-id</HostId></Error>
}

// All problems come at once, with their places; the client of a server gets the
// first one, in S3's words.
func ExampleParse() {
	_, err := s3cors.Parse([]byte(`{"CORSRules": [
  {"AllowedOrigins": ["https://*.*.com"], "AllowedMethods": ["GET", "OPTIONS"]}
]}`))
	fmt.Println(err)
	var s3 *s3cors.Error
	if errors.As(err, &s3) {
		fmt.Println("S3 says:", s3.Status, s3.Code, s3.Message)
	}
	// Output:
	// 2:23: CORSRules[0].AllowedOrigins[0]: InvalidRequest: AllowedOrigin "https://*.*.com" can not have more than one wildcard. (one "*" is allowed in a value, and no more: write "https://*.com")
	// 2:69: CORSRules[0].AllowedMethods[1]: InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is OPTIONS (remove OPTIONS: preflights are answered without it, the methods to list are GET, PUT, POST, DELETE and HEAD)
	// S3 says: 400 InvalidRequest AllowedOrigin "https://*.*.com" can not have more than one wildcard.
}

func ExampleParseXML() {
	configuration, err := s3cors.ParseXML([]byte(`<CORSConfiguration><CORSRule>
		<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
	</CORSRule></CORSConfiguration>`))
	fmt.Println(configuration.CORSRules[0].AllowedOrigins, err)
	// Output: [*] <nil>
}

// The array that the S3 console shows is taken as well as the object of the AWS
// CLI.
func ExampleParseJSON() {
	configuration, err := s3cors.ParseJSON([]byte(`[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`))
	fmt.Println(configuration.CORSRules[0].AllowedMethods, err)
	// Output: [GET] <nil>
}

func ExampleConfiguration_Validate() {
	configuration := s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedMethods: []string{"get"}}}}
	fmt.Println(configuration.Validate())
	// Output:
	// CORSRules[0].AllowedOrigins: MalformedXML: The XML you provided was not well-formed or did not validate against our published schema (the rule has no AllowedOrigins: add "AllowedOrigins": ["https://www.example.com"])
	// CORSRules[0].AllowedMethods[0]: InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is get (methods are compared letter for letter: write GET)
}

// The XML is that of GET ?cors, whatever format the configuration came in.
func ExampleConfiguration_AppendXML() {
	configuration := s3cors.Configuration{CORSRules: []s3cors.Rule{{
		ID:             new("reading"),
		AllowedMethods: []string{"GET"},
		AllowedOrigins: []string{"*"},
		MaxAgeSeconds:  new(int64(3000)),
	}}}
	xml, err := configuration.AppendXML(nil)
	fmt.Printf("%s %v\n", xml, err)
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><ID>reading</ID><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>3000</MaxAgeSeconds></CORSRule></CORSConfiguration> <nil>
}

func ExampleConfiguration_AppendJSON() {
	configuration := s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"},
		AllowedMethods: []string{"GET"},
	}}}
	json, err := configuration.AppendJSON(nil)
	fmt.Printf("%s%v\n", json, err)
	// Output:
	// {
	//     "CORSRules": [
	//         {
	//             "AllowedMethods": [
	//                 "GET"
	//             ],
	//             "AllowedOrigins": [
	//                 "*"
	//             ]
	//         }
	//     ]
	// }
	// <nil>
}

// A tool that points at things wants to know where they stand.
func ExampleParseDocument() {
	document := s3cors.ParseDocument([]byte(`<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://example.com/</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
    <ExposedHeader>ETag</ExposedHeader>
  </CORSRule>
</CORSConfiguration>`))
	start, end, _ := document.Position("CORSRules[0].AllowedOrigins[0]")
	fmt.Println(start.Line, start.Column, end.Column)
	for _, problem := range document.Problems() {
		fmt.Println(problem.Start.Line, problem.Start.Column, problem.Path, problem.Suggestion)
	}
	// Output:
	// 3 20 40
	// 5 5 CORSRules[0].ExposedHeader ExposeHeader
}

func ExampleDocument_Position() {
	document := s3cors.ParseDocument([]byte(`[
  {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "HEAD"]}
]`))
	for _, path := range []string{"CORSRules[0]", "CORSRules[0].AllowedMethods[1]", "CORSRules[0].ID"} {
		start, _, ok := document.Position(path)
		fmt.Println(start.Line, start.Column, ok)
	}
	// Output:
	// 2 3 true
	// 2 55 true
	// 0 0 false
}

func ExampleDocument_Problems() {
	document := s3cors.ParseDocument([]byte(`[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "MaxAge": 3000}]`))
	for _, problem := range document.Problems() {
		fmt.Println(problem.Start.Line, problem.Start.Column, problem.S3.Code, problem.Detail)
	}
	// Output: 1 55 MalformedXML "MaxAge" is probably MaxAgeSeconds
}

// A misspelt key makes one member unknown and another one missing: two problems, and
// one thing to change.
func ExampleDocument_Causes() {
	document := s3cors.ParseDocument([]byte(`[{"allowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`))
	fmt.Println(len(document.Problems()), "problems")
	for _, cause := range document.Causes() {
		fmt.Println(cause.Start.Line, cause.Start.Column, cause.Place, cause.Detail, cause.Problems)
	}
	// Output:
	// 2 problems
	// 1 3 CORSRules[0] "allowedOrigins" is probably AllowedOrigins, which the rule lacks [0 1]
}

func ExampleCompile() {
	policy, err := s3cors.Compile(nil) // a bucket without a configuration
	fmt.Println(policy.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://app.example.com"}).Outcome(), err)
	// Output: not-enabled <nil>
}

func ExampleNoSuchBucket() {
	policy := s3cors.NoSuchBucket()
	decision := policy.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://app.example.com"})
	fmt.Println(decision.Refusal())
	// Output: AccessForbidden: CORSResponse: Bucket not found
}

// With VaryAlways a cache never hands a response without CORS headers to an
// origin that could have had them.
func ExampleVaryAlways() {
	policy, _ := s3cors.Compile(nil, s3cors.VaryAlways())
	fmt.Println(policy.Evaluate(s3cors.Request{Method: "GET"}).Vary())
	// Output: Origin, Access-Control-Request-Headers, Access-Control-Request-Method
}

func ExamplePassInvalid() {
	request := s3cors.Request{Method: "GET", Origin: "https://app.example.com", RequestMethod: "get"}
	faithful, _ := s3cors.Compile(nil)
	lenient, _ := s3cors.Compile(nil, s3cors.PassInvalid())
	fmt.Println(faithful.Evaluate(request).Status(), lenient.Evaluate(request).Status())
	// Output: 400 0
}
