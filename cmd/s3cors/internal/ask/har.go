package ask

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/fetch"
)

// An archive is what is read of an HTTP archive (HAR 1.2), or an entry of one.
type archive struct {
	harEntry
	Log *struct {
		Entries []harEntry `json:"entries"`
	} `json:"log"`
}

type harEntry struct {
	Request struct {
		Method  string      `json:"method"`
		URL     string      `json:"url"`
		Headers []harHeader `json:"headers"`
	} `json:"request"`
	Response struct {
		Status int `json:"status"`
	} `json:"response"`
}

type harHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// HAR returns the requests of an archive, or the one of an entry, that CORS touches. The
// name is what errors call the text.
func (g *Given) HAR(name string, data []byte) ([]Question, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // which some programs write
	var a archive
	if err := json.Unmarshal(data, &a); err != nil || a.Log == nil && a.Request.URL == "" {
		return nil, fmt.Errorf("%s is no HTTP archive, which is a JSON object with the member log", name)
	}
	entries := []harEntry{a.harEntry}
	if a.Log != nil {
		entries = a.Log.Entries
	}
	var all []Question
	for i := range entries {
		s := entries[i].sent()
		if !s.isCrossOrigin() {
			continue
		}
		q, err := g.Question(s)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		q.Title = fmt.Sprintf("%s %s from %s", q.Method, q.URL, q.Request.Origin)
		if status := entries[i].Response.Status; status >= 300 && status < 400 && status != 304 {
			q.Seen = explain.RedirectRegion
		}
		all = append(all, q)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no request in %s has an Origin and goes to another origin", name)
	}
	return all, nil
}

// sent is the request of an entry, without the pseudo-fields of HTTP/2.
func (e *harEntry) sent() *Sent {
	s := &Sent{method: e.Request.Method, url: e.Request.URL}
	for _, h := range e.Request.Headers {
		if !strings.HasPrefix(h.Name, ":") {
			s.headers = append(s.headers, [2]string{h.Name, h.Value})
		}
	}
	return s
}

// isCrossOrigin reports whether CORS touches a request: it has an Origin, and goes to
// another one.
func (s *Sent) isCrossOrigin() bool {
	origin := s.value("Origin")
	target, ok := fetch.OriginOf(s.url)
	return origin != "" && ok && (strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://")) && target != origin
}
