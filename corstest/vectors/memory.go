package vectors

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
)

// A Memory is what the answers of one operation said so far, for requests that
// repeat it. Its zero value is that before the first step.
type Memory struct {
	etag, uploadID string
}

// Remember takes note of an answer: of its ETag, "" if there is none, and of the
// UploadId in its body, if that is XML with one.
func (m *Memory) Remember(etag string, body []byte) {
	if etag != "" {
		m.etag = etag
	}
	dec := xml.NewDecoder(bytes.NewReader(body))
	for token, err := dec.Token(); err == nil; token, err = dec.Token() {
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "UploadId" {
			continue
		}
		var text string
		if dec.DecodeElement(&text, &start) == nil {
			m.uploadID = text
		}
	}
}

// Fill returns a request with what the server said in the place of ETag and
// UploadID. The request itself stays as it is.
func (m *Memory) Fill(r StepRequest) StepRequest {
	plain := strings.NewReplacer(ETag, m.etag, UploadID, m.uploadID)
	escaped := strings.NewReplacer(ETag, escape(m.etag), UploadID, escape(m.uploadID))
	r.Query = escaped.Replace(r.Query)
	r.Headers = slices.Clone(r.Headers)
	for i := range r.Headers {
		r.Headers[i][1] = plain.Replace(r.Headers[i][1])
	}
	if r.Body != nil {
		r.Body = []byte(plain.Replace(string(r.Body)))
	}
	return r
}

// escape writes a text as the value of a query. Signatures want a blank as %20.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
