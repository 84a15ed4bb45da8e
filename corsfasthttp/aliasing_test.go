//go:build go1.26

package corsfasthttp_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
)

// fasthttp reads all requests of a connection into one buffer, and all of its
// strings are views of that. These tests send many of one length, so that whatever
// is kept without a copy turns into the next one's.

// number is i in a fixed number of digits.
func number(i int) string { return fmt.Sprintf("%04d", i) }

// own is a document for pages of one origin.
func own(origin string) string { return strings.Replace(document, "https://app.example", origin, 1) }

// A hoarder is a store that keeps all that it is given: names without a copy,
// contexts, documents. Each bucket has a document of its own.
type hoarder struct {
	mu        sync.Mutex
	names     []string
	contexts  []context.Context
	documents map[string][]byte
}

func (h *hoarder) keep(ctx context.Context, bucket string) {
	h.names = append(h.names, bucket)
	h.contexts = append(h.contexts, ctx)
}

func (h *hoarder) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keep(ctx, bucket)
	if document := h.documents[bucket]; document != nil {
		return document, nil
	}
	return []byte(own("https://" + bucket + ".example")), nil
}

func (h *hoarder) PutCORS(ctx context.Context, bucket string, document []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keep(ctx, bucket)
	h.documents[bucket] = document
	return nil
}

func (h *hoarder) DeleteCORS(ctx context.Context, bucket string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keep(ctx, bucket)
	h.documents[bucket] = nil
	return nil
}

type keyOf struct{}

// TestNoRequestOfAConnectionReachesAnother asks for 200 buckets over each of a few
// connections, twice and from two origins each.
func TestNoRequestOfAConnectionReachesAnother(t *testing.T) {
	const connections, buckets = 4, 200
	for _, override := range []bool{false, true} {
		t.Run(fmt.Sprintf("override %v", override), func(t *testing.T) {
			store := &hoarder{documents: make(map[string][]byte)}
			s := &corsfasthttp.Server{Store: store, Override: override, TTL: -1, Context: func(ctx *fasthttp.RequestCtx) context.Context {
				return context.WithValue(context.Background(), keyOf{}, string(ctx.Path()))
			}}
			dial := start(t, &fasthttp.Server{Handler: s.CORS(func(ctx *fasthttp.RequestCtx) {
				ctx.Error(string(ctx.Path()), 404) // which empties the response
			})})
			var wg sync.WaitGroup
			for n := range connections {
				c := connect(t, dial)
				wg.Go(func() {
					for i := range 2 * buckets {
						checkBucket(t, c, "bucket-"+number(n*buckets+i%buckets))
					}
				})
			}
			wg.Wait()
			require.Len(t, store.names, connections*buckets, "a policy is read once")
			seen := make(map[string]bool)
			for i, name := range store.names {
				require.Regexp(t, `^bucket-\d{4}$`, name)
				require.False(t, seen[name], "%s came twice", name)
				seen[name] = true
				require.Equal(t, "/"+name+"/key", store.contexts[i].Value(keyOf{}))
				require.ErrorIs(t, store.contexts[i].Err(), context.Canceled, "the question is over")
			}
		})
	}
}

// checkBucket asks for a bucket as its own origin does, and as another one. It is for
// goroutines, which must not end the test.
func checkBucket(t *testing.T, c *client, bucket string) {
	mine, other := "https://"+bucket+".example", "https://bucket-none.example"
	preflight := []string{"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "X-" + bucket}
	for _, tt := range []struct {
		text   string
		status int
		allow  string
	}{
		{text("GET", "/"+bucket+"/key", "Origin", mine), 404, mine},
		{text("GET", "/"+bucket+"/key", "Origin", other), 404, ""},
		{text("OPTIONS", "/"+bucket+"/key", append(preflight, "Origin", mine)...), 200, mine},
		{text("OPTIONS", "/"+bucket+"/key", append(preflight, "Origin", other)...), 403, ""},
	} {
		res, body, err := c.try(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			return
		}
		if res.StatusCode != tt.status || res.Header.Get("Access-Control-Allow-Origin") != tt.allow {
			t.Errorf("%s: %d %v", tt.text, res.StatusCode, res.Header)
		}
		if res.StatusCode == 404 && body != "/"+bucket+"/key" {
			t.Errorf("%s: %s", tt.text, body)
		}
		if res.StatusCode == 200 && res.Header.Get("Access-Control-Allow-Headers") != "x-"+bucket {
			t.Errorf("%s: %v", tt.text, res.Header)
		}
	}
}

func TestWhatPoliciesKeepsStaysAsItIs(t *testing.T) {
	policies := make(map[string]*s3cors.Policy) // by a name that is not copied
	s := &corsfasthttp.Server{Policies: func(_ context.Context, bucket string) (*s3cors.Policy, error) {
		if policies[bucket] == nil {
			policies[bucket] = policyOf(t, own("https://"+bucket+".example"))
		}
		return policies[bucket], nil
	}}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(ok)}))
	for i := range 200 {
		origin := "https://bucket-" + number(i%100) + ".example"
		res, _ := c.send(text("GET", "/bucket-"+number(i%100)+"/key", "Origin", origin))
		require.Equal(t, origin, res.Header.Get("Access-Control-Allow-Origin"))
	}
	require.Len(t, policies, 100)
	for i := range 100 {
		require.Contains(t, policies, "bucket-"+number(i))
	}
}

func TestAnAddressMayBeKeptByAuthorizeAndADocumentByTheStore(t *testing.T) {
	store := &hoarder{documents: make(map[string][]byte)}
	var addresses []corsserver.Address
	s := &corsfasthttp.Server{Store: store, Authorize: func(_ *fasthttp.RequestCtx, a corsserver.Address) *s3cors.Error {
		addresses = append(addresses, a)
		return nil
	}}
	for _, streams := range []bool{false, true} {
		c := connect(t, start(t, &fasthttp.Server{Handler: s.Handler(unreachable(t)), StreamRequestBody: streams}))
		addresses = nil
		for i := range 100 {
			res, body := c.send(put("/bucket-"+number(i)+"/key-"+number(i)+"?cors", []byte(own("https://app-"+number(i)+".example"))))
			require.Equal(t, 200, res.StatusCode, body)
		}
		for i := range 100 {
			bucket := "bucket-" + number(i)
			require.Equal(t, corsserver.Address{Bucket: bucket, Key: "key-" + number(i)}, addresses[i])
			require.Equal(t, own("https://app-"+number(i)+".example"), string(store.documents[bucket]))
		}
		require.Len(t, store.documents, 100)
	}
}

func TestAVerdictOfCheckMayBeKept(t *testing.T) {
	s := &corsfasthttp.Server{Policies: corsfasthttp.OnePolicy(policyOf(t, open)), Address: corsfasthttp.VirtualHosted("s3.example")}
	var verdicts []corsserver.Verdict
	c := connect(t, start(t, &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) { verdicts = append(verdicts, s.Check(ctx)) }}))
	send := func(i int) {
		r := text("OPTIONS", "/key-"+number(i), "Origin", "https://app.example", "Access-Control-Request-Method", "X"+number(i))
		c.send(strings.Replace(r, "s3.example", "bucket-"+number(i)+".s3.example", 1))
	}
	for i := range 50 {
		send(i)
	}
	for i, v := range verdicts {
		require.Equal(t, corsserver.Address{Bucket: "bucket-" + number(i), Key: "key-" + number(i)}, v.Address)
		require.Equal(t, "Invalid Access-Control-Request-Method: X"+number(i), v.Decision.Refusal().Message)
	}
}

func TestCheckAtTakesTheAddressOfARouter(t *testing.T) {
	s := &corsfasthttp.Server{Policies: corsfasthttp.OnePolicy(policyOf(t, open))}
	a := corsserver.Address{Bucket: "bucket", Key: "key"}
	var verdicts []corsserver.Verdict
	c := connect(t, start(t, &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) { verdicts = append(verdicts, s.CheckAt(ctx, a)) }}))
	c.send(text("GET", "/", "Origin", "https://app.example"))
	c.send(text("GET", "/"))
	require.Len(t, verdicts, 2)
	require.Equal(t, []corsserver.Address{a, a}, []corsserver.Address{verdicts[0].Address, verdicts[1].Address})
	require.Equal(t, []s3cors.Outcome{s3cors.Granted, s3cors.NotCORS}, []s3cors.Outcome{verdicts[0].Decision.Outcome(), verdicts[1].Decision.Outcome()})
}

// TestAHandlerMayChangeItsRequest has handlers that do with the request what proxies
// do before they send it on.
func TestAHandlerMayChangeItsRequest(t *testing.T) {
	change := func(ctx *fasthttp.RequestCtx) {
		h := &ctx.Request.Header
		h.Set("Origin", "https://bad.example") // of the same length
		h.Del("Access-Control-Request-Headers")
		h.Del("Access-Control-Request-Method")
		h.Set("X-Amz-Date", strings.Repeat("x", 40))
		h.Set("X-Amz-Content-Sha256", strings.Repeat("x", 40))
		h.SetMethod("POST")
		ctx.Request.SetRequestURI("/other/path?and=query")
		ctx.Error("moved on", 502)
	}
	for _, override := range []bool{false, true} {
		s := one(t, document)
		s.Override = override
		res, _ := ask(t, s.CORS(change), "GET", "/bucket/key", "Origin", origin,
			"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "X-B,x-a")
		want := granted()
		want["Access-Control-Allow-Headers"] = []string{"x-b, x-a"}
		require.Equal(t, 502, res.StatusCode)
		require.Empty(t, cmp.Diff(want, corsFields(res.Header)))
	}
}

// TestAProxyOfFasthttp hands both the request and the response to a client.
func TestAProxyOfFasthttp(t *testing.T) {
	upstream := start(t, &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		foreign(ctx)
		ctx.SetBody(ctx.Request.Header.Peek("Origin"))
	}})
	client := &fasthttp.HostClient{Addr: "upstream", Dial: func(string) (net.Conn, error) { return upstream(), nil }}
	t.Cleanup(client.CloseIdleConnections)
	s := one(t, document)
	s.Override = true
	c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(func(ctx *fasthttp.RequestCtx) {
		ctx.Request.Header.Set("Origin", "https://proxy.example")
		if err := client.Do(&ctx.Request, &ctx.Response); err != nil {
			panic(err)
		}
	})}))
	for range 2 {
		res, body := c.send(text("GET", "/bucket/key", "Origin", origin))
		require.Equal(t, "https://proxy.example", body)
		require.Empty(t, cmp.Diff(withVary("Accept", varyValue), corsFields(res.Header)))
		res, _ = c.send(text("GET", "/bucket/key", "Origin", stranger))
		require.Empty(t, cmp.Diff(http.Header{"Vary": {"Accept"}}, corsFields(res.Header)))
	}
}
