package corstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// describe says all that a person needs of a vector that did not hold.
func describe(r conformance.Result) string {
	var b strings.Builder
	v := r.Vector
	fmt.Fprintf(&b, "%s\n", v.Title)
	if r.Reason != "" {
		fmt.Fprintf(&b, "  no answer: %s\n", r.Reason)
	}
	for _, d := range r.Diffs {
		fmt.Fprintf(&b, "  %s:\n    want %s\n    got  %s\n", d.What, short(d.Want), short(d.Got))
	}
	if v.Config != nil {
		fmt.Fprintf(&b, "  configuration: %s\n", short(compact(v.Config)))
	}
	b.WriteString(request(r))
	for _, row := range v.Rows {
		fmt.Fprintf(&b, "  %s: %s\n", row, link(row))
	}
	fmt.Fprintf(&b, "  source: %s\n", v.Source)
	if v.Seen != "" {
		fmt.Fprintf(&b, "  seen: %s\n", v.Seen)
	}
	return b.String()
}

// request is the request that was answered otherwise.
func request(r conformance.Result) string {
	switch {
	case r.Exchange != nil:
		q := r.Exchange.Request
		path := "/" + q.Bucket
		if q.Key != "" {
			path += "/" + q.Key
		}
		if q.Query != "" {
			path += "?" + q.Query
		}
		return lines(q.Method+" "+path, q.Headers) + body(q.Body)
	case r.Vector.Request != nil:
		q := r.Vector.Request
		return lines(q.Method+" ("+q.Target+")", q.Headers)
	}
	return ""
}

func lines(first string, headers []vectors.Pair) string {
	text := "  request: " + first + "\n"
	for _, h := range headers {
		text += fmt.Sprintf("    %s: %s\n", h[0], short(h[1]))
	}
	return text
}

func body(data []byte) string {
	if data == nil {
		return ""
	}
	return fmt.Sprintf("    (body) %s\n", short(string(data)))
}

// short is a text that fits on a screen, quoted if it is not plain.
func short(text string) string {
	const most = 1000
	if len(text) > most {
		text = fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(text[:most], "\uFFFD"), len(text))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7F || r == '\uFFFD' }) || text == "" {
		return fmt.Sprintf("%q", text)
	}
	return text
}

// compact is a configuration in one line, if it is JSON.
func compact(config []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, config) != nil {
		return string(config)
	}
	return b.String()
}

// link is the address of a row on the page of facts.
func link(row string) string {
	page := "s3-cors.md"
	if strings.HasPrefix(row, "ceph-") {
		page = "ceph-cors.md"
	}
	return "https://github.com/s3cors/s3cors/blob/main/docs/" + page + "#" + strings.Replace(row, "/", "-", 1)
}
