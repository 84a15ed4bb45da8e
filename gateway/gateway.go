package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// A gateway is what an author of an S3 server has to decide. This file is all
// that it takes to put CORS in front of one; the others make up for what the
// server behind, gofakes3, does not do.
type gateway struct {
	// Host is the base name of virtual-hosted addresses; "" if there are none.
	Host string
	// Options are ways to differ from S3, and the kind of server to be.
	Options []s3cors.Option
	// Idle is how long a client may send nothing of an object, or take nothing of
	// an answer, before it is cut off; and how long it may take for the whole of a
	// CORS document.
	Idle time.Duration
	// Log is told of what clients get an InternalError for.
	Log *log.Logger
}

// handler returns the whole server, from the outside in:
//
//   - limits on what a client may send, and how slowly, and what S3's front end
//     refuses before it knows of buckets;
//   - the CORS middleware, in front of everything else that can answer a request,
//     so that errors carry CORS fields as well. It answers preflights itself, so
//     authentication, if there were any, would stand behind it, and rate limits
//     in front of it;
//   - the ?cors sub-resource, behind the middleware, since it is a resource like
//     any other;
//   - the server of buckets and objects.
//
// Everybody asks the same function what a request addresses. Were there two
// opinions, one bucket's rules could open another.
func (g gateway) handler(storage *storage) http.Handler {
	address := corshttp.PathStyle
	if g.Host != "" {
		address = corshttp.VirtualHosted(g.Host)
	}
	cors := &corshttp.Server{
		Store:   storage.Documents,
		TTL:     -1, // nobody else changes the documents, so they need not be read again
		Address: address,
		IDs:     newIDs,
		// Whoever asks may: a real server looks at the signature here, and at
		// x-amz-expected-bucket-owner.
		Authorize:   func(*http.Request, corsserver.Address) *s3cors.Error { return nil },
		BodyTimeout: g.Idle,
		Options:     g.Options,
		Override:    true, // gofakes3 says "Access-Control-Allow-Origin: *" on everything
		Failed:      func(r *http.Request, err error) { g.Log.Printf("%s: %v", named(r), err) },
		Observe:     g.observe(),
	}
	behind := newBackend(storage, cors.Cache(), g.Log) // the cache is told of buckets that come and go
	behind.address, behind.ids, behind.idle, behind.options = address, newIDs, g.Idle, g.Options
	return limits{ids: newIDs, idle: g.Idle, options: g.Options, next: cors.Handler(behind)}
}

// newIDs names a request as S3 does, with names that mean nothing.
func newIDs(*http.Request) s3cors.IDs {
	var b [8 + 48]byte
	_, _ = rand.Read(b[:]) // which never fails
	return s3cors.IDs{
		RequestID: strings.ToUpper(hex.EncodeToString(b[:8])),
		HostID:    base64.StdEncoding.EncodeToString(b[8:]),
	}
}
