package main

import "testing"

const (
	varyLine = "Vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method\n"

	refusedLines = `refused.xml:4:20: CORSRule[0].AllowedMethod[0]: methods are compared letter for letter: write GET (InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is get)
refused.xml:5:19: CORSRule[0].ExposeHeader[0]: there is no wildcard here: list each header to expose by its full name, such as ETag (InvalidRequest: ExposeHeader "x-amz-*" contains wildcard. We currently do not support wildcard for ExposeHeader.)
`
)

func TestEvalOfPreflights(t *testing.T) {
	play(t, []scenario{
		{
			name: "a granted preflight",
			args: []string{"eval", "-config", "example.xml", "-method", "OPTIONS",
				"-origin", "http://www.example.com", "-request-method", "GET"},
			stdout: `HTTP/1.1 200 OK
Access-Control-Allow-Origin: http://www.example.com
Access-Control-Allow-Methods: GET
Access-Control-Max-Age: 3000
Access-Control-Allow-Credentials: true
` + varyLine + `Content-Length: 0

`,
		},
		{
			name: "all the headers there are, in S3's order",
			args: []string{"eval", "-config", "console.json", "-method", "OPTIONS",
				"-origin", "https://app.example.com", "-request-method", "PUT", "-request-headers", "Content-Type,X-Amz-Date"},
			stdout: `HTTP/1.1 200 OK
Access-Control-Allow-Origin: https://app.example.com
Access-Control-Allow-Methods: GET, PUT
Access-Control-Allow-Headers: content-type, x-amz-date
Access-Control-Expose-Headers: ETag, x-amz-request-id
Access-Control-Max-Age: 600
Access-Control-Allow-Credentials: true
` + varyLine + `Content-Length: 0

`,
		},
		{
			name: "the configuration comes from standard input",
			args: []string{"eval", "-config", "-", "-method", "OPTIONS",
				"-origin", "https://a.example", "-request-method", "GET"},
			stdin: `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`,
			stdout: `HTTP/1.1 200 OK
Access-Control-Allow-Origin: *
Access-Control-Allow-Methods: GET
` + varyLine + `Content-Length: 0

`,
		},
		{
			name: "blanks around a value are not part of it",
			args: []string{"eval", "-config", "example.xml", "-method", "OPTIONS",
				"-origin", " http://www.example.com\t", "-request-method", " GET ", "-request-headers", "\tX-A "},
			stdout: `HTTP/1.1 200 OK
Access-Control-Allow-Origin: http://www.example.com
Access-Control-Allow-Methods: GET
Access-Control-Allow-Headers: x-a
Access-Control-Max-Age: 3000
Access-Control-Allow-Credentials: true
` + varyLine + `Content-Length: 0

`,
		},
		{
			name: "no rule matches an object",
			args: []string{"eval", "-config", "example.xml", "-method", "OPTIONS",
				"-origin", "https://www.example.com", "-request-method", "GET", "-request-id", "4442587FB7D0A2F9", "-host-id", "a<b"},
			stdout: `HTTP/1.1 403 Forbidden
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.</Message><Method>GET</Method><ResourceType>OBJECT</ResourceType><RequestId>4442587FB7D0A2F9</RequestId><HostId>a&lt;b</HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "no rule matches a bucket",
			args: []string{"eval", "-config", "example.xml", "-bucket", "-method", "OPTIONS",
				"-origin", "https://www.example.com"},
			stdout: `HTTP/1.1 403 Forbidden
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.</Message><Method>OPTIONS</Method><ResourceType>BUCKET</ResourceType><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "without -config the bucket has none",
			args: []string{"eval", "-method", "OPTIONS", "-origin", "https://a.example", "-request-method", "PUT"},
			stdout: `HTTP/1.1 403 Forbidden
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessForbidden</Code><Message>CORSResponse: CORS is not enabled for this bucket.</Message><Method>PUT</Method><ResourceType>BUCKET</ResourceType><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "the bucket is missing, and so its configuration",
			args: []string{"eval", "-missing-bucket", "-config", "no-such-file.xml", "-method", "OPTIONS",
				"-origin", "https://a.example", "-request-method", "PUT"},
			stdout: `HTTP/1.1 403 Forbidden
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessForbidden</Code><Message>CORSResponse: Bucket not found</Message><Method>PUT</Method><ResourceType>BUCKET</ResourceType><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "the root has no bucket",
			args: []string{"eval", "-service", "-config", "example.xml", "-method", "OPTIONS",
				"-origin", "http://www.example.com", "-request-method", "GET"},
			stdout: `HTTP/1.1 403 Forbidden
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessForbidden</Code><Message>CORSResponse: Bucket not found</Message><Method>GET</Method><ResourceType>BUCKET</ResourceType><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "without an origin S3 closes the connection",
			args: []string{"eval", "-config", "example.xml", "-method", "OPTIONS", "-request-method", "GET"},
			stdout: `HTTP/1.1 400 Bad Request
Content-Type: application/xml
Transfer-Encoding: chunked
Connection: close

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>BadRequest</Code><Message>Insufficient information. Origin request header needed.</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "the requested method is not one",
			args: []string{"eval", "-config", "example.xml", "-method", "OPTIONS",
				"-origin", "http://www.example.com", "-request-method", "get"},
			stdout: `HTTP/1.1 400 Bad Request
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>BadRequest</Code><Message>Invalid Access-Control-Request-Method: get</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "a requested header is not a name, nor fit for a terminal",
			args: []string{"eval", "-config", "example.xml", "-method", "OPTIONS",
				"-origin", "http://www.example.com", "-request-method", "GET", "-request-headers", "x-a, bad\u009b2J"},
			stdout: `HTTP/1.1 400 Bad Request
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>BadRequest</Code><Message>Access-Control-Request-Headers "bad\u009b2J" contains invalid character.</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
	})
}

func TestEvalOfActualRequests(t *testing.T) {
	play(t, []scenario{
		{
			name: "the headers that S3 adds",
			args: []string{"eval", "-config", "example.xml", "-origin", "http://www.example.com"},
			stdout: `Access-Control-Allow-Origin: http://www.example.com
Access-Control-Allow-Methods: GET
Access-Control-Max-Age: 3000
Access-Control-Allow-Credentials: true
` + varyLine,
		},
		{
			name: "what an origin holds does not reach the terminal",
			args: []string{"eval", "-config", "console.json", "-origin", "\u009b2J\xff"},
			stdout: `Access-Control-Allow-Origin: *
Access-Control-Allow-Methods: GET
` + varyLine,
		},
		{
			name:  "nor where it is echoed",
			args:  []string{"eval", "-config", "-", "-origin", "https://\u009b2J\xff"},
			stdin: `[{"AllowedOrigins": ["https://*"], "AllowedMethods": ["GET"]}]`,
			stdout: `Access-Control-Allow-Origin: https://\u009b2J\xff
Access-Control-Allow-Methods: GET
Access-Control-Allow-Credentials: true
` + varyLine,
		},
		{
			name:   "no rule matches",
			args:   []string{"eval", "-config", "example.xml", "-origin", "http://www.example.com", "-method", "HEAD"},
			stdout: "S3 adds no CORS headers: no rule matches (no-match)\n",
			status: exitRefused,
		},
		{
			name:   "there is no origin",
			args:   []string{"eval", "-config", "example.xml"},
			stdout: "S3 adds no CORS headers: the request has no Origin (not-cors)\n",
			status: exitRefused,
		},
		{
			name:   "the bucket has no configuration",
			args:   []string{"eval", "-origin", "https://a.example"},
			stdout: "S3 adds no CORS headers: the bucket has no CORS configuration (not-enabled)\n",
			status: exitRefused,
		},
		{
			name:   "the bucket is missing",
			args:   []string{"eval", "-origin", "https://a.example", "-missing-bucket"},
			stdout: "S3 adds no CORS headers: the bucket does not exist (no-bucket)\n",
			status: exitRefused,
		},
		{
			name:   "the root has no bucket",
			args:   []string{"eval", "-origin", "http://www.example.com", "-config", "example.xml", "-service"},
			stdout: "S3 adds no CORS headers: no bucket is addressed (no-bucket)\n",
			status: exitRefused,
		},
		{
			name: "an invalid requested method is refused here too",
			args: []string{"eval", "-config", "example.xml", "-origin", "http://www.example.com", "-request-method", "FOO"},
			stdout: `HTTP/1.1 400 Bad Request
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>BadRequest</Code><Message>Invalid Access-Control-Request-Method: FOO</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "what S3 cannot put into XML is replaced, what a terminal cannot show escaped",
			args: []string{"eval", "-origin", "https://a.example", "-request-method", "\x1b[2J\x7f"},
			stdout: `HTTP/1.1 400 Bad Request
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>BadRequest</Code><Message>Invalid Access-Control-Request-Method: ` + "\uFFFD" + `[2J\x7f</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "without a body in answer to HEAD",
			args: []string{"eval", "-config", "example.xml", "-method", "HEAD", "-origin", "http://www.example.com", "-request-method", "FOO"},
			stdout: `HTTP/1.1 400 Bad Request
Content-Type: application/xml
Transfer-Encoding: chunked

`,
			status: exitRefused,
		},
	})
}

func TestEvalOfConfigurationsThatAreNone(t *testing.T) {
	play(t, []scenario{
		{
			name:   "S3 would refuse it",
			args:   []string{"eval", "-config", "refused.xml", "-origin", "https://app.example.com"},
			stderr: refusedLines,
			status: exitRefused,
		},
		{
			name:   "it is binary",
			args:   []string{"eval", "-config", "binary.dat", "-origin", "https://app.example.com"},
			stderr: "binary.dat:1:1: this is a binary file: give the text of a configuration (MalformedXML: The XML you provided was not well-formed or did not validate against our published schema)\n",
			status: exitRefused,
		},
		{
			name:   "it is empty",
			args:   []string{"eval", "-config", "-", "-origin", "https://app.example.com"},
			stderr: "-:1:1: this is an empty document: a configuration is <CORSConfiguration>…</CORSConfiguration>, {\"CORSRules\": […]} or an array of rules (MalformedXML: The XML you provided was not well-formed or did not validate against our published schema)\n",
			status: exitRefused,
		},
		{
			name:   "the file is missing",
			args:   []string{"eval", "-config", "no-such-file.xml"},
			stderr: "s3cors: open no-such-file.xml: no such file or directory\n",
			status: exitFailed,
		},
		{
			name:   "the name of the file is empty",
			args:   []string{"eval", "-config", ""},
			stderr: "s3cors: open : no such file or directory\n",
			status: exitFailed,
		},
		{
			name:   "it is a directory",
			args:   []string{"eval", "-config", "."},
			stderr: "s3cors: read .: is a directory\n",
			status: exitFailed,
		},
	})
}
