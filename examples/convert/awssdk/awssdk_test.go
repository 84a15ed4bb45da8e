package awssdk_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/examples/convert/awssdk"
)

func ExampleFromRules() {
	// As client.GetBucketCors returns them.
	rules := []types.CORSRule{{
		AllowedOrigins: []string{"https://app.example.com"},
		AllowedMethods: []string{"GET", "PUT"},
		MaxAgeSeconds:  new(int32(3000)),
	}}
	policy, err := s3cors.Compile(awssdk.FromRules(rules))
	if err != nil {
		fmt.Println(err)
		return
	}
	d := policy.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://app.example.com", RequestMethod: "PUT"})
	fmt.Println(d.Outcome(), d.MaxAge())
	// Output: granted 3000
}

func ExampleToRules() {
	configuration, err := s3cors.ParseJSON([]byte(
		`[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 3000},
		  {"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "MaxAgeSeconds": 4294967297}]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = awssdk.ToRules(configuration)
	fmt.Println(err)
	// Output: CORSRules[1].MaxAgeSeconds: 4294967297 does not fit in 32 bits
}

// full has all that the SDK can hold: order, case, duplicates, empty strings,
// characters to escape, extreme numbers.
func full() *s3cors.Configuration {
	return &s3cors.Configuration{CORSRules: []s3cors.Rule{
		{
			ID:             new("rule & <1>"),
			AllowedOrigins: []string{"https://b.example.com", "https://*.example.com", "https://b.example.com", " * ", ""},
			AllowedMethods: []string{"PUT", "GET", "PUT", "POST", "DELETE", "HEAD"},
			AllowedHeaders: []string{"X-Amz-*", "", "content-type"},
			ExposeHeaders:  []string{"ETag", "", "etag"},
			MaxAgeSeconds:  new(int64(math.MaxInt32)),
		},
		{ID: new(""), AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, MaxAgeSeconds: new(int64(0))},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, MaxAgeSeconds: new(int64(math.MinInt32))},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}},
	}}
}

func TestAConfigurationSurvivesTheRoundTrip(t *testing.T) {
	rules, err := awssdk.ToRules(full())
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(full(), awssdk.FromRules(rules)))
}

func TestRulesSurviveTheRoundTrip(t *testing.T) {
	rules := []types.CORSRule{
		{
			ID:             new("rule 1"),
			AllowedOrigins: []string{"http://www.example.com", "*"},
			AllowedMethods: []string{"GET", "HEAD"},
			AllowedHeaders: []string{"*"},
			ExposeHeaders:  []string{"ETag"},
			MaxAgeSeconds:  new(int32(-1)),
		},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}},
	}
	back, err := awssdk.ToRules(awssdk.FromRules(rules))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(rules, back, cmpopts.IgnoreUnexported(types.CORSRule{})))
}

func TestNoRulesAreAConfigurationWithout(t *testing.T) {
	require.Empty(t, cmp.Diff(new(s3cors.Configuration), awssdk.FromRules(nil)))
	rules, err := awssdk.ToRules(nil)
	require.NoError(t, err)
	require.Nil(t, rules)
}

func TestEveryAgeThatDoesNotFitIsAnError(t *testing.T) {
	rules, err := awssdk.ToRules(&s3cors.Configuration{CORSRules: []s3cors.Rule{
		{MaxAgeSeconds: new(int64(math.MaxInt32 + 1))},
		{MaxAgeSeconds: new(int64(math.MaxInt32))},
		{MaxAgeSeconds: new(int64(math.MinInt32 - 1))},
	}})
	require.EqualError(t, err, "CORSRules[0].MaxAgeSeconds: 2147483648 does not fit in 32 bits\n"+
		"CORSRules[2].MaxAgeSeconds: -2147483649 does not fit in 32 bits")
	require.Nil(t, rules)
}

func TestNothingIsShared(t *testing.T) {
	want := full()
	c := full()
	rules, err := awssdk.ToRules(c)
	require.NoError(t, err)
	back := awssdk.FromRules(rules)
	c.CORSRules[0].AllowedOrigins[0], *c.CORSRules[0].ID, *c.CORSRules[0].MaxAgeSeconds = "changed", "changed", 7
	require.Empty(t, cmp.Diff(want, awssdk.FromRules(rules)))
	rules[0].AllowedOrigins[0], *rules[0].ID, *rules[0].MaxAgeSeconds = "changed", "changed", 7
	require.Empty(t, cmp.Diff(want, back))
}

// A server is a bucket's S3, in process: it keeps what PUT sends, for GET.
type server struct{ document []byte }

func (s *server) Do(r *http.Request) (*http.Response, error) {
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
	if r.Method == http.MethodGet {
		answer.Body = io.NopCloser(strings.NewReader(string(s.document)))
		return answer, nil
	}
	var err error
	s.document, err = io.ReadAll(r.Body)
	return answer, err
}

func (s *server) client() *s3.Client {
	return s3.New(s3.Options{Region: "us-east-1", HTTPClient: s})
}

func TestWhatTheSDKSendsAndReadsIsTheConfiguration(t *testing.T) {
	rules, err := awssdk.ToRules(full())
	require.NoError(t, err)
	var s server
	_, err = s.client().PutBucketCors(t.Context(), &s3.PutBucketCorsInput{
		Bucket:            new("photos"),
		CORSConfiguration: &types.CORSConfiguration{CORSRules: rules},
	})
	require.NoError(t, err)
	sent, err := s3cors.ParseXML(s.document)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(full(), sent))

	s.document, err = sent.AppendXML(nil)
	require.NoError(t, err)
	read, err := s.client().GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: new("photos")})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(full(), awssdk.FromRules(read.CORSRules)))
}

// What the package comment says of the SDK, whose loss no conversion can undo.
func TestTheSDKItselfCutsLargeAgesDown(t *testing.T) {
	s := server{document: []byte("<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>" +
		"<AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>4294967297</MaxAgeSeconds></CORSRule></CORSConfiguration>")}
	read, err := s.client().GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: new("photos")})
	require.NoError(t, err)
	require.Equal(t, new(int32(1)), read.CORSRules[0].MaxAgeSeconds)
}

// A member that comes later, on either side, must not be lost unnoticed.
func TestBothSidesHaveTheMembersThatAreConverted(t *testing.T) {
	require.Equal(t, []string{"ID", "AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposeHeaders", "MaxAgeSeconds"},
		members(reflect.TypeFor[s3cors.Rule]()))
	require.Equal(t, []string{"AllowedMethods", "AllowedOrigins", "AllowedHeaders", "ExposeHeaders", "ID", "MaxAgeSeconds"},
		members(reflect.TypeFor[types.CORSRule]()))
}

func members(t reflect.Type) []string {
	var names []string
	for _, field := range reflect.VisibleFields(t) {
		if field.IsExported() {
			names = append(names, field.Name)
		}
	}
	return names
}
