package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"sync"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors/corsserver"
)

// observe returns an observer that tells the log why the rules of a bucket could
// not be had, once a load: the cache keeps the error for a document that cannot be
// read, and gives it to every request.
func (g gateway) observe() func(*http.Request, corsserver.Verdict) {
	const most = 1000 // buckets to remember; then some are told of again
	var mu sync.Mutex
	told := make(map[string]error)
	return func(_ *http.Request, v corsserver.Verdict) {
		if v.Err == nil || errors.Is(v.Err, context.Canceled) { // the client has gone
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if errors.Is(v.Err, told[v.Address.Bucket]) {
			return
		}
		if len(told) >= most {
			clear(told)
		}
		told[v.Address.Bucket] = v.Err
		g.Log.Printf("the rules of bucket %s: %v", v.Address.Bucket, v.Err)
	}
}

// backendLog is gofakes3's: it tells the log what clients get an InternalError for.
type backendLog struct{ *log.Logger }

// Print implements gofakes3.Logger.
func (l backendLog) Print(level gofakes3.LogLevel, values ...any) {
	if level != gofakes3.LogErr {
		return
	}
	for _, value := range values {
		var lost *net.OpError
		if err, ok := value.(error); ok && errors.As(err, &lost) { // the client took no more
			return
		}
	}
	l.Logger.Print(values...)
}

// named returns what the log calls a request. Its query may be signed, and is
// nobody's business.
func named(r *http.Request) string { return r.Method + " " + r.Host + r.URL.EscapedPath() }
