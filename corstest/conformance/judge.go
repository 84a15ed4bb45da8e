package conformance

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// lines returns the values of a header, one for each field line.
func lines(headers []vectors.Pair, name string) []string {
	var values []string
	for _, h := range headers {
		if strings.EqualFold(h[0], name) {
			values = append(values, h[1])
		}
	}
	return values
}

// joined is a header as one text, or Absent.
func joined(values []string) string {
	if len(values) == 0 {
		return Absent
	}
	return strings.Join(values, ", ")
}

// headers judges the headers of a server: all of those that the vectors list in full,
// and whatever others are expected.
func (d *differences) headers(want, got []vectors.Pair) {
	for _, h := range want {
		switch {
		case strings.EqualFold(h[0], "Vary"):
			d.vary(h[0], h[1], lines(got, h[0]))
		case isCORS(h[0]):
			d.single(h[0], h[1], lines(got, h[0]))
		default:
			d.texts(rankHeader, h[0], h[1], joined(lines(got, h[0])))
		}
	}
	d.unexpected(want, got)
}

// single judges a CORS header: browsers take it for one line, and refuse two even if
// both say the same.
func (d *differences) single(name, want string, got []string) {
	if !slices.Contains(got, want) || slices.ContainsFunc(got, func(v string) bool { return v != want }) {
		d.add(rankHeader, name, want, joined(got))
	}
	if len(got) > 1 {
		d.add(rankLines, "lines", name+": 1", fmt.Sprintf("%s: %d", name, len(got)))
	}
}

// vary judges a Vary into which a server may have merged its own members: those of S3
// are there once each, and in S3's order.
func (d *differences) vary(name, want string, got []string) {
	if !slices.Equal(corsMembers(want), corsMembers(strings.Join(got, ","))) {
		d.add(rankHeader, name, want, joined(got))
	}
}

// corsMembers returns those members of a Vary, in lower case, that S3 has in it. All
// others are the server's own.
func corsMembers(vary string) []string {
	var members []string
	for m := range strings.SplitSeq(vary, ",") {
		switch m = strings.ToLower(strings.Trim(m, " \t")); m {
		case "origin", "access-control-request-headers", "access-control-request-method":
			members = append(members, m)
		}
	}
	return members
}

// unexpected judges the headers that are there and are not to be: every Access-Control
// field, and a Vary that speaks of CORS. Any other Vary is the server's own.
func (d *differences) unexpected(want, got []vectors.Pair) {
	var seen []string
	for _, h := range got {
		name := strings.ToLower(h[0])
		if !isCORS(name) || lines(want, name) != nil || slices.Contains(seen, name) {
			continue
		}
		seen = append(seen, name)
		values := lines(got, name)
		if name != "vary" || corsMembers(strings.Join(values, ",")) != nil {
			d.add(rankHeader, h[0], Absent, joined(values))
		}
	}
}

// elements judges the elements of an error. Names and texts are told apart, so that a
// missing element is one difference.
func (d *differences) elements(want, got vectors.Elements) {
	d.texts(rankError, "error", names(want), names(got))
	for _, e := range want {
		texts := lines(got, e[0])
		if len(texts) > 0 {
			d.texts(rankElement, "error."+e[0], e[1], joined(texts))
		}
	}
}

// errorBody judges the body of a server's error.
func (d *differences) errorBody(dialect string, want vectors.Elements, body []byte) {
	if len(bytes.TrimSpace(body)) == 0 {
		d.add(rankError, "error", names(want), Absent)
		return
	}
	got, err := readError(body)
	if err != nil {
		d.add(rankError, "error", names(want), NotRead)
		return
	}
	sent := want.InXML()
	if dialect != "" {
		sent, got = asCeph(sent, got)
	}
	d.elements(sent, got)
}

// errorCode judges the code of an error of which no more is known.
func (d *differences) errorCode(want string, body []byte) {
	got, err := readError(body)
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		d.add(rankElement, "error.Code", want, Absent)
	case err != nil:
		d.add(rankElement, "error.Code", want, NotRead)
	default:
		d.texts(rankElement, "error.Code", want, joined(lines(got, "Code")))
	}
}

// asCeph leaves out what the vectors do not say of Ceph's errors: the name of the bucket
// (ceph-4/bucket-name), and the message, where the server has none (ceph-4/messages).
func asCeph(want, got vectors.Elements) (vectors.Elements, vectors.Elements) {
	without := func(e vectors.Elements, name string) vectors.Elements {
		return slices.DeleteFunc(slices.Clone(e), func(p vectors.Pair) bool { return p[0] == name })
	}
	if lines(want, "BucketName") == nil {
		got = without(got, "BucketName")
	}
	if strings.Join(lines(got, "Message"), "") == "" {
		return without(want, "Message"), without(got, "Message")
	}
	return want, got
}

// config judges the configuration that a body holds.
func (d *differences) config(want, body []byte) {
	wanted := string(want)
	if c, err := configFromJSON(want); err == nil {
		wanted = c.json()
	}
	got, err := configFromXML(body)
	switch {
	case len(body) == 0:
		d.add(rankConfig, "config", wanted, Absent)
	case err != nil:
		d.add(rankConfig, "config", wanted, NotRead)
	default:
		d.texts(rankConfig, "config", wanted, got.json())
	}
}
