package lint_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/reach"
	"github.com/s3cors/s3cors/lint"
)

// unsendable are the codes that say that no browser sends such an origin.
var unsendable = []lint.Code{lint.OriginPath, lint.NoOrigin, lint.DefaultPort, lint.OriginCase, lint.OriginNotASCII}

// anOrigin draws what a browser or an app sends.
func (d draw) anOrigin() string {
	scheme := d.of("http", "https", "https", "capacitor", "chrome-extension", "null")
	if scheme == "null" {
		return "null"
	}
	host := d.of("a", "localhost", "app.example.com", "x-y.example.co.uk", "xn--bcher-kva.example", "192.168.0.1", "[::1]", "a.b")
	port := d.of("", "", ":3000", ":8443", ":1")
	if !strings.HasPrefix(scheme, "http") {
		port = ""
	}
	return scheme + "://" + host + port
}

// anEntry draws a part of an origin, with a star in it, or with a slip.
func (d draw) anEntry() string {
	entry := d.anOrigin()
	switch d.IntN(5) {
	case 0:
		i := d.IntN(len(entry) + 1)
		j := i + d.IntN(len(entry)-i+1)
		entry = entry[:i] + "*" + entry[j:]
	case 1:
		i := d.IntN(len(entry) + 1)
		entry = entry[:i] + d.of("/", ":", "A", "ü", " ", "?", "@", "://", ":443", ":80", ".", "") + entry[i:]
	case 2:
		i := d.IntN(len(entry))
		entry = entry[:i] + entry[i+1:]
	case 3:
		i := d.IntN(len(entry) + 1)
		entry = entry[:i] + d.of("*", "*/", "/*", "*:", "*.", "*A") + entry[i:]
	}
	return entry
}

// TestWhatNoBrowserSendsIsAdmittedByNone holds the findings that an origin can never be
// sent to drawn origins: none of those is admitted by such an entry.
func TestWhatNoBrowserSendsIsAdmittedByNone(t *testing.T) {
	d := draw{rand.New(rand.NewPCG(1, 2))}
	var sent []string
	for range 400 {
		sent = append(sent, d.anOrigin())
	}
	flagged := 0
	for range 2000 {
		entry := d.anEntry()
		report := lint.Check([]byte(origin(entry)), lint.Options{})
		i := slices.IndexFunc(report.Findings, func(f lint.Finding) bool { return slices.Contains(unsendable, f.Code) })
		if i < 0 {
			continue
		}
		flagged++
		pattern := reach.PatternOf(entry)
		for _, origin := range sent {
			require.False(t, pattern.Admits(origin), fmt.Sprintf("%s: %v admits %s", entry, report.Findings[i], origin))
		}
	}
	require.Greater(t, flagged, 100)
}

// TestWhatBrowsersSendIsNoError is the other half: an origin as it is sent is never
// called one that cannot be.
func TestWhatBrowsersSendIsNoError(t *testing.T) {
	d := draw{rand.New(rand.NewPCG(3, 4))}
	for range 2000 {
		origin := d.anOrigin()
		for _, entry := range []string{origin, origin[:d.IntN(len(origin))] + "*"} {
			for _, f := range lint.Check([]byte(rule(fmt.Sprintf(`"AllowedOrigins":[%q]`, entry))), lint.Options{}).Findings {
				require.NotContains(t, unsendable, f.Code, "%s: %v", entry, f)
			}
		}
	}
}
