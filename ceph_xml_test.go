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

// TestMaxAgeSecondsOfCeph shows ceph-5/max-age-forms and ceph-5/max-age-range.
func TestMaxAgeSecondsOfCeph(t *testing.T) {
	text := func(age string) []byte { return []byte(inRule("<MaxAgeSeconds>" + age + "</MaxAgeSeconds>")) }
	for age, want := range map[string]*int64{
		"": new(int64(0)), "5": new(int64(5)), "+5": new(int64(5)), " \t\n&#13;5": new(int64(5)), "0189": new(int64(189)), "-0": new(int64(0)),
		"-5": nil, "5000000000": nil, "99999999999999999999": nil, "-99999999999999999999": nil,
	} {
		t.Run(age+" is read", func(t *testing.T) {
			c, err := s3cors.ParseXML(text(age), underCeph)
			require.NoError(t, err)
			require.Equal(t, want, c.CORSRules[0].MaxAgeSeconds)
		})
	}
	for age, want := range map[string]*int64{
		"-5": new(int64(-5)), "9223372036854775807": new(int64(1<<63 - 1)), "9223372036854775808": nil, "-9223372036854775808": nil,
	} {
		t.Run(age+" is in the document as it was written, if it fits 64 bits", func(t *testing.T) {
			d := s3cors.ParseDocument(text(age), underCeph)
			require.Empty(t, d.Problems())
			require.Equal(t, want, d.Configuration().CORSRules[0].MaxAgeSeconds)
		})
	}
	for age, cure := range map[string]string{"+": "", "-": "", "+-5": "", "~5": "", "x": "", "5 ": "5", "99999999999999999999x": ""} {
		t.Run(age+" is refused", func(t *testing.T) {
			if cure == "" {
				cure = "a number of seconds, such as 3600"
			}
			d := s3cors.ParseDocument(text(age), underCeph)
			require.Empty(t, cmp.Diff([]told{structural(3, 16, "CORSRules[0].MaxAgeSeconds",
				`"`+age+`" is not a whole number of 64 bits: write `+cure)}, tell(d.Problems())))
			require.Equal(t, "ceph-5/max-age-forms", d.Problems()[0].Row)
			require.Nil(t, d.Configuration().CORSRules[0].MaxAgeSeconds)
		})
	}
}

func TestWhatCephPassesOverForItsNumberHidesNoMisspeltName(t *testing.T) {
	document := "<CORSConfiguration><CORSRule>" + strings.Repeat("<ID>a</ID>", 200) + "<AllowedOrigins>*</AllowedOrigins></CORSRule></CORSConfiguration>"
	causes := s3cors.ParseDocument([]byte(document), underCeph).Causes()
	require.Len(t, causes, 1)
	require.Equal(t, "AllowedOrigin", causes[0].Suggestion)
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
