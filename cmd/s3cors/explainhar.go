package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/fetch"
)

// maxHARBytes bounds an HTTP archive.
const maxHARBytes = 256 << 20

// An archive is what is read of an HTTP archive (HAR 1.2).
type archive struct {
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

// fromHAR returns the requests of an archive that CORS touches.
func (t *tool) fromHAR(x *explainFlags) ([]question, error) {
	data, err := t.readArchive(x.har)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // which some programs write
	var a archive
	if err := json.Unmarshal(data, &a); err != nil || a.Log == nil {
		return nil, fmt.Errorf("-har: %s is no HTTP archive, which is a JSON object with the member log", x.har)
	}
	var all []question
	for i := range a.Log.Entries {
		s := a.Log.Entries[i].sent()
		if !s.isCrossOrigin() {
			continue
		}
		q, err := x.question(s)
		if err != nil {
			return nil, fmt.Errorf("-har: entry %d: %w", i, err)
		}
		q.title = fmt.Sprintf("%s %s from %s", q.method, q.url, q.request.Origin)
		if status := a.Log.Entries[i].Response.Status; status >= 300 && status < 400 && status != 304 {
			q.seen = explain.RedirectRegion
		}
		all = append(all, q)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("-har: no request in %s has an Origin and goes to another origin", x.har)
	}
	return all, nil
}

func (t *tool) readArchive(name string) ([]byte, error) {
	data, err := t.read(name, maxHARBytes+1)
	if len(data) > maxHARBytes {
		return nil, errors.New("-har: the archive has more than 256 MiB")
	}
	return data, err
}

// sent is the request of an entry, without the pseudo-fields of HTTP/2.
func (e *harEntry) sent() *sent {
	s := &sent{method: e.Request.Method, url: e.Request.URL}
	for _, h := range e.Request.Headers {
		if !strings.HasPrefix(h.Name, ":") {
			s.headers = append(s.headers, [2]string{h.Name, h.Value})
		}
	}
	return s
}

// isCrossOrigin reports whether CORS touches a request: it has an Origin, and goes to
// another one.
func (s *sent) isCrossOrigin() bool {
	origin := s.value("Origin")
	target, ok := fetch.OriginOf(s.url)
	return origin != "" && ok && (strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://")) && target != origin
}
