package table

import (
	"strconv"
	"strings"
)

const (
	app    = "https://app.example.com"
	other  = "https://other.example.com"
	object = "/photos/cat.jpg"

	vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

	noMatch = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, " +
		"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted " +
		"by the resource's CORS spec."
)

var rows = []row{
	// Preflights.
	{
		"a preflight is granted", "OPTIONS", object,
		[]field{
			{"Origin", app},
			{"Access-Control-Request-Method", "PUT"},
			{"Access-Control-Request-Headers", "Content-Type,x-amz-acl"},
		},
		answer{Status: 200, Header: map[string]string{
			"Access-Control-Allow-Origin":      app,
			"Access-Control-Allow-Methods":     "GET, PUT",
			"Access-Control-Allow-Headers":     "content-type, x-amz-acl",
			"Access-Control-Expose-Headers":    "ETag, x-amz-request-id",
			"Access-Control-Max-Age":           "3000",
			"Access-Control-Allow-Credentials": "true",
			"Vary":                             vary,
			"Content-Length":                   "0",
		}},
	},
	{
		"a preflight is granted to every origin, without credentials", "OPTIONS", object,
		[]field{{"Origin", other}, {"Access-Control-Request-Method", "GET"}},
		answer{Status: 200, Header: map[string]string{
			"Access-Control-Allow-Origin":  "*",
			"Access-Control-Allow-Methods": "GET",
			"Vary":                         vary,
			"Content-Length":               "0",
		}},
	},
	{
		"requested headers on two lines are one list", "OPTIONS", object,
		[]field{
			{"Origin", app},
			{"Access-Control-Request-Method", "GET"},
			{"Access-Control-Request-Headers", "x-amz-acl"},
			{"Access-Control-Request-Headers", "content-type"},
		},
		answer{Status: 200, Header: map[string]string{
			"Access-Control-Allow-Origin":      app,
			"Access-Control-Allow-Methods":     "GET, PUT",
			"Access-Control-Allow-Headers":     "x-amz-acl, content-type",
			"Access-Control-Expose-Headers":    "ETag, x-amz-request-id",
			"Access-Control-Max-Age":           "3000",
			"Access-Control-Allow-Credentials": "true",
			"Vary":                             vary,
			"Content-Length":                   "0",
		}},
	},
	{
		"two lines of Origin are not the origin that the first one names", "OPTIONS", object,
		[]field{{"Origin", app}, {"Origin", other}, {"Access-Control-Request-Method", "PUT"}},
		refusal(403, "AccessForbidden", noMatch, "PUT", "OBJECT"),
	},
	{
		"a preflight that no rule admits is refused", "OPTIONS", object,
		[]field{{"Origin", other}, {"Access-Control-Request-Method", "PUT"}},
		refusal(403, "AccessForbidden", noMatch, "PUT", "OBJECT"),
	},
	{
		"a refusal says when the bucket was meant", "OPTIONS", "/photos",
		[]field{{"Origin", other}, {"Access-Control-Request-Method", "PUT"}},
		refusal(403, "AccessForbidden", noMatch, "PUT", "BUCKET"),
	},
	{
		"a slash behind the bucket names no object", "OPTIONS", "/photos/?cors",
		[]field{{"Origin", other}, {"Access-Control-Request-Method", "PUT"}},
		refusal(403, "AccessForbidden", noMatch, "PUT", "BUCKET"),
	},
	{
		"a preflight without a requested method is about OPTIONS", "OPTIONS", object,
		[]field{{"Origin", app}},
		refusal(403, "AccessForbidden", noMatch, "OPTIONS", "OBJECT"),
	},
	{
		"a preflight without an origin is refused, and the connection closed", "OPTIONS", object,
		[]field{{"Access-Control-Request-Method", "GET"}},
		closing(refusal(400, "BadRequest", "Insufficient information. Origin request header needed.")),
	},
	{
		"a preflight for a method that is none is refused", "OPTIONS", object,
		[]field{{"Origin", app}, {"Access-Control-Request-Method", "get"}},
		refusal(400, "BadRequest", "Invalid Access-Control-Request-Method: get"),
	},
	{
		"a refusal escapes what it quotes", "OPTIONS", object,
		[]field{
			{"Origin", app},
			{"Access-Control-Request-Method", "GET"},
			{"Access-Control-Request-Headers", "a, <b>"},
		},
		refusal(400, "BadRequest", `Access-Control-Request-Headers "&lt;b&gt;" contains invalid character.`),
	},
	{
		"8,192 bytes are not too many", "OPTIONS", object,
		[]field{
			{"Origin", app},
			{"Access-Control-Request-Method", "GET"},
			{"Access-Control-Request-Headers", strings.Repeat("b", 8192-len(app)-len("GET"))},
		},
		refusal(403, "AccessForbidden", noMatch, "GET", "OBJECT"),
	},
	{
		"one byte more is", "OPTIONS", object,
		[]field{
			{"Origin", app},
			{"Access-Control-Request-Method", "GET"},
			{"Access-Control-Request-Headers", strings.Repeat("b", 8193-len(app)-len("GET"))},
		},
		failure(400, "<Code>RequestHeaderSectionTooLarge</Code>"+
			"<Message>Your request header section exceeds the maximum allowed size.</Message>"+
			"<MaxSizeAllowed>8192</MaxSizeAllowed>"),
	},
	{
		"a preflight to a bucket without a configuration is refused", "OPTIONS", "/private/cat.jpg",
		[]field{{"Origin", app}, {"Access-Control-Request-Method", "GET"}},
		refusal(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.", "GET", "BUCKET"),
	},
	{
		"a preflight to a missing bucket is refused", "OPTIONS", "/nowhere/cat.jpg",
		[]field{{"Origin", app}, {"Access-Control-Request-Method", "GET"}},
		refusal(403, "AccessForbidden", "CORSResponse: Bucket not found", "GET", "BUCKET"),
	},
	{
		"a preflight to no bucket is refused", "OPTIONS", "/",
		[]field{{"Origin", app}, {"Access-Control-Request-Method", "GET"}},
		refusal(403, "AccessForbidden", "CORSResponse: Bucket not found", "GET", "BUCKET"),
	},
	{
		"a preflight whose rules cannot be read fails", "OPTIONS", "/broken/cat.jpg",
		[]field{{"Origin", app}, {"Access-Control-Request-Method", "GET"}},
		refusal(500, "InternalError", "We encountered an internal error. Please try again."),
	},
	{
		"what is invalid is refused though the rules cannot be read", "OPTIONS", "/broken/cat.jpg",
		[]field{{"Origin", app}, {"Access-Control-Request-Method", "get"}},
		refusal(400, "BadRequest", "Invalid Access-Control-Request-Method: get"),
	},

	// Actual requests.
	{
		"an actual request is granted", "GET", object,
		[]field{{"Origin", app}},
		answer{Status: 200, Body: "a cat in photos", Header: map[string]string{
			"Access-Control-Allow-Origin":      app,
			"Access-Control-Allow-Methods":     "GET, PUT",
			"Access-Control-Expose-Headers":    "ETag, x-amz-request-id",
			"Access-Control-Max-Age":           "3000",
			"Access-Control-Allow-Credentials": "true",
			"Vary":                             vary,
			"Content-Type":                     "image/jpeg",
			"Content-Length":                   "15",
		}},
	},
	{
		"an error can be read by the origin that is granted", "GET", "/photos/dog.jpg",
		[]field{{"Origin", other}},
		with(missing("NoSuchKey", "The specified key does not exist."), map[string]string{
			"Access-Control-Allow-Origin":  "*",
			"Access-Control-Allow-Methods": "GET",
			"Vary":                         vary,
		}),
	},
	{
		"an actual request that no rule admits is served without CORS fields", "GET", object,
		[]field{{"Origin", other}, {"Access-Control-Request-Method", "PUT"}},
		cat("photos"),
	},
	{
		"an actual request without an origin is served without CORS fields", "GET", object,
		nil,
		cat("photos"),
	},
	{
		"an actual request for an invalid method is refused", "GET", object,
		[]field{{"Origin", app}, {"Access-Control-Request-Method", "FETCH"}},
		refusal(400, "BadRequest", "Invalid Access-Control-Request-Method: FETCH"),
	},
	{
		"without an origin nobody looks at the requested method", "GET", object,
		[]field{{"Access-Control-Request-Method", "FETCH"}},
		cat("photos"),
	},
	{
		"a bucket without a configuration serves without CORS fields", "GET", "/private/cat.jpg",
		[]field{{"Origin", app}},
		cat("private"),
	},
	{
		"a bucket whose rules cannot be read serves without CORS fields", "GET", "/broken/cat.jpg",
		[]field{{"Origin", app}},
		cat("broken"),
	},
	{
		"a missing bucket has its own answer to an actual request", "GET", "/nowhere/cat.jpg",
		[]field{{"Origin", app}},
		missing("NoSuchBucket", "The specified bucket does not exist"),
	},
}

// cat is the object of a bucket.
func cat(bucket string) answer {
	body := "a cat in " + bucket
	return answer{Status: 200, Body: body, Header: map[string]string{
		"Content-Type":   "image/jpeg",
		"Content-Length": strconv.Itoa(len(body)),
	}}
}

// missing is the error of a store that lacks what is asked for.
func missing(code, message string) answer { return refusal(404, code, message) }

// refusal is an error of S3. methodAndResource are the two elements of the
// errors that have them.
func refusal(status int, code, message string, methodAndResource ...string) answer {
	elements := "<Code>" + code + "</Code><Message>" + message + "</Message>"
	if len(methodAndResource) == 2 {
		elements += "<Method>" + methodAndResource[0] + "</Method><ResourceType>" + methodAndResource[1] + "</ResourceType>"
	}
	return failure(status, elements)
}

// failure is an error with these elements before the ids.
func failure(status int, elements string) answer {
	body := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>" + elements + "<RequestId></RequestId><HostId></HostId></Error>"
	return answer{Status: status, Body: body, Header: map[string]string{
		"Content-Type":   "application/xml",
		"Content-Length": strconv.Itoa(len(body)),
	}}
}

func closing(a answer) answer {
	a.Close = true
	return a
}

// with adds fields to an answer.
func with(a answer, fields map[string]string) answer {
	for name, value := range fields {
		a.Header[name] = value
	}
	return a
}
