package e2e

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// A document is a configuration that every client sends and reads back.
type document struct {
	name   string
	config s3cors.Configuration
}

// documents are what all clients can express.
var documents = []document{
	{"a provider's guide: one origin, GET, every header, 3000 seconds", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"http://www.example.com"},
		AllowedMethods: []string{"GET"},
		AllowedHeaders: []string{"*"},
		MaxAgeSeconds:  new(int64(3000)),
	}}}},
	{"two rules with all members", s3cors.Configuration{CORSRules: []s3cors.Rule{
		{
			ID:             new("rule & 1"),
			AllowedOrigins: []string{"http://www.example.com", "https://*.example.com"},
			AllowedMethods: []string{"GET", "PUT", "POST", "DELETE", "HEAD"},
			AllowedHeaders: []string{"*"},
			ExposeHeaders:  []string{"ETag", "x-amz-request-id"},
			MaxAgeSeconds:  new(int64(3000)),
		},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}},
	}}},
	{"an order of its own in every list", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		ID:             new(`it's "q" <é>`),
		AllowedOrigins: []string{"http://b.test", "http://a.test"},
		AllowedMethods: []string{"PUT", "GET"},
		AllowedHeaders: []string{"y", "x"},
		ExposeHeaders:  []string{"b", "a"},
		MaxAgeSeconds:  new(int64(1)),
	}}}},
	{"an ID of characters that need escapes somewhere", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		ID:             new("\"quoted\" <b>&amp;</b> é \u2028\u2029 \t tab, \\ backslash, \n line, 😀, \x7f, ]]>"),
		AllowedOrigins: []string{"http://www.example.com"},
		AllowedMethods: []string{"GET"},
	}}}},
	{"values that occur twice, in rules that occur twice", s3cors.Configuration{CORSRules: slices.Repeat([]s3cors.Rule{{
		ID:             new("same"),
		AllowedOrigins: []string{"http://a.test", "http://a.test"},
		AllowedMethods: []string{"GET", "GET"},
		AllowedHeaders: []string{"X-Custom", "X-Custom"},
		ExposeHeaders:  []string{"ETag", "ETag"},
	}}, 2)}},
	{"a negative age", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"null"}, AllowedMethods: []string{"HEAD"}, MaxAgeSeconds: new(int64(-1)),
	}}}},
	{"a hundred rules", s3cors.Configuration{CORSRules: slices.Repeat([]s3cors.Rule{{
		AllowedOrigins: []string{"https://app.example.com"}, AllowedMethods: []string{"GET"},
	}}, 100)}},
}

// emptyValues are what a client can express that tells absent from empty.
var emptyValues = []document{
	{"an empty ID", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		ID: new(""), AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"},
	}}}},
	{"an age of 0", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, MaxAgeSeconds: new(int64(0)),
	}}}},
}

// emptyListed are empty strings in lists.
var emptyListed = []document{
	{"an empty origin and empty header names", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{""},
		AllowedMethods: []string{"GET"},
		AllowedHeaders: []string{"", "a", ""},
		ExposeHeaders:  []string{""},
	}}}},
}

// wideAges are ages above 2^31-1.
var wideAges = []document{
	{"an age of 64 bits", s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, MaxAgeSeconds: new(int64(1<<63 - 1)),
	}}}},
}

// A refusal is a configuration that S3 does not accept.
type refusal struct {
	name          string
	config        s3cors.Configuration
	code, message string
}

const malformed = "The XML you provided was not well-formed or did not validate against our published schema"

// rule returns a rule that S3 accepts.
func rule() s3cors.Rule {
	return s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}
}

func oneRule(change func(*s3cors.Rule)) s3cors.Configuration {
	r := rule()
	change(&r)
	return s3cors.Configuration{CORSRules: []s3cors.Rule{r}}
}

var refusals = []refusal{
	{"a method that S3 does not list", oneRule(func(r *s3cors.Rule) { r.AllowedMethods = []string{"OPTIONS"} }),
		"InvalidRequest", "Found unsupported HTTP method in CORS config. Unsupported method is OPTIONS"},
	{"a method in lower case", oneRule(func(r *s3cors.Rule) { r.AllowedMethods = []string{"GET", "get"} }),
		"InvalidRequest", "Found unsupported HTTP method in CORS config. Unsupported method is get"},
	{"an origin with two stars", oneRule(func(r *s3cors.Rule) { r.AllowedOrigins = []string{"http://*.*"} }),
		"InvalidRequest", `AllowedOrigin "http://*.*" can not have more than one wildcard.`},
	{"an allowed header with two stars", oneRule(func(r *s3cors.Rule) { r.AllowedHeaders = []string{"x-*-*"} }),
		"InvalidRequest", `AllowedHeader "x-*-*" can not have more than one wildcard.`},
	{"an allowed header with characters of XML", oneRule(func(r *s3cors.Rule) { r.AllowedHeaders = []string{"<é> & co"} }),
		"InvalidRequest", `AllowedHeader "<é> & co" contains invalid character.`},
	{"an exposed header with a star", oneRule(func(r *s3cors.Rule) { r.ExposeHeaders = []string{"*"} }),
		"InvalidRequest", `ExposeHeader "*" contains wildcard. We currently do not support wildcard for ExposeHeader.`},
	{"101 rules", s3cors.Configuration{CORSRules: slices.Repeat([]s3cors.Rule{rule()}, 101)},
		"InvalidRequest", "The number of CORS rules should not exceed allowed limit of 100 rules."},
	{"no rule", s3cors.Configuration{CORSRules: []s3cors.Rule{}}, "MalformedXML", malformed},
	{"a rule without an origin", oneRule(func(r *s3cors.Rule) { r.AllowedOrigins = []string{} }), "MalformedXML", malformed},
	{"a document of more than 65,536 bytes", oneRule(func(r *s3cors.Rule) { r.ID = new(strings.Repeat("x", 65536)) }),
		"MaxMessageLengthExceeded", "Your request was too big."},
}
