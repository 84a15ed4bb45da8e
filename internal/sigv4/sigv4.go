// Package sigv4 signs requests to S3 with AWS Signature Version 4, as "Signature
// Calculations for the Authorization Header" in the API reference of S3 states it.
//
// S3 has rules of its own: the path of the URL is taken as it is, without "." and
// ".." being resolved, it is escaped once and not twice, and the hash of the body
// is a header.
package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The formats of a time and of its day.
const (
	timeFormat = "20060102T150405Z"
	dayFormat  = "20060102"
)

// A Signer holds what signatures are made with.
type Signer struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // "" for credentials without one
	Region          string // such as us-east-1
}

// A Field is a header field: its name, and its value.
type Field = [2]string

// A Request is what a signature covers.
type Request struct {
	Method string
	Host   string // the value of Host
	Path   string // as it is sent, escaped
	Query  string // as it is sent, without the question mark
	// Fields are the field lines that are signed, beside Host.
	Fields []Field
	// PayloadHash is the SHA-256 of the body in hexadecimal, or what else
	// x-amz-content-sha256 may say, such as UNSIGNED-PAYLOAD.
	PayloadHash string
}

// HashOf returns the PayloadHash of a body.
func HashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Sign returns the field lines that make a request a signed one: the date, the hash
// of the body and the session token, if r.Fields do not have them already, and
// Authorization behind them.
func (s *Signer) Sign(r Request, at time.Time) []Field {
	added := []Field{{"x-amz-date", at.UTC().Format(timeFormat)}}
	if !slices.ContainsFunc(r.Fields, named("x-amz-content-sha256")) {
		added = append(added, Field{"x-amz-content-sha256", r.PayloadHash})
	}
	if s.SessionToken != "" {
		added = append(added, Field{"x-amz-security-token", s.SessionToken})
	}
	r.Fields = slices.Concat(r.Fields, added)
	names, _ := canonicalFields(r)
	authorization := "AWS4-HMAC-SHA256 Credential=" + s.AccessKeyID + "/" + s.scope(at, "s3") +
		",SignedHeaders=" + names + ",Signature=" + s.signature(r, at, "s3")
	return append(added, Field{"Authorization", authorization})
}

func named(name string) func(Field) bool {
	return func(f Field) bool { return strings.EqualFold(f[0], name) }
}

// scope is what the signing key is good for.
func (s *Signer) scope(at time.Time, service string) string {
	return strings.Join([]string{at.UTC().Format(dayFormat), s.Region, service, "aws4_request"}, "/")
}

// signature calculates the signature, in hexadecimal.
func (s *Signer) signature(r Request, at time.Time, service string) string {
	scope := s.scope(at, service)
	text := strings.Join([]string{"AWS4-HMAC-SHA256", at.UTC().Format(timeFormat), scope, HashOf([]byte(canonical(r)))}, "\n")
	key := []byte("AWS4" + s.SecretAccessKey)
	for part := range strings.SplitSeq(scope, "/") {
		key = sum(key, part)
	}
	return hex.EncodeToString(sum(key, text))
}

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// canonical is the one form of a request that both sides sign.
func canonical(r Request) string {
	names, fields := canonicalFields(r)
	return strings.Join([]string{r.Method, canonicalPath(r.Path), canonicalQuery(r.Query), fields, names, r.PayloadHash}, "\n")
}

func canonicalPath(path string) string {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		decoded = path // an escape that is none is text
	}
	return Escape(decoded, "/")
}

// canonicalQuery sorts the parameters by their escaped names, then values. One
// without a value is one with an empty value.
func canonicalQuery(query string) string {
	var parameters []Field
	for parameter := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(parameter, "="); parameter != "" {
			parameters = append(parameters, Field{escapeAgain(name), escapeAgain(value)})
		}
	}
	slices.SortFunc(parameters, compare)
	var b strings.Builder
	for i, p := range parameters {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p[0] + "=" + p[1])
	}
	return b.String()
}

func compare(a, b Field) int {
	if c := strings.Compare(a[0], b[0]); c != 0 {
		return c
	}
	return strings.Compare(a[1], b[1])
}

func escapeAgain(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		text = decoded
	}
	return Escape(text, "")
}

// canonicalFields returns the names that are signed, and the lines that say their
// values: in lower case, sorted, values trimmed, and runs of spaces made one. The
// values of fields of one name are joined in their order.
func canonicalFields(r Request) (names, lines string) {
	values := map[string][]string{"host": {r.Host}}
	for _, f := range r.Fields {
		name := strings.ToLower(f[0])
		values[name] = append(values[name], strings.Join(strings.Fields(f[1]), " "))
	}
	sorted := make([]string, 0, len(values))
	for name := range values {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	var b strings.Builder
	for _, name := range sorted {
		b.WriteString(name + ":" + strings.Join(values[name], ",") + "\n")
	}
	return strings.Join(sorted, ";"), b.String()
}

// Escape escapes every byte of a text but letters, digits, "-", ".", "_", "~" and
// those in kept.
func Escape(text, kept string) string {
	const hexadecimal = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if unreserved(c) || strings.IndexByte(kept, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexadecimal[c>>4])
		b.WriteByte(hexadecimal[c&15])
	}
	return b.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
