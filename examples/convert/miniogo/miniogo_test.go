package miniogo_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7/pkg/cors"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/examples/convert/miniogo"
)

func ExampleFromConfig() {
	// As client.GetBucketCors returns it.
	config := cors.NewConfig([]cors.Rule{{
		AllowedOrigin: []string{"https://app.example.com"},
		AllowedMethod: []string{"GET", "PUT"},
		MaxAgeSeconds: 3000,
	}})
	policy, err := s3cors.Compile(miniogo.FromConfig(config))
	if err != nil {
		fmt.Println(err)
		return
	}
	d := policy.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://app.example.com", RequestMethod: "PUT"})
	fmt.Println(d.Outcome(), d.MaxAge())
	// Output: granted 3000
}

func ExampleToConfig() {
	configuration, err := s3cors.ParseJSON([]byte(
		`[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]},
		  {"AllowedOrigins": [""], "AllowedMethods": ["GET"], "MaxAgeSeconds": 0}]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = miniogo.ToConfig(configuration)
	fmt.Println(err)
	// Output:
	// CORSRules[1].AllowedOrigins[0]: minio-go cannot send this value
	// CORSRules[1].MaxAgeSeconds: minio-go cannot send this value
}

// full has all that minio-go can send: order, case, duplicates, characters to
// escape, extreme numbers.
func full() *s3cors.Configuration {
	return &s3cors.Configuration{CORSRules: []s3cors.Rule{
		{
			ID:             new("rule & <1>"),
			AllowedOrigins: []string{"https://b.example.com", "https://*.example.com", "https://b.example.com", " * "},
			AllowedMethods: []string{"PUT", "GET", "PUT", "POST", "DELETE", "HEAD"},
			AllowedHeaders: []string{"X-Amz-*", "content-type"},
			ExposeHeaders:  []string{"ETag", "etag"},
			MaxAgeSeconds:  new(int64(math.MaxInt32)),
		},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, MaxAgeSeconds: new(int64(-1))},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}},
	}}
}

func TestAConfigurationSurvivesTheRoundTrip(t *testing.T) {
	config, err := miniogo.ToConfig(full())
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(full(), miniogo.FromConfig(config)))
}

func TestAConfigSurvivesTheRoundTrip(t *testing.T) {
	config := cors.NewConfig([]cors.Rule{
		{
			ID:            "rule 1",
			AllowedOrigin: []string{"http://www.example.com", "*"},
			AllowedMethod: []string{"GET", "HEAD"},
			AllowedHeader: []string{"*"},
			ExposeHeader:  []string{"ETag"},
			MaxAgeSeconds: 3000,
		},
		{AllowedOrigin: []string{"*"}, AllowedMethod: []string{"GET"}},
	})
	back, err := miniogo.ToConfig(miniogo.FromConfig(config))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(config, back))
}

func TestWhatMinioGoSendsIsTheConfiguration(t *testing.T) {
	config, err := miniogo.ToConfig(full())
	require.NoError(t, err)
	sent, err := config.ToXML()
	require.NoError(t, err)
	got, err := s3cors.ParseXML(sent)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(full(), got))
}

func TestWhatMinioGoReadsIsTheConfiguration(t *testing.T) {
	stored, err := full().AppendXML(nil)
	require.NoError(t, err)
	config, err := cors.ParseBucketCorsConfig(bytes.NewReader(stored))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(full(), miniogo.FromConfig(config)))
}

func TestNoConfigurationIsNoConfig(t *testing.T) {
	require.Nil(t, miniogo.FromConfig(nil))
	config, err := miniogo.ToConfig(nil)
	require.NoError(t, err)
	require.Nil(t, config)
}

func TestZeroAndEmptyAreAbsentInMinioGo(t *testing.T) {
	config := &cors.Config{CORSRules: []cors.Rule{{ID: "", MaxAgeSeconds: 0}}}
	require.Empty(t, cmp.Diff(&s3cors.Configuration{CORSRules: []s3cors.Rule{{}}}, miniogo.FromConfig(config)))
}

// The convention that the conversion states, of minio-go itself.
func TestMinioGoSendsNothingThatIsEmpty(t *testing.T) {
	sent, err := xml.Marshal(cors.Rule{
		AllowedOrigin: []string{"", "*"},
		AllowedMethod: []string{"GET"},
		AllowedHeader: []string{""},
		ExposeHeader:  []string{""},
	})
	require.NoError(t, err)
	require.Equal(t, "<Rule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></Rule>", string(sent))
}

func TestWhatMinioGoCannotSendIsAnError(t *testing.T) {
	for name, tt := range map[string]struct {
		rule s3cors.Rule
		want string
	}{
		"an age of 0": {
			s3cors.Rule{MaxAgeSeconds: new(int64(0))},
			"CORSRules[0].MaxAgeSeconds: minio-go cannot send this value",
		},
		"an empty ID": {
			s3cors.Rule{ID: new("")},
			"CORSRules[0].ID: minio-go cannot send this value",
		},
		"empty values of all lists": {
			s3cors.Rule{
				AllowedOrigins: []string{"*", ""},
				AllowedMethods: []string{""},
				AllowedHeaders: []string{""},
				ExposeHeaders:  []string{"", "ETag", ""},
			},
			"CORSRules[0].AllowedOrigins[1]: minio-go cannot send this value\n" +
				"CORSRules[0].AllowedMethods[0]: minio-go cannot send this value\n" +
				"CORSRules[0].AllowedHeaders[0]: minio-go cannot send this value\n" +
				"CORSRules[0].ExposeHeaders[0]: minio-go cannot send this value\n" +
				"CORSRules[0].ExposeHeaders[2]: minio-go cannot send this value",
		},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := miniogo.ToConfig(&s3cors.Configuration{CORSRules: []s3cors.Rule{tt.rule}})
			require.EqualError(t, err, tt.want)
			require.Nil(t, config)
		})
	}
}

func TestAnAgeOf64BitsFitsWhereAnIntDoes(t *testing.T) {
	configuration := &s3cors.Configuration{CORSRules: []s3cors.Rule{{MaxAgeSeconds: new(int64(math.MaxInt64))}}}
	config, err := miniogo.ToConfig(configuration)
	if math.MaxInt == math.MaxInt32 {
		require.EqualError(t, err, "CORSRules[0].MaxAgeSeconds: minio-go cannot send this value")
		return
	}
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(configuration, miniogo.FromConfig(config)))
}

func TestNothingIsShared(t *testing.T) {
	want := full()
	c := full()
	config, err := miniogo.ToConfig(c)
	require.NoError(t, err)
	back := miniogo.FromConfig(config)
	c.CORSRules[0].AllowedOrigins[0] = "changed"
	require.Empty(t, cmp.Diff(want, miniogo.FromConfig(config)))
	config.CORSRules[0].AllowedOrigin[0] = "changed"
	require.Empty(t, cmp.Diff(want, back))
}

// A member that comes later, on either side, must not be lost unnoticed.
func TestBothSidesHaveTheMembersThatAreConverted(t *testing.T) {
	require.Equal(t, []string{"ID", "AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposeHeaders", "MaxAgeSeconds"},
		members(reflect.TypeFor[s3cors.Rule]()))
	require.Equal(t, []string{"AllowedHeader", "AllowedMethod", "AllowedOrigin", "ExposeHeader", "ID", "MaxAgeSeconds"},
		members(reflect.TypeFor[cors.Rule]()))
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
