package convert_test

import (
	"errors"
	"maps"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
)

// members are those of a rule, by their names in S3's JSON, which are those in Go.
var members = []string{"ID", "AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposeHeaders", "MaxAgeSeconds"}

// seeds adds the documents of testdata/read, and configurations that are odd.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/read/*.txt")
	require.NoError(f, err)
	for _, file := range files {
		for _, r := range readings(f, file) {
			f.Add([]byte(r.document))
		}
	}
	for _, odd := range []string{
		`[{"ID":"","AllowedOrigins":["https://*","*","https","https://*:8080","app://x","","a b"],"AllowedMethods":["GET","GET"],"AllowedHeaders":["x-*","X-A","x-a"],"ExposeHeaders":["x-A","b"],"MaxAgeSeconds":-5}]`,
		`[{"ID":"${a}%{b}$${c}$$${d}$","AllowedOrigins":["null","yes","0x1f","1:30","~","#","- a",": ","\u0001\u0085\u2028\ud83d\ude00\"\\"],"AllowedMethods":["PUT"],"MaxAgeSeconds":9223372036854775807}]`,
		`[{"ID":"same-name","AllowedOrigins":["https://*.example.com"],"AllowedMethods":["GET"]},{"ID":"same-name","AllowedOrigins":["*"],"AllowedMethods":["GET","COPY"]}]`,
		`[{"AllowedOrigins":["{{resolve:ssm:a}}"],"AllowedMethods":["PATCH"],"AllowedHeaders":["*"],"ExposeHeaders":["*"]},{}]`,
		`[{"AllowedOrigins":["a\tb\r\nc\u0000"],"AllowedMethods":["<&>"],"AllowedHeaders":["]]>"]}]`,
	} {
		f.Add([]byte(odd))
	}
}

// excused tells which members of which rules remarks tell of, and which rules they
// leave out.
func excused(remarks ...[]convert.Remark) (paths map[string]bool, dropped map[int]bool) {
	paths, dropped = make(map[string]bool), make(map[int]bool)
	for _, list := range remarks {
		for _, r := range list {
			rule, member, inRule := strings.Cut(r.Path, "].")
			member, _, _ = strings.Cut(member, "[")
			paths[rule+"]."+member] = true
			if i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(rule, "CORSRules["), "]")); err == nil && !inRule && strings.HasSuffix(r.Text, "left out") {
				dropped[i] = true
			}
		}
	}
	return paths, dropped
}

// without returns the configuration without some rules, and the index of each in it.
func without(c *s3cors.Configuration, dropped map[int]bool) (rules []s3cors.Rule, index []int) {
	for i, rule := range c.CORSRules {
		if !dropped[i] {
			rules, index = append(rules, rule), append(index, i)
		}
	}
	return rules, index
}

// checkLaws holds a configuration to the laws of one format.
func checkLaws(t *testing.T, c *s3cors.Configuration, o convert.WriteOptions) {
	written, err := convert.Write(c, o)
	require.NoError(t, err)
	if written.Text == nil {
		require.NotEmpty(t, written.Losses, o.Format)
		return
	}
	require.Equal(t, byte('\n'), written.Text[len(written.Text)-1])
	if !o.Format.Readable() {
		return
	}
	read, err := convert.Read(written.Text, convert.ReadOptions{Format: o.Format, Dialect: o.Dialect})
	require.NoError(t, err, "%s", written.Text)
	if len(read.Problems) == s3cors.MaxProblems {
		return
	}
	require.NotNil(t, read.Configuration, "%s\n%v", written.Text, read.Problems)

	paths, dropped := excused(written.Losses, written.Notes)
	kept, index := without(c, dropped)
	require.Len(t, read.Configuration.CORSRules, len(kept), "%s", written.Text)
	for k, rule := range read.Configuration.CORSRules {
		readPaths, _ := excused(read.Losses, read.Notes)
		for _, member := range members {
			want, got := field(kept[k], member), field(rule, member)
			if cmp.Equal(want, got, cmpopts.EquateEmpty()) {
				continue
			}
			require.True(t, paths["CORSRules["+strconv.Itoa(index[k])+"]."+member] || readPaths["CORSRules["+strconv.Itoa(k)+"]."+member],
				"%s: %s of rule %d changes in silence: %v, %v\n%s", o.Format, member, index[k], want, got, written.Text)
		}
	}
	again, err := convert.Write(read.Configuration, o)
	require.NoError(t, err)
	require.Equal(t, string(written.Text), string(again.Text))
}

func field(rule s3cors.Rule, member string) any {
	return reflect.ValueOf(rule).FieldByName(member).Interface()
}

func FuzzWhatIsWrittenIsReadBack(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := convert.Read(data, convert.ReadOptions{})
		if err != nil || d.Configuration == nil || len(d.Configuration.AppendStoredXML(nil)) > 60000 {
			return
		}
		for _, format := range convert.Formats() {
			if format.Writable() {
				checkLaws(t, d.Configuration, convert.WriteOptions{Format: format})
				checkLaws(t, d.Configuration, convert.WriteOptions{Format: format, Bucket: "${b}", Dialect: s3cors.Ceph})
			}
		}
	})
}

// A valid configuration is recognised by what is written of it.
func FuzzWhatIsWrittenIsRecognised(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := convert.Read(data, convert.ReadOptions{})
		if err != nil || d.Configuration == nil || len(d.Problems) > 0 || len(d.Configuration.AppendStoredXML(nil)) > 60000 {
			return
		}
		for _, format := range convert.Formats() {
			if !format.Writable() {
				continue
			}
			written, err := convert.Write(d.Configuration, convert.WriteOptions{Format: format})
			require.NoError(t, err)
			if written.Text == nil {
				continue
			}
			read, err := convert.Read(written.Text, convert.ReadOptions{})
			if !format.Readable() {
				require.Error(t, err)
				continue
			}
			require.NoError(t, err, "%s", written.Text)
			require.Equal(t, format, read.Format)
			require.Empty(t, read.Problems)
		}
	})
}

// Whatever is read, places lie in it, in order, and paths begin as they should.
func FuzzReadTellsPlacesInTheDocument(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for format := convert.Format(0); format <= convert.B2; format++ {
			d, err := convert.Read(data, convert.ReadOptions{Format: format})
			if err != nil {
				var at *convert.PlaceError
				require.False(t, errors.As(err, &at) && at.At.Line == 0, "%v", err)
				continue
			}
			for _, r := range append(append([]convert.Remark(nil), d.Losses...), d.Notes...) {
				require.True(t, strings.HasPrefix(r.Path, "CORS"), r.Path)
				require.NotEmpty(t, r.Text)
				require.LessOrEqual(t, 1, r.Start.Line)
				require.LessOrEqual(t, r.Start.Offset, r.End.Offset)
				require.LessOrEqual(t, r.End.Offset, len(data))
			}
			for _, p := range d.Problems {
				require.LessOrEqual(t, 1, p.Start.Line, p.Error())
				require.LessOrEqual(t, p.Start.Offset, p.End.Offset, p.Error())
				require.LessOrEqual(t, p.End.Offset, len(data), p.Error())
			}
		}
	})
}

func FuzzMergeKeepsWhatIsThere(f *testing.F) {
	f.Add([]byte(`[{"AllowedOrigins":["https://a.example"],"AllowedMethods":["GET"],"ExposeHeaders":["ETag"]}]`),
		[]byte(`[{"AllowedOrigins":["*"],"AllowedMethods":["PUT","GET"]},{"ID":"a","AllowedOrigins":["https://a.example"],"AllowedMethods":["GET"],"ExposeHeaders":["etag"]}]`), "https://a.example")
	f.Fuzz(func(t *testing.T, one, other []byte, origin string) {
		base, err := s3cors.ParseJSON(one)
		added, err2 := s3cors.ParseJSON(other)
		if err != nil || err2 != nil || len(base.CORSRules)+len(added.CORSRules) > 100 {
			return
		}
		merged, notes := convert.Merge(base, added)
		require.Equal(t, base.CORSRules, merged.CORSRules[:len(base.CORSRules)])
		require.Equal(t, len(base.CORSRules)+len(added.CORSRules), len(merged.CORSRules)+len(notes))
		again, _ := convert.Merge(merged, added)
		require.Equal(t, merged, again)

		before, after := compiled(t, base), compiled(t, merged)
		joined := compiled(t, &s3cors.Configuration{CORSRules: append(append([]s3cors.Rule(nil), base.CORSRules...), added.CORSRules...)})
		for _, method := range []string{"GET", "PUT", "POST", "DELETE", "HEAD"} {
			r := s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: method}
			was, is := before.Evaluate(r), after.Evaluate(r)
			if was.Outcome() == s3cors.Granted {
				require.Equal(t, maps.Collect(was.Headers()), maps.Collect(is.Headers()))
			}
			require.Equal(t, joined.Evaluate(r).Outcome(), is.Outcome())
		}
	})
}

func compiled(t *testing.T, c *s3cors.Configuration) *s3cors.Policy {
	policy, err := s3cors.Compile(c)
	require.NoError(t, err)
	return policy
}
