package diagnosis

import (
	_ "embed"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// recorded are the fingerprints of all bugs. Each bug has one or several, for bugs can
// be written in several ways. `go test ./corstest/diagnosis -run TestFingerprints
// -update` records them anew.
//
//go:embed fingerprints.json
var recorded []byte

// A fingerprint is which vectors a server with a bug fails, and how.
type fingerprint struct {
	fails []*failure
	// vague says that it depends on the order of the vectors which of them fail, and
	// how: of a server that goes on with old rules for example.
	vague bool
}

// A failure is how a vector fails.
type failure struct {
	id    string
	step  int // of an operation
	diffs []difference
	// share is in how many of all orders the vector fails, of a vague fingerprint.
	share float64
}

// A difference is what differs, and what is there instead of what is expected.
type difference struct {
	what  string
	got   []string // one of these
	maybe bool     // it may be missing: servers show it, evaluators do not, or the other way round
}

// certain is the share of a failure that cannot be missing.
func (f *failure) certain() float64 {
	if f.diffs == nil {
		return f.share
	}
	certain := 0
	for _, d := range f.diffs {
		if !d.maybe {
			certain++
		}
	}
	if certain == 0 {
		return 0.5 // one of them has to be there, in most cases
	}
	return float64(certain) / float64(len(f.diffs))
}

// fingerprints reads what was recorded, by the names of bugs.
var fingerprints = sync.OnceValue(func() map[string][]*fingerprint {
	var list []recordedBug
	if err := json.Unmarshal(recorded, &list); err != nil {
		panic("fingerprints.json: " + err.Error()) // which TestFingerprints writes
	}
	all := make(map[string][]*fingerprint, len(list))
	for _, b := range list {
		for _, groups := range b.Prints {
			all[b.Bug] = append(all[b.Bug], groups.read())
		}
	}
	return all
})

// A recordedBug is a bug in fingerprints.json.
type recordedBug struct {
	Bug    string          `json:"bug"`
	Prints []recordedPrint `json:"prints"`
}

// A recordedPrint is a fingerprint there: the vectors that fail alike stand together.
type recordedPrint []recordedGroup

// A recordedGroup says what differs in some vectors, and what is there instead. With a
// question mark behind it, it may be missing. In a vague fingerprint there is the share
// of orders in which the vectors fail in the place of what differs.
type recordedGroup struct {
	Got   map[string][]string `json:"got,omitempty"`
	Share float64             `json:"share,omitempty"`
	IDs   []string            `json:"ids"`
}

// abbreviations are how the names of headers that stand there thousands of times are
// written: ACAO for Access-Control-Allow-Origin, and so on.
var abbreviations = strings.NewReplacer(
	"access-control-allow-origin", "ACAO",
	"access-control-allow-methods", "ACAM",
	"access-control-allow-headers", "ACAH",
	"access-control-allow-credentials", "ACAC",
	"access-control-expose-headers", "ACEH",
	"access-control-max-age", "ACMA",
)

// long is the opposite of abbreviations.
var long = strings.NewReplacer(
	"ACAO", "access-control-allow-origin",
	"ACAM", "access-control-allow-methods",
	"ACAH", "access-control-allow-headers",
	"ACAC", "access-control-allow-credentials",
	"ACEH", "access-control-expose-headers",
	"ACMA", "access-control-max-age",
).Replace

func (p recordedPrint) read() *fingerprint {
	print := &fingerprint{}
	for _, g := range p {
		print.vague = g.Share > 0
		var diffs []difference
		step := 0
		for _, name := range slices.Sorted(maps.Keys(g.Got)) {
			what, maybe := strings.CutSuffix(name, "?")
			what, step = split(long(what))
			diffs = append(diffs, difference{what, g.Got[name], maybe})
		}
		for _, id := range g.IDs {
			print.fails = append(print.fails, &failure{id, step, diffs, g.Share})
		}
	}
	return print
}

// normal returns what of a difference is compared: what differs, in which step, and
// what is there. A header has one name, however it is spelt.
func normal(d conformance.Diff) (what string, step int, got string) {
	what, step = split(d.What)
	if what == "lines" { // of which there may be several, each of another header
		name, _, _ := strings.Cut(d.Got, ":")
		what += " " + name
	}
	what = strings.ToLower(what)
	return what, step, shortened(what, d.Got)
}

// split takes the number of the step off what differs.
func split(what string) (rest string, step int) {
	prefix, rest, ok := strings.Cut(what, "].")
	if !ok || !strings.HasPrefix(prefix, "steps[") {
		return what, 0
	}
	step, _ = strconv.Atoi(prefix[len("steps["):])
	return rest, step
}

// given are the names that a run gives to buckets and keys.
var given = regexp.MustCompile(`s3cors-[0-9a-f]{12}(-[a-z0-9]+)?`)

// longest is the number of bytes of a text that are compared.
const longest = 48

// shortened is what of a text is compared. Bodies hold what is the server's own, so that
// they are compared with none.
func shortened(what, got string) string {
	switch {
	case got == conformance.Absent, got == conformance.NotRead:
		return got
	case what == "body", what == "xml":
		return "(other)"
	}
	if got = given.ReplaceAllString(got, "{name}"); len(got) > longest {
		got = got[:longest] + "…"
	}
	return got
}
