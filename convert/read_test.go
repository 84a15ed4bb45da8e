package convert_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
)

var update = flag.Bool("update", false, "write what is read into testdata/read")

// A reading is a document and what is made of it, as a file of testdata/read has it:
//
//	=== the name of the case
//	the document
//	---
//	what is made of it
type reading struct{ name, document, want string }

func readings(t testing.TB, file string) []reading {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var all []reading
	for _, part := range strings.Split("\n"+string(data), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		document, want, ok := strings.Cut(rest+"\n", "\n---\n")
		require.True(t, ok, name)
		all = append(all, reading{name, document, strings.TrimSpace(want)})
	}
	require.NotEmpty(t, all)
	return all
}

// told returns what Read makes of a document, in lines. Sentences are left out that are
// those of the root package.
func told(document string) string {
	d, err := convert.Read([]byte(document), convert.ReadOptions{})
	var place *convert.PlaceError
	if errors.As(err, &place) { // whose text is mostly the root package's
		return fmt.Sprintf("error at %d:%d", place.At.Line, place.At.Column)
	}
	if err != nil {
		text := err.Error()
		if strings.HasPrefix(text, "this is") {
			text, _, _ = strings.Cut(text, ": ") // before the advice
		}
		return "error: " + text
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", d.Format, configText(d.Configuration))
	for _, l := range d.Losses {
		fmt.Fprintf(&b, "\nlost %d:%d-%d:%d %s %q: %s", l.Start.Line, l.Start.Column, l.End.Line, l.End.Column, l.Path, l.Value, l.Text)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "\nnote %d:%d %s %q: %s", n.Start.Line, n.Start.Column, n.Path, n.Value, n.Text)
	}
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "\nproblem %d:%d-%d:%d %s %s", p.Start.Line, p.Start.Column, p.End.Line, p.End.Column, p.Path, p.Row)
	}
	return b.String()
}

func configText(c *s3cors.Configuration) string {
	if c == nil {
		return "unread"
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(c); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

func TestDocumentsAreReadAsTheirFilesSay(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		var updated strings.Builder
		for _, r := range readings(t, file) {
			got := told(r.document)
			fmt.Fprintf(&updated, "=== %s\n%s\n---\n%s\n", r.name, r.document, got)
			if *update {
				continue
			}
			t.Run(filepath.Base(file)+"/"+r.name, func(t *testing.T) {
				if diff := cmp.Diff(r.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(updated.String()), 0o644))
		}
	}
}
