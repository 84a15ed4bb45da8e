package s3cors_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// requireTwins holds what is quick to the obvious form of it.
func requireTwins(t testing.TB, d s3cors.Decision, opts ...s3cors.Option) {
	t.Helper()
	require.Equal(t, valuesOf(&d), d.FieldValues())
	require.Len(t, d.FieldValues(), cap(d.FieldValues()))

	for _, ids := range []s3cors.IDs{{}, {RequestID: "R<1>", HostID: "H&\x00"}} {
		want := []byte("before")
		if refusal := d.Refusal(); refusal != nil {
			want = refusal.AppendXML(want, ids, opts...)
		}
		require.Equal(t, string(want), string(d.AppendRefusal([]byte("before"), ids)))
	}
}

// valuesOf returns what FieldValues does, by its definition.
func valuesOf(d *s3cors.Decision) []string {
	if d.Rule() < 0 {
		return nil
	}
	values := []string{d.AllowOrigin(), d.AllowMethods(), d.ExposeHeaders(), d.MaxAge(), d.AllowCredentials(), d.Vary()}
	if names := d.AllowHeaders(); names != "" {
		values = append(values, names)
	}
	return values
}

func TestTheBodyOfARefusal(t *testing.T) {
	rule := s3cors.Rule{AllowedOrigins: []string{"https://a"}, AllowedMethods: []string{"GET"}}
	configured, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{rule}})
	require.NoError(t, err)
	const noMatch = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / " +
		"Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
	for _, row := range []struct {
		name     string
		policy   *s3cors.Policy
		target   s3cors.Target
		message  string
		resource string
	}{
		{"an object whose bucket does not match", configured, s3cors.TargetObject, noMatch, "OBJECT"},
		{"a bucket that does not match", configured, s3cors.TargetBucket, noMatch, "BUCKET"},
		{"the service root", configured, s3cors.TargetService, "CORSResponse: Bucket not found", "BUCKET"},
		{"an object of no bucket", s3cors.NoSuchBucket(), s3cors.TargetObject, "CORSResponse: Bucket not found", "BUCKET"},
		{"a bucket without a configuration", nil, s3cors.TargetBucket, "CORSResponse: CORS is not enabled for this bucket.", "BUCKET"},
		{"an object of no bucket, where refusals are uniform", s3cors.NoSuchBucket(s3cors.UniformRefusals()), s3cors.TargetObject, noMatch, "OBJECT"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := row.policy.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://b", RequestMethod: "PUT", Target: row.target})
			want := fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>`+"\n<Error><Code>AccessForbidden</Code><Message>%s</Message>"+
				"<Method>PUT</Method><ResourceType>%s</ResourceType><RequestId>R</RequestId><HostId>H</HostId></Error>", row.message, row.resource)
			room := make([]byte, 0, 512)
			require.Empty(t, cmp.Diff(want, string(d.AppendRefusal(room, s3cors.IDs{RequestID: "R", HostID: "H"}))))
			require.Zero(t, allocations(func() { d.AppendRefusal(room, s3cors.IDs{RequestID: "R", HostID: "H"}) }))
		})
	}
	granted := configured.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://a", RequestMethod: "GET"})
	require.Empty(t, granted.AppendRefusal(nil, s3cors.IDs{}))
	require.Empty(t, new(s3cors.Decision).AppendRefusal(nil, s3cors.IDs{}))
}

func TestFieldValues(t *testing.T) {
	age := int64(5)
	rule := s3cors.Rule{
		AllowedOrigins: []string{"https://a"}, AllowedMethods: []string{"GET"}, AllowedHeaders: []string{"*"}, ExposeHeaders: []string{"ETag"},
		MaxAgeSeconds: &age,
	}
	p, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{rule}}, s3cors.ExposeAlso("x-more"))
	require.NoError(t, err)
	const vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
	long := strings.Repeat("x", 83)
	preflight := func(names string) s3cors.Request {
		return s3cors.Request{Method: "OPTIONS", Origin: "https://a", RequestMethod: "GET", RequestHeaders: names}
	}
	for _, row := range []struct {
		name        string
		request     s3cors.Request
		want        []string
		allocations float64
	}{
		{"a preflight", preflight(""), []string{"https://a", "GET", "ETag", "5", "true", vary}, 1},
		{
			"an actual request exposes more", s3cors.Request{Method: "GET", Origin: "https://a"},
			[]string{"https://a", "GET", "ETag, x-more", "5", "true", vary}, 1,
		},
		{"names lie beside the values", preflight("X-B,a"), []string{"https://a", "GET", "ETag", "5", "true", vary, "x-b, a"}, 1},
		{"84 bytes of names do", preflight(long + "Y"), []string{"https://a", "GET", "ETag", "5", "true", vary, long + "y"}, 1},
		{"85 bytes have memory of their own", preflight(long + "YY"), []string{"https://a", "GET", "ETag", "5", "true", vary, long + "yy"}, 2},
		{"commas are no names", preflight(", ,"), []string{"https://a", "GET", "ETag", "5", "true", vary}, 1},
		{"no rule", s3cors.Request{Method: "GET", Origin: "https://b"}, nil, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := p.Evaluate(row.request)
			require.Equal(t, row.want, d.FieldValues())
			require.Equal(t, row.allocations, allocations(func() { d.FieldValues() }))
		})
	}
}

func TestFieldValuesOfAnEmptyOrigin(t *testing.T) {
	rule := s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}
	p, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{rule}}, s3cors.WithDialect(s3cors.Ceph), s3cors.VaryAlways())
	require.NoError(t, err)
	d := p.Evaluate(s3cors.Request{Method: "GET", EmptyOrigin: true, Authorization: true})
	require.Equal(t, s3cors.Granted, d.Outcome())
	require.Equal(t, []string{"", "", "", "", "", "Origin"}, d.FieldValues())
	require.Equal(t, valuesOf(&d), d.FieldValues())
}

// BenchmarkRefusal is the body of a refusal, of parts that lie ready, and of the error.
func BenchmarkRefusal(b *testing.B) {
	d := s3cors.NoSuchBucket(s3cors.UniformRefusals()).Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://b", RequestMethod: "PUT"})
	ids := s3cors.IDs{RequestID: strings.Repeat("R", 16), HostID: strings.Repeat("H", 76)}
	room := make([]byte, 0, 1024)
	b.Run("ready", func(b *testing.B) {
		for b.Loop() {
			d.AppendRefusal(room, ids)
		}
	})
	b.Run("obvious", func(b *testing.B) {
		for b.Loop() {
			d.Refusal().AppendXML(room, ids)
		}
	})
}

// BenchmarkFieldValues is the reading of all fields, at once and one by one.
func BenchmarkFieldValues(b *testing.B) {
	p := compile(b, rule([]string{"https://a"}, []string{"GET"}, "*"))
	var values []string
	for name, headers := range map[string]string{"no names": "", "five names": "authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token"} {
		d := p.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://a", RequestMethod: "GET", RequestHeaders: headers})
		b.Run(name+"/at once", func(b *testing.B) {
			for b.Loop() {
				values = d.FieldValues()
			}
		})
		b.Run(name+"/obvious", func(b *testing.B) {
			for b.Loop() {
				values = valuesOf(&d)
			}
		})
	}
	runtime.KeepAlive(values)
}
