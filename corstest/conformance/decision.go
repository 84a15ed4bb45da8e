package conformance

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// judgeAnswer compares what an evaluator says with what a decision expects. Its headers
// must be S3's letter for letter, in S3's order.
func judgeAnswer(v *vectors.Vector, a Answer) []Diff {
	var d differences
	want := 0
	if v.Expect.Status != nil {
		want = *v.Expect.Status
	}
	d.texts(rankStatus, "status", status(want), status(a.Status))
	d.exactHeaders(v.Expect.Headers, a.Headers)
	switch {
	case v.Expect.Error == nil && a.Error != nil:
		d.add(rankError, "error", Absent, names(a.Error))
	case v.Expect.Error != nil:
		d.elements(v.Expect.Error, a.Error)
	}
	if a.Outcome != "" {
		d.texts(rankCause, "outcome", v.Expect.Outcome, a.Outcome)
	}
	if a.Rule != nil {
		d.texts(rankCause, "rule", ruleText(v.Expect.Rule), ruleText(a.Rule))
	}
	return d.list()
}

// ruleText is the text of a rule in a Diff, where neither nil nor -1 is one.
func ruleText(rule *int) string {
	if rule == nil || *rule < 0 {
		return Absent
	}
	return strconv.Itoa(*rule)
}

// exactHeaders judges headers whose order and lines are as they were given.
func (d *differences) exactHeaders(want, got []vectors.Pair) {
	for _, h := range want {
		d.single(h[0], h[1], lines(got, h[0]))
	}
	same := len(want) == len(got)
	for _, h := range got {
		if lines(want, h[0]) == nil {
			d.add(rankHeader, h[0], Absent, h[1])
			same = false
		}
	}
	byName := func(a, b vectors.Pair) bool { return strings.EqualFold(a[0], b[0]) }
	if same && !slices.EqualFunc(want, got, byName) {
		d.add(rankOrder, "order", names(want), names(got))
	}
}

// judgeDecision compares a server's answer with what a decision expects. A request that
// goes on gets an answer of the server's own: plain is the answer to the same request
// without Origin, or nil if there is no doubt.
func judgeDecision(v *vectors.Vector, res, plain *Response) []Diff {
	var d differences
	switch {
	case v.Expect.Status != nil:
		d.texts(rankStatus, "status", status(*v.Expect.Status), status(res.Status))
	case plain == nil:
	case plain.Status != res.Status:
		d.add(rankStatus, "status", status(plain.Status), status(res.Status))
	case res.Status < 300:
		d.texts(rankBytes, "body", string(plain.Body), string(res.Body))
	}
	d.headers(v.Expect.Headers, res.Headers)
	if v.Expect.Error != nil && v.Request.Method != "HEAD" { // whose answer has no body
		d.errorBody(v.Dialect, v.Expect.Error, res.Body)
	}
	if v.Expect.Body != "" && v.Dialect == "" {
		d.texts(rankBytes, "body", withIDs(v.Expect.Body, string(res.Body)), string(res.Body))
	}
	return d.list()
}

// withIDs puts the ids of the body that came into the one that is expected: which ids an
// answer has is the server's own.
func withIDs(want, got string) string {
	for _, name := range []string{"RequestId", "HostId"} {
		begin, end := "<"+name+">", "</"+name+">"
		head, rest, ok := strings.Cut(want, begin)
		_, tail, ok2 := strings.Cut(rest, end)
		_, id, ok3 := strings.Cut(got, begin)
		id, _, ok4 := strings.Cut(id, end)
		if ok && ok2 && ok3 && ok4 {
			want = head + begin + id + end + tail
		}
	}
	return want
}
