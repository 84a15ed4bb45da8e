package corshttp_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// foreign sets CORS fields as servers do that know of no buckets.
func foreign(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Add("Access-Control-Allow-Origin", "https://twice.example")
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Private-Network", "true")
	h["access-control-expose-headers"] = []string{"*"} // which is sent as it is
}

// senders are ways to send the header.
var senders = map[string]func(w http.ResponseWriter){
	"nothing":           func(http.ResponseWriter) {},
	"WriteHeader":       func(w http.ResponseWriter) { w.WriteHeader(200) },
	"Write":             func(w http.ResponseWriter) { _, _ = w.Write([]byte("x")) },
	"WriteString":       func(w http.ResponseWriter) { _, _ = io.WriteString(w, "x") },
	"ReadFrom":          func(w http.ResponseWriter) { _, _ = io.Copy(w, reader("x")) },
	"Flush":             func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
	"a controller":      func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
	"a panic":           func(http.ResponseWriter) { panic("oops") },
	"a panic after all": func(w http.ResponseWriter) { _, _ = w.Write([]byte("x")); panic("oops") },
	"early hints": func(w http.ResponseWriter) {
		w.WriteHeader(103)
		foreign(w.Header())
		w.WriteHeader(200)
	},
}

func TestOverrideReplacesForeignFields(t *testing.T) {
	for name, sent := range senders {
		for _, http2 := range []bool{false, true} {
			t.Run(fmt.Sprintf("sent by %s, http2 %v", name, http2), func(t *testing.T) {
				m := one(t, document)
				m.Override = true
				server := serve(t, recovering(m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					foreign(w.Header())
					w.Header().Set("Vary", "Accept")
					sent(w)
				}))), http2)
				res := send(t, server, "GET", "/bucket/key", "Origin", origin)
				want := granted()
				want["Vary"] = []string{"Accept", varyValue}
				require.Empty(t, cmp.Diff(want, corsFields(res.Header)))

				for _, fields := range [][]string{{"Origin", stranger}, {}} {
					res = send(t, server, "GET", "/bucket/key", fields...)
					require.Empty(t, cmp.Diff(http.Header{"Vary": {"Accept"}}, corsFields(res.Header)),
						"a refused origin gets none, and no origin gets none")
				}
			})
		}
	}
}

func TestOverrideTakesOutFieldsOfCORSAndNoOthers(t *testing.T) {
	m := one(t, document)
	m.Override = true
	handler := m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, key := range []string{"Access-Control-X", "access-control-y", "Access-Control-", "Access-Controls-Open", "Strict-Transport-Security"} {
			w.Header()[key] = []string{"theirs"}
		}
	}))
	want := granted()
	for _, key := range []string{"Access-Control-", "Access-Controls-Open", "Strict-Transport-Security"} {
		want[key] = []string{"theirs"}
	}
	res := do(handler, request("GET", "/bucket/key", "Origin", origin))
	require.Empty(t, cmp.Diff(want, res.Header))
}

func TestWithoutOverrideAHandlersFieldsStand(t *testing.T) {
	handler := one(t, document).CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}))
	for _, from := range []string{origin, stranger} {
		res := do(handler, request("GET", "/bucket/key", "Origin", from))
		require.Equal(t, []string{"*"}, res.Header["Access-Control-Allow-Origin"])
	}
}

func TestOverrideInFrontOfAProxy(t *testing.T) {
	upstream := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		foreign(w.Header())
		w.WriteHeader(http.StatusEarlyHints) // upon which ReverseProxy clears all fields
		w.WriteHeader(http.StatusNotFound)
	}), false)
	target, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	m := one(t, document)
	m.Override = true
	server := serve(t, m.CORS(proxy), false)
	res := send(t, server, "GET", "/bucket/key", "Origin", origin)
	require.Equal(t, 404, res.StatusCode)
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
	require.Empty(t, corsFields(send(t, server, "GET", "/bucket/key", "Origin", stranger).Header))
}

// A plain writer can do nothing but write.
type plain struct{ w *httptest.ResponseRecorder }

func (p plain) Header() http.Header         { return p.w.Header() }
func (p plain) WriteHeader(status int)      { p.w.WriteHeader(status) }
func (p plain) Write(b []byte) (int, error) { return p.w.Write(b) }

func TestOverrideOnAWriterThatCanDoNothing(t *testing.T) {
	m := one(t, document)
	m.Override = true
	w := httptest.NewRecorder()
	m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		control := http.NewResponseController(w)
		require.ErrorIs(t, control.Flush(), http.ErrNotSupported)
		_, _, err := control.Hijack()
		require.ErrorIs(t, err, http.ErrNotSupported)
		w.(http.Flusher).Flush()
		foreign(w.Header()) // nothing was sent yet
		_, err = io.Copy(w, reader("copied"))
		require.NoError(t, err)
		_, err = io.WriteString(w, " and written")
		require.NoError(t, err)
	})).ServeHTTP(plain{w}, request("GET", "/bucket/key", "Origin", origin))
	require.Equal(t, "copied and written", w.Body.String())
	require.Empty(t, cmp.Diff(granted(), corsFields(w.Result().Header)))
}

func TestOverrideLeavesASentHeaderAlone(t *testing.T) {
	for _, row := range []struct {
		name string
		sent func(http.ResponseWriter)
	}{
		{"by a status", func(w http.ResponseWriter) { w.WriteHeader(200) }},
		{"by a body", func(w http.ResponseWriter) { _, _ = w.Write([]byte("x")) }},
		{"by a string", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "x") }},
		{"by a body, whatever comes too late", func(w http.ResponseWriter) {
			_, _ = w.Write([]byte("x"))
			w.WriteHeader(103)
		}},
	} {
		t.Run("sent "+row.name, func(t *testing.T) {
			m := one(t, document)
			m.Override = true
			w := httptest.NewRecorder()
			m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				row.sent(w)
				w.Header().Set("Access-Control-Allow-Origin", "late")
				_, _ = w.Write([]byte("y"))
			})).ServeHTTP(w, request("GET", "/bucket/key", "Origin", origin))
			require.Equal(t, "late", w.Header().Get("Access-Control-Allow-Origin"), "which nobody will see")
			require.Equal(t, origin, w.Result().Header.Get("Access-Control-Allow-Origin"))
		})
	}
}

func TestOverrideOutlivesEveryInformationalAnswer(t *testing.T) {
	for _, status := range []int{100, 103, 199} {
		m := one(t, document)
		m.Override = true
		w := httptest.NewRecorder()
		m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			foreign(w.Header())
		})).ServeHTTP(w, request("GET", "/bucket/key", "Origin", origin))
		require.Empty(t, cmp.Diff(granted(), corsFields(w.Header())), status)
	}
}

func TestOverrideLetsTheHandlerFlush(t *testing.T) {
	m := one(t, document)
	m.Override = true
	w := httptest.NewRecorder()
	m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
	})).ServeHTTP(w, request("GET", "/bucket/key", "Origin", origin))
	require.True(t, w.Flushed)
}
