//go:build go1.26

package corsserver_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// grants returns a configuration that grants a GET to an origin.
func grants(origin string) *s3cors.Configuration {
	return &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{origin}, AllowedMethods: []string{"GET"}}}}
}

// A loader is a Cache.Load that counts what it is asked.
type loader struct {
	configuration *s3cors.Configuration
	err           error
	asked         []string
}

func (l *loader) load(_ context.Context, bucket string) (*s3cors.Configuration, error) {
	l.asked = append(l.asked, bucket)
	return l.configuration, l.err
}

func TestTheCacheLoadsConfigurations(t *testing.T) {
	refused := grants(origin)
	refused.CORSRules[0].ExposeHeaders = []string{"*", "ETag"}
	for _, tt := range []struct {
		name    string
		loader  loader
		lenient bool
		outcome s3cors.Outcome
		err     string // what the error begins with; "": there is none
		kept    bool
	}{
		{"nil is no configuration", loader{}, false, s3cors.NotEnabled, "", true},
		{"nil is no configuration, leniently", loader{}, true, s3cors.NotEnabled, "", true},
		{"one that grants", loader{configuration: grants(origin)}, false, s3cors.Granted, "", true},
		{"one that does not", loader{configuration: grants(stranger)}, false, s3cors.NoMatch, "", true},
		{"one without rules", loader{configuration: &s3cors.Configuration{}}, false, 0,
			"corsserver: the stored CORS document is invalid: CORSRules: MalformedXML", true},
		{"one without rules, leniently", loader{configuration: &s3cors.Configuration{}}, true, s3cors.NoMatch, "", true},
		{"one that S3 would refuse", loader{configuration: refused}, false, 0,
			"corsserver: the stored CORS document is invalid: CORSRules[0].ExposeHeaders[0]: InvalidRequest", true},
		{"one that S3 would refuse, leniently", loader{configuration: refused}, true, s3cors.Granted, "", true},
		{"a bucket that does not exist", loader{err: corsserver.ErrNoSuchBucket}, false, s3cors.NoBucket, "", false},
		{"a bucket that does not exist, with a reason", loader{configuration: grants(origin), err: fmt.Errorf("load: %w", corsserver.ErrNoSuchBucket)}, false,
			s3cors.NoBucket, "", false},
		{"an error", loader{configuration: grants(origin), err: errStore}, false, 0, errStore.Error(), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := tt.loader
			cache := &corsserver.Cache{Load: l.load, Lenient: tt.lenient, TTL: -1}
			for range 2 {
				policy, err := cache.Policy(t.Context(), "bucket")
				if tt.err != "" {
					require.Nil(t, policy)
					require.ErrorContains(t, err, tt.err)
					_, isS3 := errors.AsType[*s3cors.Error](err)
					require.False(t, isS3)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, tt.outcome, policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).Outcome())
			}
			want := []string{"bucket"}
			if !tt.kept {
				want = append(want, "bucket")
			}
			require.Equal(t, want, l.asked)
		})
	}
}

func TestLoadTakesThePlaceOfTheStore(t *testing.T) {
	l := &loader{configuration: grants(stranger)}
	store := &scripted{Store: stored(t, document, "bucket")}
	cache := &corsserver.Cache{Store: store, Load: l.load}
	require.Equal(t, s3cors.NoMatch, outcome(t, cache, "bucket"))
	require.Zero(t, store.asked())
	got, err := cache.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, document, string(got), "as a store it is the one behind it")

	l.configuration = grants(origin)
	require.Equal(t, s3cors.NoMatch, outcome(t, cache, "bucket"))
	require.NoError(t, cache.PutCORS(t.Context(), "bucket", []byte(document)))
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
	require.Equal(t, []string{"bucket", "bucket"}, l.asked)
}

func TestALoadedConfigurationIsNotKept(t *testing.T) {
	l := &loader{configuration: grants(origin)}
	cache := &corsserver.Cache{Load: l.load, TTL: -1}
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
	l.configuration.CORSRules[0].AllowedOrigins[0] = stranger
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
	cache.Invalidate("bucket")
	require.Equal(t, s3cors.NoMatch, outcome(t, cache, "bucket"))
}

func TestALoadedConfigurationIsAskedForAgainAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &loader{configuration: grants(origin)}
		cache := &corsserver.Cache{Load: l.load}
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.Equal(t, 192+512+(6+1)+128+(19+4+112)+6, corsserver.Bytes(cache))
		l.configuration.CORSRules[0].AllowedOrigins[0] = stranger // the same pointer, and another configuration
		time.Sleep(corsserver.DefaultTTL - time.Nanosecond)
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		time.Sleep(time.Nanosecond)
		require.Equal(t, s3cors.NoMatch, outcome(t, cache, "bucket"))
		require.Equal(t, 1, corsserver.Entries(cache))
		require.Equal(t, 192+512+(6+1)+128+(20+5+112)+6, corsserver.Bytes(cache), "it counts once")
	})
}

func TestALoadThatPanicsIsAnError(t *testing.T) {
	cache := &corsserver.Cache{Load: func(context.Context, string) (*s3cors.Configuration, error) { panic("oops") }}
	_, err := cache.Policy(t.Context(), "bucket")
	require.ErrorContains(t, err, "corsserver: panic while loading: oops\n")
}

// refusedDocuments are documents that S3 would refuse, in the order of what can be
// made of them.
var refusedDocuments = []struct {
	name, document string
	strict         string // what the strict cache says
	outcome        s3cors.Outcome
	unreadable     bool   // leniently, too
	printed        string // the rules that GET ?cors prints leniently
}{
	{"an exposed star", `[{"AllowedOrigins":["https://app.example"],"AllowedMethods":["GET"],"ExposeHeaders":["*"]}]`,
		"1:86: CORSRules[0].ExposeHeaders[0]: InvalidRequest", s3cors.Granted, false,
		"<CORSRule><AllowedOrigin>https://app.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>*</ExposeHeader></CORSRule>"},
	{"a method that S3 does not know", `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`,
		"1:77: CORSRules[0].AllowedMethods[0]: InvalidRequest", s3cors.Granted, false,
		"<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod><AllowedMethod>GET</AllowedMethod></CORSRule>"},
	{"two stars", `[{"AllowedOrigins":["https://*.*"],"AllowedMethods":["GET"]}]`,
		"1:21: CORSRules[0].AllowedOrigins[0]: InvalidRequest", s3cors.NoMatch, false,
		"<CORSRule><AllowedOrigin>https://*.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"},
	{"an unknown element", `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><Extra>1</Extra></CORSRule></CORSConfiguration>`,
		"1:96: CORSRules[0].Extra: MalformedXML", s3cors.Granted, false,
		"<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"},
	{"no rules", `<CORSConfiguration/>`, "1:1: CORSRules: MalformedXML", s3cors.NoMatch, false, ""},
	{"another schema", `<Tagging/>`, "1:1: CORSConfiguration: MalformedXML", 0, true, ""},
	{"no bytes", "", "1:1: CORSConfiguration: MalformedXML", 0, true, ""},
	{"what breaks off", `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>`,
		"1:107: CORSConfiguration: MalformedXML", 0, true, ""},
	{"garbage", "garbage", "1:1: CORSConfiguration: MalformedXML", 0, true, ""},
}

func TestTheCacheIsStrictUnlessItIsLenient(t *testing.T) {
	for _, tt := range refusedDocuments {
		t.Run(tt.name, func(t *testing.T) {
			store := &scripted{Store: stored(t, tt.document, "bucket")}
			for range 2 {
				policy, err := (&corsserver.Cache{Store: store}).Policy(t.Context(), "bucket")
				require.Nil(t, policy)
				require.ErrorContains(t, err, "corsserver: the stored CORS document is invalid: "+tt.strict)
			}
			lenient := &corsserver.Cache{Store: store, Lenient: true}
			require.Equal(t, 2, store.asked())
			for range 2 {
				policy, err := lenient.Policy(t.Context(), "bucket")
				if tt.unreadable {
					require.Nil(t, policy)
					require.ErrorContains(t, err, "corsserver: the stored CORS document is invalid: "+tt.strict)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, s3cors.StateConfigured, policy.State())
				require.Equal(t, tt.outcome, policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).Outcome())
			}
			require.Equal(t, 3, store.asked(), "what the document is worth is kept")
		})
	}
}

func TestGETPrintsWhatALenientServerUnderstands(t *testing.T) {
	for _, tt := range refusedDocuments {
		t.Run(tt.name, func(t *testing.T) {
			store := stored(t, tt.document, "bucket")
			strict := get(&corsserver.Subresource{Store: store})
			require.Empty(t, cmp.Diff(corsserver.Reply{Status: 500, Refusal: s3cors.InternalError()}, withoutErr(strict)))
			require.ErrorContains(t, strict.Err, "corsserver: the stored CORS document is invalid: "+tt.strict)

			lenient := get(&corsserver.Subresource{Store: store, Lenient: true})
			if tt.unreadable {
				require.Empty(t, cmp.Diff(withoutErr(strict), withoutErr(lenient)))
				require.EqualError(t, lenient.Err, strict.Err.Error())
				return
			}
			require.NoError(t, lenient.Err)
			require.Empty(t, cmp.Diff(corsserver.Reply{Status: 200, Body: []byte(xmlHead + tt.printed + "</CORSConfiguration>")}, lenient))
		})
	}
	for _, lenient := range []bool{false, true} { // what S3 accepts is printed alike
		reply := get(&corsserver.Subresource{Store: stored(t, open, "bucket"), Lenient: lenient})
		require.Empty(t, cmp.Diff(corsserver.Reply{Status: 200, Body: []byte(xmlHead + "<CORSRule><AllowedOrigin>*</AllowedOrigin>" +
			"<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>")}, reply))
	}
}

// xmlHead is what GET ?cors prints before the rules.
const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`

// get asks for the configuration of the bucket.
func get(s *corsserver.Subresource) corsserver.Reply {
	return s.Serve(context.Background(), &corsserver.Call{
		Method: "GET", Query: "cors", Address: corsserver.Address{Bucket: "bucket"},
		Header:    func(string) []string { return nil },
		Authorize: func() *s3cors.Error { return nil },
	})
}

// withoutErr is a reply without its Err, which go-cmp cannot compare.
func withoutErr(r corsserver.Reply) corsserver.Reply {
	r.Err = nil
	return r
}

// unforgetful is a store that has no Forget.
type unforgetful struct{ corsserver.Store }

// A forgetter is a store whose Forget fails.
type forgetter struct {
	corsserver.Store
	forgotten []string
}

func (f *forgetter) Forget(_ context.Context, bucket string) error {
	f.forgotten = append(f.forgotten, bucket)
	return errStore
}

func TestForgetABucketThatIsGone(t *testing.T) {
	ctx := t.Context()
	t.Run("with its document", func(t *testing.T) {
		there := true
		store := &corsserver.MemoryStore{Exists: func(context.Context, string) (bool, error) { return there, nil }}
		require.NoError(t, store.PutCORS(ctx, "bucket", []byte(document)))
		cache := &corsserver.Cache{Store: store, TTL: -1}
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		there = false
		require.NoError(t, cache.Forget(ctx, "bucket"), "which need not exist")
		require.Equal(t, s3cors.NoBucket, outcome(t, cache, "bucket"))
		there = true
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"), "the next one inherits nothing")
	})
	t.Run("in a store that cannot", func(t *testing.T) {
		store := &scripted{Store: stored(t, document, "bucket")}
		cache := &corsserver.Cache{Store: unforgetful{store}, TTL: -1}
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.NoError(t, cache.Forget(ctx, "bucket"))
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.Equal(t, 2, store.asked(), "the cache has forgotten")
	})
	t.Run("in a store that fails", func(t *testing.T) {
		store := &forgetter{Store: stored(t, document, "bucket")}
		cache := &corsserver.Cache{Store: store, TTL: -1}
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.ErrorIs(t, cache.Forget(ctx, "bucket"), errStore)
		require.Equal(t, []string{"bucket"}, store.forgotten)
		require.Zero(t, corsserver.Entries(cache), "who knows what was done")
	})
	t.Run("without a store", func(t *testing.T) {
		l := &loader{configuration: grants(origin)}
		cache := &corsserver.Cache{Load: l.load, TTL: -1}
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.NoError(t, cache.Forget(ctx, "bucket"))
		require.Zero(t, corsserver.Entries(cache))
	})
}

func TestAQuestionThatBeganBeforeForgetIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, let := gate(t)
		cache := &corsserver.Cache{Store: &forgetting{store}, TTL: -1}
		early := asking(t, cache, "bucket")
		require.NoError(t, cache.Forget(t.Context(), "bucket"))
		late := asking(t, cache, "bucket")
		close(let)
		require.Equal(t, s3cors.Granted, early())
		require.Equal(t, s3cors.NotEnabled, late())
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
		require.Equal(t, 2, store.asked())
	})
}

// forgetting is a scripted store that can forget.
type forgetting struct{ *scripted }

func (f *forgetting) Forget(ctx context.Context, bucket string) error {
	return f.Store.DeleteCORS(ctx, bucket)
}
