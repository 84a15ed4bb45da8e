package wire

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/sigv4"
)

// A prepared request is one as it goes over the wire.
type prepared struct {
	name   string // of the server, for TLS
	method string
	text   []byte
}

// prepare writes a request down. It fails where the request would become two.
func (e *Endpoint) prepare(r *conformance.Request) (*prepared, error) {
	host, path := e.locate(r)
	fields := r.Headers
	if !r.Anonymous && e.options.Credentials != (Credentials{}) {
		fields = e.signed(r, host, path)
	}
	if needsLength(r) {
		fields = append(slices.Clip(fields), vectors.Pair{"Content-Length", strconv.Itoa(len(r.Body))})
	}
	target := path
	if r.Query != "" {
		target += "?" + r.Query
	}
	var b bytes.Buffer
	b.WriteString(r.Method + " " + target + " HTTP/1.1\r\n")
	for _, f := range append([]vectors.Pair{{"Host", host}}, fields...) {
		b.WriteString(f[0] + ": " + f[1] + "\r\n")
		if strings.ContainsAny(f[0]+f[1], "\r\n") {
			return nil, fmt.Errorf("the field %q cannot be sent: it has more than one line", f[0])
		}
	}
	if strings.ContainsAny(r.Method+target, "\r\n") {
		return nil, fmt.Errorf("the request line %q cannot be sent: it is more than one line", r.Method+" "+target)
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host // without a port
	}
	return &prepared{name: strings.Trim(name, "[]"), method: r.Method, text: b.Bytes()}, nil
}

// locate returns the Host and the path of a request.
func (e *Endpoint) locate(r *conformance.Request) (host, path string) {
	host, path = e.host, e.path+"/"
	if r.Bucket == "" {
		return host, path
	}
	if e.options.VirtualHosted {
		host = r.Bucket + "." + host
	} else {
		path += sigv4.Escape(r.Bucket, "")
		if r.Key == "" {
			return host, path
		}
		path += "/"
	}
	return host, path + sigv4.Escape(r.Key, "/")
}

// needsLength reports whether a request must have a Content-Length: where it has a
// body, or has a method that expects one (RFC 9110 section 8.6), and does not say
// itself how long it is.
func needsLength(r *conformance.Request) bool {
	for _, f := range r.Headers {
		if strings.EqualFold(f[0], "Content-Length") || strings.EqualFold(f[0], "Transfer-Encoding") {
			return false
		}
	}
	return r.Body != nil || r.Method == "PUT" || r.Method == "POST"
}

// signed returns the field lines of a request with those of its signature. What the
// request has of them itself belongs to the signature of somebody else, the hash of
// the body apart.
func (e *Endpoint) signed(r *conformance.Request, host, path string) []vectors.Pair {
	all := slices.DeleteFunc(slices.Clone(r.Headers), func(f vectors.Pair) bool {
		return slices.Contains([]string{"authorization", "x-amz-date", "x-amz-security-token"}, strings.ToLower(f[0]))
	})
	toSign := sigv4.Request{
		Method: r.Method, Host: host, Path: path, Query: r.Query, PayloadHash: sigv4.HashOf(r.Body),
	}
	for _, f := range all {
		if !mustBeSigned(f[0]) {
			continue
		}
		toSign.Fields = append(toSign.Fields, f)
		if strings.EqualFold(f[0], "x-amz-content-sha256") {
			toSign.PayloadHash = f[1]
		}
	}
	signer := sigv4.Signer{
		AccessKeyID:     e.options.Credentials.AccessKeyID,
		SecretAccessKey: e.options.Credentials.SecretAccessKey,
		SessionToken:    e.options.Credentials.SessionToken,
		Region:          e.options.Region,
	}
	for _, f := range signer.Sign(toSign, e.now()) {
		all = append(all, f)
	}
	return all
}

// mustBeSigned reports whether S3 demands that a field is signed. The others are
// left out: a proxy may change them, and servers differ in how they trim them.
func mustBeSigned(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "x-amz-") || name == "content-type" || name == "content-md5"
}
