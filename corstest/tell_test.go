package corstest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A listener hears what a test is told.
type listener struct {
	testing.TB
	said string
}

func (l *listener) Helper()           {}
func (l *listener) Error(args ...any) { l.said = "error: " + fmt.Sprint(args...) }
func (l *listener) Skip(args ...any)  { l.said = "skip: " + fmt.Sprint(args...) }
func (l *listener) Skipf(format string, args ...any) {
	l.said = "skip: " + fmt.Sprintf(format, args...)
}

func failing(grade string) conformance.Result {
	return conformance.Result{
		Vector: &vectors.Vector{ID: "a-b", Title: "a preflight gets the age", Grade: grade, Rows: []string{"5.1/max-age", "ceph-3/order"},
			Source: "LS", Seen: "https://example.com/1", Config: []byte("[]"),
			Request: &vectors.Request{Method: "OPTIONS", Target: "object", Headers: []vectors.Pair{{"Origin", "o"}}}},
		Verdict: conformance.Fail,
		Diffs:   []conformance.Diff{{What: "Access-Control-Max-Age", Want: "5", Got: conformance.Absent}, {What: "body", Want: "", Got: "a\nb"}},
	}
}

const described = `a preflight gets the age
  Access-Control-Max-Age:
    want 5
    got  (absent)
  body:
    want ""
    got  "a\nb"
  configuration: []
  request: %s
    Origin: o
  5.1/max-age: https://github.com/s3cors/s3cors/blob/main/docs/s3-cors.md#5.1-max-age
  ceph-3/order: https://github.com/s3cors/s3cors/blob/main/docs/ceph-cors.md#ceph-3-order
  source: LS
  seen: https://example.com/1
`

func TestAVectorThatMustHoldFailsItsTest(t *testing.T) {
	var l listener
	Options{}.tell(&l, failing("A"))
	require.Equal(t, "error: "+fmt.Sprintf(described, "OPTIONS (object)"), l.said)
}

func TestAVectorThatShouldHoldIsToldOf(t *testing.T) {
	for grade, want := range map[string]string{"C": "skip: it should hold:\n", "E": "skip: it may hold:\n"} {
		var l listener
		Options{}.tell(&l, failing(grade))
		require.Equal(t, want+fmt.Sprintf(described, "OPTIONS (object)"), l.said)
		Options{Strict: true}.tell(&l, failing(grade))
		require.Equal(t, "error: "+fmt.Sprintf(described, "OPTIONS (object)"), l.said)
	}
}

func TestARequestIsShownAsItWasSent(t *testing.T) {
	r := failing("A")
	r.Exchange = &conformance.Exchange{Request: &conformance.Request{Method: "PUT", Bucket: "b", Key: "k", Query: "cors",
		Headers: []vectors.Pair{{"Origin", "o"}}}}
	var l listener
	Options{}.tell(&l, r)
	require.Equal(t, "error: "+fmt.Sprintf(described, "PUT /b/k?cors"), l.said)
}

func TestAVectorWithoutAnAnswerFailsItsTest(t *testing.T) {
	r := failing("A")
	r.Verdict, r.Reason, r.Diffs = conformance.Error, "the handler hung up", nil
	var l listener
	Options{}.tell(&l, r)
	require.Contains(t, l.said, "error: a preflight gets the age\n  no answer: the handler hung up\n")
}

func TestAVectorThatIsNotAskedIsSkipped(t *testing.T) {
	var l listener
	Options{Strict: true}.tell(&l, conformance.Result{Vector: &vectors.Vector{Grade: "A"}, Verdict: conformance.Skip, Reason: "the server lacks ranges"})
	require.Equal(t, "skip: the server lacks ranges", l.said)
}

func TestAPassSaysNothing(t *testing.T) {
	var l listener
	Options{}.tell(&l, conformance.Result{Vector: &vectors.Vector{Grade: "A"}, Verdict: conformance.Pass})
	require.Empty(t, l.said)
}
