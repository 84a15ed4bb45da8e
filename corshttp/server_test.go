package corshttp_test

import (
	"context"
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

func preflight(target string) *http.Request {
	return request("OPTIONS", target, "Origin", origin, "Access-Control-Request-Method", "GET")
}

func TestOneServerIsTheWholeOfCORS(t *testing.T) {
	server := &corshttp.Server{Store: &corsserver.MemoryStore{}, Authorize: allow}
	handler := server.Handler(ok)
	require.Equal(t, 403, do(handler, preflight("/bucket/key")).StatusCode)
	require.Equal(t, 200, do(handler, put("/bucket?cors", []byte(document))).StatusCode)
	res := do(handler, preflight("/bucket/key"))
	require.Equal(t, 200, res.StatusCode)
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
	require.Equal(t, printed, bodyOf(t, do(handler, request("GET", "/bucket?cors"))))
	require.Equal(t, 204, do(handler, request("DELETE", "/bucket?cors")).StatusCode)
	require.Equal(t, 403, do(handler, preflight("/bucket/key")).StatusCode)
	require.Equal(t, "ok", bodyOf(t, do(handler, request("GET", "/bucket/key"))))
}

func TestTheHandlersOfAServerShareItsCache(t *testing.T) {
	store := &scripted{Store: stored(t, document, "bucket")}
	server := &corshttp.Server{Store: store, TTL: -1, Authorize: allow}
	first, second := server.CORS(ok), server.Handler(ok)
	for _, handler := range []http.Handler{first, second, server.Preflights()} {
		require.Equal(t, 200, do(handler, preflight("/bucket/key")).StatusCode)
	}
	require.Equal(t, 1, store.asked())
	require.Equal(t, 204, do(second, request("DELETE", "/bucket?cors")).StatusCode)
	require.Equal(t, 403, do(first, preflight("/bucket/key")).StatusCode)
}

func TestAServerForgetsBucketsWithItsStore(t *testing.T) {
	store := stored(t, document, "bucket")
	server := &corshttp.Server{Store: store, TTL: -1}
	handler := server.CORS(ok)
	require.Equal(t, 200, do(handler, preflight("/bucket/key")).StatusCode)
	require.NoError(t, server.Cache().Forget(t.Context(), "bucket"))
	require.Equal(t, 403, do(handler, preflight("/bucket/key")).StatusCode)
	document, err := store.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Nil(t, document)
}

func TestPoliciesTakeThePlaceOfTheCache(t *testing.T) {
	server := &corshttp.Server{Store: stored(t, open, "bucket"), Policies: corshttp.OnePolicy(policyOf(t, document))}
	require.Nil(t, server.Cache())
	require.Equal(t, origin, do(server.CORS(ok), preflight("/bucket/key")).Header.Get("Access-Control-Allow-Origin"))
}

func TestTheSubresourceBesidePoliciesHasTheStoreItself(t *testing.T) {
	store := stored(t, refusable, "bucket")
	server := &corshttp.Server{Store: store, Policies: corshttp.OnePolicy(policyOf(t, open)), Lenient: true, Authorize: allow}
	handler := server.Handler(ok)
	res := do(handler, request("GET", "/bucket?cors"))
	require.Equal(t, 200, res.StatusCode)
	require.Contains(t, bodyOf(t, res), "<AllowedMethod>get</AllowedMethod>", "it is as lenient as the server")
	require.Equal(t, 200, do(handler, put("/bucket?cors", []byte(document))).StatusCode)
	kept, err := store.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, document, string(kept))
}

func TestWhatNeedsNoPolicyAsksNoStore(t *testing.T) {
	for _, row := range []struct {
		name   string
		r      *http.Request
		status int
	}{
		{"no Origin", request("GET", "/bucket/key"), 200},
		{"an empty Origin", request("GET", "/bucket/key", "Origin", " "), 200},
		{"a preflight without Origin", request("OPTIONS", "/bucket/key"), 400},
		{"an invalid method", request("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "get"), 400},
		{"an invalid name", request("GET", "/bucket/key", "Origin", origin, "Access-Control-Request-Headers", "a b"), 400},
		{"too large values", request("GET", "/bucket/key", "Origin", origin, "Access-Control-Request-Headers", strings.Repeat("a", 8192)), 400},
		{"the service root", preflight("/"), 403},
	} {
		t.Run(row.name, func(t *testing.T) {
			store := &scripted{Store: &corsserver.MemoryStore{}}
			server := &corshttp.Server{Store: store, Observe: func(*http.Request, corsserver.Verdict) {}}
			require.Equal(t, row.status, do(server.CORS(ok), row.r).StatusCode)
			require.Zero(t, store.asked())
		})
	}
}

func TestVaryConfiguredAsksTheStoreForEveryRequest(t *testing.T) {
	server := &corshttp.Server{Store: stored(t, document, "bucket"), Options: []s3cors.Option{s3cors.VaryConfigured()}}
	handler := server.CORS(ok)
	require.Equal(t, varyValue, do(handler, request("GET", "/bucket/key")).Header.Get("Vary"))
	require.Equal(t, varyValue, do(handler, request("GET", "/bucket/key", "Origin", stranger)).Header.Get("Vary"))
	require.Empty(t, do(handler, request("GET", "/other/key")).Header.Get("Vary"))
	require.Empty(t, do(handler, request("GET", "/")).Header.Get("Vary"))
}

func TestCheckDecidesAndDoesNothing(t *testing.T) {
	var observed int
	server := &corshttp.Server{Store: stored(t, document, "bucket"), Observe: func(*http.Request, corsserver.Verdict) { observed++ }}
	v := server.Check(request("GET", "/bucket/some/key", "Origin", origin))
	require.Equal(t, corsserver.Address{Bucket: "bucket", Key: "some/key"}, v.Address)
	require.Equal(t, s3cors.Granted, v.Decision.Outcome())
	require.NoError(t, v.Err)
	require.Equal(t, s3cors.NotCORS, server.Check(request("GET", "/bucket/key")).Decision.Outcome())
	require.Zero(t, observed)
}

func TestCheckAtTakesTheAddressOfARouter(t *testing.T) {
	server := &corshttp.Server{Store: stored(t, document, "bucket")}
	a := corsserver.Address{Bucket: "bucket", Key: "key"}
	v := server.CheckAt(request("GET", "/elsewhere", "Origin", origin), a)
	require.Equal(t, a, v.Address)
	require.Equal(t, s3cors.Granted, v.Decision.Outcome())
	v = server.CheckAt(request("GET", "/elsewhere"), a)
	require.Equal(t, a, v.Address)
	require.Equal(t, s3cors.NotCORS, v.Decision.Outcome())
}

func TestWhatStandsInFrontCanLetPagesReadItsAnswers(t *testing.T) {
	server := &corshttp.Server{Store: stored(t, document, "bucket")}
	limit := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v := server.Check(r); v.Decision.Status() == 0 {
			corshttp.SetFields(w.Header(), v.Decision)
		}
		http.Error(w, "slow down", http.StatusTooManyRequests)
	})
	res := do(limit, request("GET", "/bucket/key", "Origin", origin))
	require.Equal(t, 429, res.StatusCode)
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
	require.Empty(t, corsFields(do(limit, request("GET", "/bucket/key", "Origin", stranger)).Header))
}

func TestPreflightsAreForTheOPTIONSRouteOfARouter(t *testing.T) {
	server := &corshttp.Server{Store: stored(t, document, "bucket"), IDs: func(*http.Request) s3cors.IDs { return s3cors.IDs{RequestID: "R", HostID: "H"} }}
	mux := http.NewServeMux()
	mux.Handle("OPTIONS /{bucket}/{key...}", server.Preflights())
	mux.Handle("GET /{bucket}/{key...}", server.CORS(ok))
	res := do(mux, preflight("/bucket/key"))
	require.Equal(t, 200, res.StatusCode)
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
	require.Empty(t, cmp.Diff(granted(), corsFields(do(mux, request("GET", "/bucket/key", "Origin", origin)).Header)))

	for _, method := range []string{"POST", "PUT"} { // of which the document allows one
		res = do(server.Preflights(), request(method, "/bucket/key", "Origin", origin))
		require.Equal(t, 405, res.StatusCode)
		require.Equal(t, "OPTIONS", res.Header.Get("Allow"))
		require.Empty(t, corsFields(res.Header))
		require.NotContains(t, res.Header, "Connection")
		require.Equal(t, errorBody("Code", "MethodNotAllowed", "Message", "The specified method is not allowed against this resource.",
			"Method", method, "ResourceType", "OBJECT", "RequestId", "R", "HostId", "H"), bodyOf(t, res))
	}
	res = do(server.Preflights(), put("/bucket/key", []byte("body")))
	require.Equal(t, 405, res.StatusCode)
	require.Equal(t, []string{"close"}, res.Header["Connection"], "the body is left")
}

func TestAFallbackForBucketsThatDoNotExist(t *testing.T) {
	store := &corsserver.MemoryStore{Exists: existing}
	for _, row := range []struct {
		forMissing bool
		status     int
	}{{false, 403}, {true, 200}} {
		server := &corshttp.Server{Store: store, Fallback: policyOf(t, document), FallbackForMissing: row.forMissing}
		require.Equal(t, 200, do(server.CORS(ok), preflight("/bucket/key")).StatusCode)
		require.Equal(t, row.status, do(server.CORS(ok), preflight("/"+missing+"/key")).StatusCode)
	}
	failing := &corshttp.Server{Policies: func(context.Context, string) (*s3cors.Policy, error) { return nil, errors.New("no") },
		Fallback: policyOf(t, document), FallbackForMissing: true}
	require.Equal(t, 500, do(failing.CORS(ok), preflight("/bucket/key")).StatusCode, "no fault opens a bucket")
}

func TestUniformRefusalsTellNoBucketsApart(t *testing.T) {
	store := &corsserver.MemoryStore{Exists: existing}
	require.NoError(t, store.PutCORS(t.Context(), "configured", []byte(open)))
	server := &corshttp.Server{Store: store, Options: []s3cors.Option{s3cors.UniformRefusals()}}
	handler := server.CORS(ok)
	r := func(bucket string) *http.Request {
		return request("OPTIONS", "/"+bucket+"/key", "Origin", origin, "Access-Control-Request-Method", "PUT")
	}
	want := do(handler, r("configured"))
	body := bodyOf(t, want)
	require.Contains(t, body, "This CORS request is not allowed.")
	for _, bucket := range []string{"unconfigured", missing} {
		res := do(handler, r(bucket))
		require.Equal(t, want.StatusCode, res.StatusCode)
		require.Empty(t, cmp.Diff(want.Header, res.Header))
		require.Equal(t, body, bodyOf(t, res))
	}
}

// refusable is a document that S3 would refuse.
const refusable = `[{"AllowedOrigins":["https://app.example","https://*.a.*"],"AllowedMethods":["GET","get"],"ExposeHeaders":["ETag","*"]}]`

func TestALenientServerLetsStoredConfigurationsCount(t *testing.T) {
	store := stored(t, refusable, "bucket")
	require.NoError(t, store.PutCORS(t.Context(), "broken", []byte("<CORSConfiguration><CORSRule>")))

	strict := (&corshttp.Server{Store: store, Authorize: allow}).Handler(ok)
	require.Equal(t, 500, do(strict, preflight("/bucket/key")).StatusCode)
	require.Equal(t, 500, do(strict, request("GET", "/bucket?cors")).StatusCode)

	lenient := (&corshttp.Server{Store: store, Authorize: allow, Lenient: true}).Handler(ok)
	res := do(lenient, preflight("/bucket/key"))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, "GET", res.Header.Get("Access-Control-Allow-Methods"))
	require.Equal(t, "ETag", res.Header.Get("Access-Control-Expose-Headers"))
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule>`+
		`<AllowedOrigin>https://app.example</AllowedOrigin><AllowedOrigin>https://*.a.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>get</AllowedMethod>`+
		`<ExposeHeader>ETag</ExposeHeader><ExposeHeader>*</ExposeHeader></CORSRule></CORSConfiguration>`,
		bodyOf(t, do(lenient, request("GET", "/bucket?cors"))))
	require.Equal(t, 500, do(lenient, preflight("/broken/key")).StatusCode)
	require.Equal(t, 500, do(lenient, request("GET", "/broken?cors")).StatusCode)
	require.Equal(t, 400, do(lenient, put("/bucket?cors", []byte(refusable))).StatusCode, "PUT is as strict in any case")
}

func TestCorsserverKnowsNoHTTPLibrary(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "github.com/s3cors/s3cors/corsserver").Output()
	require.NoError(t, err)
	packages := strings.Fields(string(out))
	require.Contains(t, packages, "github.com/s3cors/s3cors")
	require.NotContains(t, packages, "net/http")
	require.NotContains(t, packages, "net")
}

// TestACacheIsTheCache has a Server that is given a cache as its store: what that cache is
// told counts.
func TestACacheIsTheCache(t *testing.T) {
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}}
	require.Same(t, cache, (&corshttp.Server{Store: cache}).Cache())
	require.NotSame(t, cache, (&corshttp.Server{Store: cache.Store}).Cache())
}

func TestTheCacheOfAServerHasItsSettings(t *testing.T) {
	server := &corshttp.Server{Store: &corsserver.MemoryStore{}, TTL: time.Hour, MaxBytes: 1 << 20, Lenient: true}
	cache := server.Cache()
	require.Same(t, server.Store, cache.Store)
	require.Equal(t, time.Hour, cache.TTL)
	require.Equal(t, 1<<20, cache.MaxBytes)
	require.True(t, cache.Lenient)
}

// TestTheSettingsOfACacheAreThoseOfItsServer asks for what Options and Lenient change
// outside the cache, too.
func TestTheSettingsOfACacheAreThoseOfItsServer(t *testing.T) {
	cache := &corsserver.Cache{Store: stored(t, refusable, "bucket"), Lenient: true, Options: []s3cors.Option{s3cors.VaryAlways()}}
	handler := (&corshttp.Server{Store: cache, Authorize: allow}).Handler(ok)
	require.Equal(t, "Origin, Access-Control-Request-Headers, Access-Control-Request-Method", do(handler, request("GET", "/bucket/key")).Header.Get("Vary"))
	require.Equal(t, 200, do(handler, request("GET", "/bucket?cors")).StatusCode)
}
