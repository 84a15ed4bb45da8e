// Package serve is the HTTP server of the page to paste a policy into. It answers on
// loopback alone, and to the page that it has served alone.
package serve

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/page"
)

// assets are the files of the page.
//
//go:embed assets
var assets embed.FS

// Assets returns the files of the page, with index.html at the top.
func Assets() fs.FS { return subfolder(assets, "assets") }

// maxBody bounds the input of a call: a document of 4 MiB, in which each character
// may be an escape, or an archive that was pasted.
const maxBody = 16 << 20

// Policy is the Content-Security-Policy of the page. Nothing is loaded from elsewhere,
// nothing in the text of a page runs, and no text becomes markup.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// New returns a server for a listener, to which it will listen.
func New(listener net.Listener) *http.Server {
	return &http.Server{
		Handler:           Handler(listener.Addr().String()),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}

// Listen listens on an address, which has to be one of loopback.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("the page is for this machine alone: give an address of loopback, such as 127.0.0.1:0")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if ip := listener.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() { // whatever localhost is here
		listener.Close()
		return nil, errors.New(ip.String() + " is not an address of loopback")
	}
	return listener, nil
}

// Handler returns what answers on an address, such as "127.0.0.1:8080".
func Handler(address string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(Assets()))
	calls := &calls{slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	mux.Handle("POST /call/{name}", calls)
	return guard(hostsOf(address), mux)
}

// hostsOf returns the values of Host with which browsers ask for the page. A name of
// somebody else's that leads here (DNS rebinding) is not among them.
func hostsOf(address string) map[string]bool {
	hosts := map[string]bool{strings.TrimSuffix(address, ":80"): true}
	if _, port, err := net.SplitHostPort(address); err == nil {
		hosts[strings.TrimSuffix("localhost:"+port, ":80")] = true
	}
	return hosts
}

// guard lets requests pass that the page itself, or its user, has made.
func guard(hosts map[string]bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !hosts[r.Host]:
			http.Error(w, "this server has another name", http.StatusMisdirectedRequest)
		case isForeign(r):
			http.Error(w, "this page is not for other pages", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isForeign reports whether a page of another origin has made a request. A person who
// follows a link to the page, or types its address, comes with a GET.
func isForeign(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) > 1 || len(origins) == 1 && origins[0] != "http://"+r.Host {
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
}

// calls answers the calls of the page, some at a time. One that waits while the page asks
// something newer is never answered, so that typing does not pile up work.
type calls struct{ slots chan struct{} }

func (c *calls) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A form of another page cannot have this type, and no script without asking first.
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		http.Error(w, "the input of a call is application/json", http.StatusUnsupportedMediaType)
		return
	}
	input, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		http.Error(w, "the text is too long: 16 MiB are read", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the text did not arrive", http.StatusBadRequest)
		return
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-r.Context().Done():
		return
	}
	if r.Context().Err() != nil {
		return
	}
	answerCall(w, r.PathValue("name"), input)
}

// answerCall answers a call with this input.
func answerCall(w http.ResponseWriter, name string, input []byte) {
	output, err := page.Call(name, input)
	var wrong *page.InputError
	switch {
	case errors.Is(err, page.ErrNoCall):
		http.Error(w, err.Error(), http.StatusNotFound)
	case errors.As(err, &wrong):
		http.Error(w, wrong.Text, http.StatusUnprocessableEntity)
	case err != nil:
		http.Error(w, "this has no answer: "+err.Error(), http.StatusInternalServerError)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Write(output) // if that fails, the page is gone
	}
}
