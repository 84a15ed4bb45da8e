//go:build go1.26

package s3cors_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

var underCeph = s3cors.WithDialect(s3cors.Ceph)

// TestADocumentThatIsTooLongNamesTheRowOfItsServer shows 1.1/body-size and ceph-5/size.
func TestADocumentThatIsTooLongNamesTheRowOfItsServer(t *testing.T) {
	long := []byte("<CORSConfiguration>" + strings.Repeat(" ", 1<<20))
	for _, tt := range []struct {
		opts []s3cors.Option
		row  string
	}{
		{nil, "1.1/body-size"},
		{[]s3cors.Option{underCeph}, "ceph-5/size"},
	} {
		problems := s3cors.ParseDocument(long, tt.opts...).Problems()
		require.Len(t, problems, 1)
		require.Equal(t, tt.row, problems[0].Row)
	}
}

// TestAPrefixedRootOfCephIsNamedWhole shows ceph-5/prefixes.
func TestAPrefixedRootOfCephIsNamedWhole(t *testing.T) {
	document := strings.NewReplacer("<CORSConfiguration>", `<x:CORSConfiguration xmlns:x="u">`, "</CORSConfiguration>", "</x:CORSConfiguration>").Replace(smallest)
	problems := s3cors.ParseDocument([]byte(document), underCeph).Problems()
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].Detail, "<x:CORSConfiguration>")
	require.Empty(t, s3cors.ParseDocument([]byte(document)).Problems())
}

// TestWhatCephIgnoresHidesNothingBehindIt shows ceph-5/unknown-elements and
// ceph-5/first-counts.
func TestWhatCephIgnoresHidesNothingBehindIt(t *testing.T) {
	document := "<CORSConfiguration><Other><CORSRule/></Other><CORSRule><Unknown><AllowedOrigin>no</AllowedOrigin></Unknown><ID>a</ID><ID>b</ID>" +
		"<AllowedOrigin>a</AllowedOrigin><MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>2</MaxAgeSeconds><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
	got, err := s3cors.ParseXML([]byte(document), underCeph)
	require.NoError(t, err)
	id, age := "a", int64(1)
	want := &s3cors.Configuration{CORSRules: []s3cors.Rule{{ID: &id, AllowedOrigins: []string{"a"}, AllowedMethods: []string{"GET"}, MaxAgeSeconds: &age}}}
	require.Empty(t, cmp.Diff(want, got))
}

func TestOfTwoIDsTheFirstStays(t *testing.T) {
	document := s3cors.ParseDocument([]byte(strings.Replace(smallest, "<CORSRule>", "<CORSRule><ID>a</ID><ID>b</ID>", 1)))
	require.Len(t, document.Problems(), 1)
	require.Equal(t, "a", *document.Configuration().CORSRules[0].ID)
}

func TestTheDocumentStandsAtItsRoot(t *testing.T) {
	text := "\n<!-- a --> " + smallest + " \n"
	start, end, ok := s3cors.ParseDocument([]byte(text)).Position("CORSConfiguration")
	require.True(t, ok)
	require.Equal(t, s3cors.Position{Line: 2, Column: 12, Offset: 12}, start)
	require.Equal(t, smallest, text[start.Offset:end.Offset])
}

func TestInTheRootNothingButARuleIsMeant(t *testing.T) {
	for _, name := range []string{"Id", "AllowedOrigins", "MaxAge"} {
		problems := s3cors.ParseDocument([]byte(strings.Replace(smallest, "<CORSRule>", "<"+name+"/><CORSRule>", 1))).Problems()
		require.Len(t, problems, 1)
		require.Empty(t, problems[0].Suggestion, name)
	}
}
