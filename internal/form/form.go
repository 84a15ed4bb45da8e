// Package form names the form of a document by its content: which of the forms of a
// CORS configuration it is in, or what else was put into its place. It looks at names
// and at how they are nested, so that it names a document with errors of syntax, too.
//
// It is for messages to people, and for a converter to choose a reader. It never
// decides whether a document is accepted.
package form

// A Form is a form of document.
type Form uint8

const (
	// The forms in which S3's tools read and print a configuration.

	Unknown    Form = iota // something else
	Empty                  // nothing but white space
	S3XML                  // <CORSConfiguration>, the body of PUT ?cors
	CLI                    // {"CORSRules": […]}, the AWS CLI
	Nested                 // {"CORSConfiguration": {"CORSRules": […]}}
	Console                // […], the console of S3
	SingleRule             // {"AllowedOrigins": […], …}: a rule without its array
	Parameters             // Nested or CLI beside parameters of an SDK, such as "Bucket"
	Response               // CLI beside "ResponseMetadata": what boto3 returns

	// The forms of others for the same rules.

	SmallLetters       // S3's names that begin with small letters
	CloudFormation     // a CorsConfiguration, or its CorsRules
	Template           // a whole template of CloudFormation or SAM, in JSON
	R2                 // {"rules": [{"allowed": …}]}, Cloudflare R2 and wrangler
	GCS                // [{"origin": …, "responseHeader": …}], Google Cloud Storage
	GCSXML             // <CorsConfig>
	B2                 // [{"corsRuleName": …, "allowedOperations": …}], Backblaze B2
	CDK                // [{"allowedOrigins": …, "exposedHeaders": …, "maxAge": …}]
	TerraformJSON      // cors_rule, or its allowed_origins, in JSON
	AzureJSON          // corsRules with maxAgeInSeconds
	AzureXML           // <Cors>, <StorageServiceProperties>
	YAML               // a configuration or a template in YAML
	CloudFormationYAML // a template of CloudFormation or SAM in YAML
	HCL                // Terraform's language
	OtherTemplate      // a template in JSON without the CORS rules of a bucket
	Shorthand          // CORSRules=[{AllowedOrigins=[…]}], of the AWS CLI

	// Documents that belong elsewhere.

	BucketPolicy   // {"Statement": […]}
	APIGateway     // AllowOrigins, AllowMethods, AllowCredentials
	LambdaURL      // the same, of the URL of a Lambda function
	CloudFront     // AccessControlAllowOrigins
	OtherS3JSON    // another configuration of a bucket, in JSON
	OtherS3XML     // another configuration of a bucket, in XML
	S3Error        // <Error>, or its text: an answer of S3
	S3Answer       // <ListBucketResult> and other answers of S3
	BrowserMessage // what a browser's console says
	Middleware     // the options of a CORS middleware, such as Express's
	Placeholder    // a template that was not filled in
	HTML           // a web page
	Flash          // <cross-domain-policy>, crossdomain.xml
	Silverlight    // <access-policy>, clientaccesspolicy.xml
	IIS            // <configuration>, web.config
	Spring         // <mvc:cors>, <beans>
	WebXML         // <web-app>
	HeaderFields   // Access-Control-Allow-Origin: *
	WebServer      // a configuration of nginx or Apache
	WebHost        // vercel.json, firebase.json and the like
	OpenAPI        // a description of an API
	HAR            // what a browser's network panel saves
	Properties     // NAME=value lines
	ProgramCode    // JavaScript, Python, PHP and the like
	MergeConflict  // the marks of a merge that failed
	Patch          // a diff
	URL            // an address in place of what is there
	FileName       // the name of a file in place of its content

	// What holds a document, or a part of one.

	JSONFragment  // "AllowedOrigins": […], without the braces around it
	JSONRest      // }, {"AllowedOrigins": […]}]
	XMLFragment   // <CORSRule> or <AllowedOrigin> without the root
	Preceded      // a document behind text of another kind
	CommentedJSON // JSON behind a comment
	Fenced        // a block of Markdown between ``` and ```
	HTTPRequest   // PUT /?cors HTTP/1.1 and what follows
	HTTPResponse  // HTTP/1.1 200 OK and what follows
	CurlCommand   // curl …
	ShellCommand  // aws s3api put-bucket-cors …, and others
	JSONString    // a document written as a string of JSON
	JSONScalar    // a string, a number, true, false or null
	EscapedXML    // &lt;CORSConfiguration&gt;
	URLEncoded    // %7B%22CORSRules…
	Base64        // a document in base64
	UTF16         // a text in UTF-16
	UTF32         // a text in UTF-32
	RTF           // a text of TextEdit or WordPad
	Binary        // a file that is no text, such as one of gzip
)

// String returns the form with its article, in words that can stand behind "this
// is", such as "an R2 document".
func (f Form) String() string {
	if int(f) < len(names) && names[f] != "" {
		return names[f]
	}
	return "a document of an unknown form"
}

// Converts reports whether "s3cors convert" reads the form.
func (f Form) Converts() bool {
	switch f {
	case S3XML, CLI, Nested, Console, Parameters, Response, SmallLetters, CloudFormation,
		Template, R2, GCS, GCSXML, B2, CDK, TerraformJSON:
		return true
	}
	return false
}

// Advice returns what to do with a document of that form where a configuration is
// wanted, as a clause without a full stop; "" if there is nothing to say.
func (f Form) Advice() string {
	if int(f) < len(advice) {
		return advice[f]
	}
	return ""
}

var names = [...]string{
	Empty:      "an empty document",
	S3XML:      "a CORS configuration in XML",
	CLI:        "a CORS configuration as the AWS CLI reads it",
	Nested:     "a CORS configuration as the SDK for JavaScript nests it",
	Console:    "a CORS configuration as the S3 console reads it",
	SingleRule: "a single rule",
	Parameters: "the parameter object of an SDK call",
	Response:   "the response of an SDK call",

	SmallLetters:       "a document with S3's names in small letters",
	CloudFormation:     "a CloudFormation document",
	Template:           "a CloudFormation template",
	R2:                 "an R2 document",
	GCS:                "a Google Cloud Storage document",
	GCSXML:             "a Google Cloud Storage document in XML",
	B2:                 "a Backblaze B2 document",
	CDK:                "a CDK document",
	TerraformJSON:      "a Terraform document in JSON",
	AzureJSON:          "an Azure Storage document",
	AzureXML:           "an Azure Storage document in XML",
	YAML:               "a YAML document",
	CloudFormationYAML: "a CloudFormation template in YAML",
	HCL:                "a Terraform document (HCL)",
	OtherTemplate:      "a CloudFormation template without the CORS rules of a bucket",
	Shorthand:          "the shorthand of the AWS CLI",

	BucketPolicy:   "a policy, such as a bucket policy",
	APIGateway:     "a CORS configuration of API Gateway, or of a Lambda function URL",
	LambdaURL:      "a CORS configuration of a Lambda function URL",
	CloudFront:     "a CloudFront response headers policy",
	OtherS3JSON:    "another configuration of a bucket, not the one of CORS",
	OtherS3XML:     "another document of S3, not a CORS configuration",
	S3Error:        "an error that S3 answered",
	S3Answer:       "an answer of S3 to another request",
	BrowserMessage: "a message of a browser",
	Middleware:     "the options of a CORS middleware, such as that of Express",
	Placeholder:    "a template that was not filled in",
	HTML:           "a web page (HTML)",
	Flash:          "a cross-domain policy of Flash",
	Silverlight:    "a client access policy of Silverlight",
	IIS:            "a web.config of IIS",
	Spring:         "a configuration of Spring",
	WebXML:         "a web.xml of a Java server",
	HeaderFields:   "a list of header fields",
	WebServer:      "a configuration of a web server, such as nginx or Apache",
	WebHost:        "a configuration of a web host, such as vercel.json or firebase.json",
	OpenAPI:        "a description of an API (OpenAPI)",
	HAR:            "a HAR file of a browser",
	Properties:     "a list of settings, NAME=value",
	ProgramCode:    "program code",
	MergeConflict:  "a file with an unsolved merge conflict",
	Patch:          "a patch (diff)",
	URL:            "an address, not the document at it",
	FileName:       "the name of a file, not its content",

	JSONFragment:  "a fragment of JSON",
	JSONRest:      "JSON whose beginning is missing",
	XMLFragment:   "a fragment of XML",
	Preceded:      "text before a document",
	CommentedJSON: "JSON behind a comment",
	Fenced:        "a code block of Markdown",
	HTTPRequest:   "a whole HTTP request",
	HTTPResponse:  "a whole HTTP response",
	CurlCommand:   "a curl command",
	ShellCommand:  "a command line",
	JSONString:    "a document inside of a JSON string",
	JSONScalar:    "a single JSON value",
	EscapedXML:    "XML with its signs escaped",
	URLEncoded:    "a document in the encoding of URLs",
	Base64:        "a document in base64",
	UTF16:         "a text in UTF-16",
	UTF32:         "a text in UTF-32",
	RTF:           "a rich text file (RTF)",
	Binary:        "a binary file",
}

var advice = [...]string{
	Empty:      `a configuration is <CORSConfiguration>…</CORSConfiguration>, {"CORSRules": […]} or an array of rules`,
	SingleRule: "put it into an array: [{…}]",
	Parameters: `keep what stands in "CORSConfiguration"`,
	Response:   `remove "ResponseMetadata"`,

	SmallLetters:       "S3 writes AllowedOrigins, AllowedMethods, AllowedHeaders, ExposeHeaders and MaxAgeSeconds",
	CloudFormation:     "S3 writes CORSRules, ID, ExposeHeaders and MaxAgeSeconds for its CorsRules, Id, ExposedHeaders and MaxAge",
	Template:           "S3 wants the CORS configuration of one bucket alone",
	R2:                 "S3 writes AllowedOrigins, AllowedMethods and AllowedHeaders for its allowed.origins, allowed.methods and allowed.headers",
	GCS:                "S3 writes AllowedOrigins, AllowedMethods, AllowedHeaders and ExposeHeaders for its origin, method and responseHeader",
	GCSXML:             "S3 writes CORSConfiguration, CORSRule, AllowedOrigin and AllowedMethod for its CorsConfig, Cors, Origin and Method",
	B2:                 "S3 writes AllowedMethods with GET and PUT for its allowedOperations with s3_get and s3_put",
	CDK:                "S3 writes AllowedOrigins, ExposeHeaders and MaxAgeSeconds for its allowedOrigins, exposedHeaders and maxAge",
	TerraformJSON:      "S3 writes AllowedOrigins, ExposeHeaders and MaxAgeSeconds for its allowed_origins, expose_headers and max_age_seconds",
	AzureJSON:          "S3 writes AllowedOrigins, ExposeHeaders and MaxAgeSeconds for its allowedOrigins, exposedHeaders and maxAgeInSeconds",
	AzureXML:           "S3 writes an element for each value, and CORSConfiguration, ExposeHeader and MaxAgeSeconds for its Cors, ExposedHeaders and MaxAgeInSeconds",
	YAML:               "S3 reads XML, and its tools JSON: write the rules in one of them",
	CloudFormationYAML: "CloudFormation reads it; S3 reads XML, and its tools JSON: write the rules of the bucket in one of them",
	OtherTemplate:      "CORS rules stand in the CorsConfiguration of an AWS::S3::Bucket",
	Shorthand:          `write it as JSON: {"CORSRules": [{"AllowedOrigins": […], "AllowedMethods": […]}]}`,
	HCL:                "Terraform reads it; S3 reads XML, and its tools JSON: write the rules in one of them",

	BucketPolicy:   "it belongs into the Policy of the bucket (PUT ?policy), and says nothing about CORS",
	APIGateway:     "it belongs to the API or to the function, not to a bucket",
	LambdaURL:      "it belongs to the function, not to a bucket",
	CloudFront:     "it belongs to the distribution, not to the bucket",
	OtherS3JSON:    "it belongs into another setting of the bucket",
	OtherS3XML:     "it belongs into another setting of the bucket",
	S3Error:        "it says why a request failed",
	S3Answer:       "GET ?cors returns the CORS configuration",
	BrowserMessage: `"s3cors explain -message" reads it`,
	Middleware:     "it belongs to the application, not to a bucket",
	Placeholder:    "fill in its placeholders",
	HTML:           "perhaps a download was an error page, fetch the document again",
	Flash:          "it was for Flash; browsers read S3's CORS configuration in its place",
	Silverlight:    "it was for Silverlight; browsers read S3's CORS configuration in its place",
	IIS:            "it belongs to IIS, not to a bucket",
	Spring:         "it belongs to an application of Spring, not to a bucket",
	WebXML:         "it belongs to a server of Java, not to a bucket",
	HeaderFields:   "S3 makes these from the rules: write AllowedOrigins for Access-Control-Allow-Origin, AllowedMethods for Access-Control-Allow-Methods",
	WebServer:      "it belongs to the web server, not to a bucket",
	WebHost:        "it belongs to the web host, not to a bucket",
	OpenAPI:        "it belongs to the API, not to a bucket",
	HAR:            "it shows requests and their answers, and holds no configuration",
	Properties:     "it belongs to a server's settings, not to a bucket",
	ProgramCode:    "take the configuration out of it, and write it as JSON",
	MergeConflict:  "keep one side, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>",
	Patch:          "apply it, and give the file that comes out",
	URL:            "give the document itself",
	FileName:       "give the content of the file",

	JSONFragment:  `put the members of a rule between [{ and }], and "CORSRules" between { and }`,
	JSONRest:      "copy it whole",
	XMLFragment:   "put it between <CORSConfiguration> and </CORSConfiguration>, and each rule between <CORSRule> and </CORSRule>",
	Preceded:      "remove what stands before the document",
	CommentedJSON: "JSON has no comments, remove it",
	Fenced:        "keep what stands between the lines with the fence",
	HTTPRequest:   "keep what stands behind the first empty line",
	HTTPResponse:  "keep what stands behind the first empty line",
	CurlCommand:   "keep the document that it sends",
	ShellCommand:  "run it in a shell, or keep the document in it",
	JSONString:    "write the document itself, without the quotes around it and the backslashes in it",
	JSONScalar:    `a configuration is {"CORSRules": […]} or an array of rules`,
	EscapedXML:    "write < for &lt; and > for &gt;",
	URLEncoded:    "write the signs themselves for %7B, %22 and the like",
	Base64:        "decode it first",
	UTF16:         "save it as UTF-8",
	UTF32:         "save it as UTF-8",
	RTF:           "save it as plain text",
	Binary:        "give the text of a configuration",
}
