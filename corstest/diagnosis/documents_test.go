//go:build go1.26

package diagnosis

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// documents are the classes of documents in the order of the list.
var documents = []serverDeviation{
	isOf("doc-two-stars-origin", accepting("1.2/origin-two-wildcards")),
	isOf("doc-two-stars-header", accepting("1.2/allowed-header-two-wildcards")),
	isOf("doc-expose-star", accepting("1.2/expose-header-wildcard")),
	isOf("doc-101-rules", accepting("1.1/number-of-rules")),
	isOf("doc-method-star", acceptingMethods(func(method string) bool { return slices.Contains([]string{"*", "OPTIONS", "PATCH"}, method) }),
		acceptingMethods(func(method string) bool { return method == strings.ToUpper(method) })),
	isOf("doc-method-case", acceptingMethods(listableInAnyCase), folding),
	isOf("doc-rule-without-origin", accepting("1.1/no-allowed-origin", "1.1/no-allowed-method"),
		accepting("1.1/no-allowed-origin")),
	isOf("doc-split-rule", splitRules),
	isOf("doc-unknown-element", accepting("1.1/unknown-element-in-rule", "1.1/unknown-element-in-root"), accepting("1.1/unknown-element-in-rule")),
	isOf("doc-element-order", refusing400("MalformedXML", outOfOrder), refusing400("MalformedXML", func(d document) bool {
		return outOfOrder(d) || slices.ContainsFunc(d.rules, func(r s3cors.Rule) bool { return r.MaxAgeSeconds == nil })
	})),
	isOf("doc-optional-required", refusing400("MalformedXML", func(d document) bool {
		return slices.ContainsFunc(d.rules, func(r s3cors.Rule) bool { return r.AllowedHeaders == nil })
	}), refusing400("MalformedXML", func(d document) bool {
		return slices.ContainsFunc(d.rules, func(r s3cors.Rule) bool { return r.ExposeHeaders == nil })
	}), refusing400("MalformedXML", func(d document) bool {
		return slices.ContainsFunc(d.rules, func(r s3cors.Rule) bool { return r.ExposeHeaders == nil || r.AllowedHeaders == nil })
	})),
	isOf("doc-namespace", refusing400("MalformedXML", func(d document) bool { return !bytes.Contains(d.body, []byte("xmlns=")) }),
		refusing400("MalformedXML", func(d document) bool {
			return !bytes.Contains(d.body, []byte(`xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`))
		}),
		refusing400("MalformedXML", func(d document) bool { return bytes.Contains(d.body, []byte("xmlns=")) })),
	isOf("doc-single-rule-object", refusing400("MalformedXML", func(d document) bool { return len(d.rules) == 1 })),
	isOf("doc-empty-origin", refusing400("InvalidRequest", emptyOrigin), refusing400("MalformedXML", emptyOrigin)),
	isOf("doc-wrong-code", recoded("MalformedXML", ""), recoded("InvalidArgument", ""), recoded("InvalidRequest", ""),
		recoded("InvalidRequest", "MalformedXML"), recoded("MalformedXML", "InvalidRequest")),
	isOf("doc-max-age-zero-lost", storing(func(r *s3cors.Rule) {
		if r.MaxAgeSeconds != nil && *r.MaxAgeSeconds == 0 {
			r.MaxAgeSeconds = nil
		}
	})),
	isOf("doc-id-lost", storing(func(r *s3cors.Rule) { r.ID = nil }), refusing400("InvalidRequest", sameID)),
	isOf("doc-lists-as-sets", storing(asSets(true)), storing(asSets(false))),
	isOf("doc-too-large", accepting("1.1/body-size")),
}

// A document is a body of PUT ?cors that S3 accepts, as it is written.
type document struct {
	body  []byte
	rules []s3cors.Rule
}

// isDocumentError reports whether S3 refused a document for what stands in it.
func isDocumentError(r *reply) bool {
	for _, code := range []string{"MalformedXML", "MaxMessageLengthExceeded", "CORS config", "wildcard", "invalid character", "CORS rules"} {
		if r.status == 400 && bytes.Contains(r.body, []byte(code)) {
			return true
		}
	}
	return false
}

// accepting takes documents whose only faults cite these rows.
func accepting(rows ...string) func(*server) {
	return acceptingIf(func(p *s3cors.Problem, _ s3cors.Configuration) bool { return slices.Contains(rows, p.Row) })
}

// acceptingMethods takes some methods that S3 refuses.
func acceptingMethods(method func(string) bool) func(*server) {
	return acceptingIf(func(p *s3cors.Problem, _ s3cors.Configuration) bool {
		_, value, _ := strings.Cut(p.S3.Message, "Unsupported method is ")
		return (p.Row == "1.2/method-names" || p.Row == "1.2/method-case") && method(value)
	})
}

func listableInAnyCase(method string) bool {
	return slices.Contains([]string{"GET", "PUT", "POST", "DELETE", "HEAD"}, strings.ToUpper(method))
}

// folding takes methods in any case, and stores them in upper case.
func folding(s *server) {
	acceptingMethods(listableInAnyCase)(s)
	storing(func(r *s3cors.Rule) {
		r.AllowedMethods = slices.Clone(r.AllowedMethods)
		for i := range r.AllowedMethods {
			r.AllowedMethods[i] = strings.ToUpper(r.AllowedMethods[i])
		}
	})(s)
}

// splitRules takes rules that are whole only together.
var splitRules = acceptingIf(func(p *s3cors.Problem, c s3cors.Configuration) bool {
	has := func(values func(r s3cors.Rule) []string) bool {
		return slices.ContainsFunc(c.CORSRules, func(r s3cors.Rule) bool { return len(values(r)) > 0 })
	}
	return (p.Row == "1.1/no-allowed-origin" || p.Row == "1.1/no-allowed-method") &&
		has(func(r s3cors.Rule) []string { return r.AllowedOrigins }) && has(func(r s3cors.Rule) []string { return r.AllowedMethods })
})

func acceptingIf(forgives func(p *s3cors.Problem, c s3cors.Configuration) bool) func(*server) {
	return putting(func(s *server, c *call, r *reply, _ box) *reply {
		if !isDocumentError(r) {
			return r
		}
		d := s3cors.ParseDocument(c.Body)
		if d.More() > 0 || len(d.Problems()) == 0 {
			return r
		}
		for _, p := range d.Problems() {
			if !forgives(p, *d.Configuration()) {
				return r
			}
		}
		s.storeRules(c.Bucket, d.Configuration().CORSRules)
		return empty(200)
	})
}

// storeRules stores rules that S3 may refuse, printed as S3 prints.
func (s *server) storeRules(bucket string, rules []s3cors.Rule) {
	_ = s.keep(bucket, printed(rules), rules)
}

// refusing400 refuses documents that S3 accepts.
func refusing400(code string, refuses func(d document) bool) func(*server) {
	return putting(func(s *server, c *call, r *reply, before box) *reply {
		if r.status != 200 || !refuses(document{c.Body, s.box(c.Bucket).rules}) {
			return r
		}
		_ = s.keep(c.Bucket, before.document, before.rules)
		return noSuch(400, code, "The XML you provided was not well-formed or did not validate against our published schema")
	})
}

// outOfOrder reports whether a rule has its elements in another order than that of the
// documentation.
func outOfOrder(d document) bool {
	order := []string{"<AllowedOrigin>", "<AllowedMethod>", "<AllowedHeader>", "<MaxAgeSeconds>", "<ExposeHeader>"}
	for rule := range strings.SplitSeq(string(d.body), "</CORSRule>") {
		last := -1
		for _, name := range order {
			at := strings.Index(rule, name)
			if at >= 0 && at < last {
				return true
			}
			last = max(last, strings.LastIndex(rule, name))
		}
	}
	return false
}

func emptyOrigin(d document) bool {
	return slices.ContainsFunc(d.rules, func(r s3cors.Rule) bool { return slices.Contains(r.AllowedOrigins, "") })
}

func sameID(d document) bool {
	seen := make(map[string]bool)
	for _, r := range d.rules {
		if r.ID != nil && seen[*r.ID] {
			return true
		}
		if r.ID != nil {
			seen[*r.ID] = true
		}
	}
	return false
}

// recoded reports the defects of documents, or those with one code only, with another
// code.
func recoded(code, only string) func(*server) {
	return putting(func(_ *server, _ *call, r *reply, _ box) *reply {
		if !isDocumentError(r) || only != "" && !bytes.Contains(r.body, []byte("<Code>"+only+"<")) {
			return r
		}
		return noSuch(400, code, "The document is not valid")
	})
}

// storing changes the rules on their way into the store.
func storing(change func(r *s3cors.Rule)) func(*server) {
	return putting(func(s *server, c *call, r *reply, _ box) *reply {
		if r.status != 200 {
			return r
		}
		stored := s.box(c.Bucket).rules
		rules := slices.Clone(stored)
		for i := range rules {
			change(&rules[i])
		}
		if !reflect.DeepEqual(rules, stored) {
			s.storeRules(c.Bucket, rules)
		}
		return r
	})
}

func asSets(sorted bool) func(r *s3cors.Rule) {
	return func(r *s3cors.Rule) {
		for _, list := range []*[]string{&r.AllowedOrigins, &r.AllowedMethods, &r.AllowedHeaders, &r.ExposeHeaders} {
			if *list = united(nil, *list); sorted {
				slices.Sort(*list)
			}
		}
	}
}

// printed writes rules as GET ?cors returns them, also those that S3 refuses.
func printed(rules []s3cors.Rule) []byte {
	text, err := xml.Marshal(s3cors.Configuration{CORSRules: rules})
	if err != nil {
		panic(err) // plain data can be printed
	}
	return append([]byte(xml.Header), text...)
}
