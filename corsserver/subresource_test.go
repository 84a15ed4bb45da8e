//go:build go1.26

package corsserver_test

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A journal is a store that notes what is asked of it and of the caller.
type journal struct {
	corsserver.Store
	events []string
	fail   map[string]error // by what is asked for
}

func (j *journal) note(event string) error {
	j.events = append(j.events, event)
	return j.fail[event]
}

func (j *journal) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	if err := j.note("get " + bucket); err != nil {
		return nil, err
	}
	return j.Store.GetCORS(ctx, bucket)
}

func (j *journal) PutCORS(ctx context.Context, bucket string, document []byte) error {
	if err := j.note("put " + bucket); err != nil {
		return err
	}
	return j.Store.PutCORS(ctx, bucket, document)
}

func (j *journal) DeleteCORS(ctx context.Context, bucket string) error {
	if err := j.note("delete " + bucket); err != nil {
		return err
	}
	return j.Store.DeleteCORS(ctx, bucket)
}

// fields returns a request's header with these fields; names are in the canonical
// form.
func fields(namesAndValues ...string) corsserver.Header {
	lines := make(map[string][]string)
	for i := 0; i < len(namesAndValues); i += 2 {
		lines[namesAndValues[i]] = append(lines[namesAndValues[i]], namesAndValues[i+1])
	}
	return func(name string) []string { return lines[name] }
}

// documentMD5 is the digest of document, which other software calculated.
const documentMD5 = "nNITotnATPh9stUan9KxMA=="

func md5Of(body []byte) string {
	sum := md5.Sum(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// printed is what GET ?cors prints of document.
const printed = xmlHead + `<CORSRule><AllowedOrigin>https://app.example</AllowedOrigin>` +
	`<AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>` +
	`<AllowedMethod>PUT</AllowedMethod><AllowedMethod>DELETE</AllowedMethod>` +
	`<MaxAgeSeconds>600</MaxAgeSeconds><ExposeHeader>ETag</ExposeHeader>` +
	`<AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>`

// Where one check comes before another, the call fails both.
func TestTheOrderOfChecks(t *testing.T) {
	const allow = "DELETE, GET, PUT"
	md5 := fields("Content-Md5", documentMD5)
	refusal := func(err *s3cors.Error) corsserver.Reply {
		return corsserver.Reply{Status: err.Status, Refusal: err}
	}
	withAllow := func(r corsserver.Reply) corsserver.Reply {
		r.Allow = allow
		return r
	}
	read := func(r corsserver.Reply) corsserver.Reply {
		r.BodyRead = true
		return r
	}
	withoutCORS := func(r corsserver.Reply) corsserver.Reply {
		r.WithoutCORS = true
		return r
	}
	malformed := &s3cors.Error{Status: 400, Code: "MalformedXML",
		Message: "The XML you provided was not well-formed or did not validate against our published schema"}
	for _, tt := range []struct {
		name    string
		call    corsserver.Call
		body    string
		refused *s3cors.Error // by Authorize
		unread  *s3cors.Error // by Body
		fail    map[string]error
		want    corsserver.Reply
		err     error
		events  []string
		kept    string // in the end, of the bucket
	}{
		{name: "a method that S3 does not know comes first, and without CORS fields",
			call: corsserver.Call{Method: "FOO", Query: "cors&acl", Header: md5}, refused: corsserver.AccessDenied(),
			want: withoutCORS(refusal(corsserver.UnknownMethod())), kept: open},
		{name: "two sub-resources come before a method that is not served",
			call: corsserver.Call{Method: "POST", Query: "cors&acl", Header: md5}, refused: corsserver.AccessDenied(),
			want: refusal(corsserver.ConflictingSubresources([]string{"acl", "cors"})), kept: open},
		{name: "what conflicts on a key alone does not conflict on a bucket",
			call: corsserver.Call{Method: "POST", Query: "cors&restore", Header: md5},
			want: withAllow(refusal(corsserver.MethodNotAllowed("POST", "CORS"))), kept: open},
		{name: "what conflicts on a key alone conflicts there",
			call: corsserver.Call{Method: "POST", Query: "cors&restore", Header: md5, Address: corsserver.Address{Bucket: "bucket", Key: "key"}},
			want: refusal(corsserver.ConflictingSubresources([]string{"cors", "restore"})), kept: open},
		{name: "a method that is not served comes before the authorisation",
			call: corsserver.Call{Method: "HEAD", Header: md5}, refused: corsserver.AccessDenied(),
			want: withAllow(refusal(corsserver.MethodNotAllowed("HEAD", "CORS"))), kept: open},
		{name: "preflights are not served here",
			call: corsserver.Call{Method: "OPTIONS", Header: md5},
			want: withAllow(refusal(corsserver.MethodNotAllowed("OPTIONS", "CORS"))), kept: open},

		{name: "the authorisation comes before the bucket, for GET",
			call: corsserver.Call{Method: "GET", Address: corsserver.Address{Bucket: missing}}, refused: corsserver.AccessDenied(),
			want: refusal(corsserver.AccessDenied()), events: []string{"authorize"}, kept: open},
		{name: "the authorisation comes before the bucket, for PUT",
			call: corsserver.Call{Method: "PUT", Address: corsserver.Address{Bucket: missing}}, refused: corsserver.BadRequest("OwnCode", "own"),
			want: refusal(corsserver.BadRequest("OwnCode", "own")), events: []string{"authorize"}, kept: open},
		{name: "the authorisation comes before the bucket, for DELETE",
			call: corsserver.Call{Method: "DELETE", Address: corsserver.Address{Bucket: missing}}, refused: corsserver.AccessDenied(),
			want: refusal(corsserver.AccessDenied()), events: []string{"authorize"}, kept: open},

		{name: "GET prints", call: corsserver.Call{Method: "GET"},
			want:   corsserver.Reply{Status: 200, Body: []byte(xmlHead + `<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`)},
			events: []string{"authorize", "get bucket"}, kept: open},
		{name: "GET on a key is for the bucket", call: corsserver.Call{Method: "GET", Address: corsserver.Address{Bucket: "bucket", Key: "a/key"}},
			want:   corsserver.Reply{Status: 200, Body: []byte(xmlHead + `<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`)},
			events: []string{"authorize", "get bucket"}, kept: open},
		{name: "GET of a missing bucket", call: corsserver.Call{Method: "GET", Address: corsserver.Address{Bucket: missing}},
			want: refusal(corsserver.NoSuchBucket()), events: []string{"authorize", "get missing"}, kept: open},
		{name: "GET without a configuration", call: corsserver.Call{Method: "GET", Address: corsserver.Address{Bucket: "none"}},
			want: refusal(corsserver.NoSuchCORSConfiguration("none")), events: []string{"authorize", "get none"}, kept: open},
		{name: "GET where the store fails", call: corsserver.Call{Method: "GET"}, fail: map[string]error{"get bucket": errStore},
			want: refusal(s3cors.InternalError()), err: errStore, events: []string{"authorize", "get bucket"}, kept: open},

		{name: "DELETE removes", call: corsserver.Call{Method: "DELETE"},
			want: corsserver.Reply{Status: 204}, events: []string{"authorize", "delete bucket"}},
		{name: "DELETE of a missing bucket", call: corsserver.Call{Method: "DELETE", Address: corsserver.Address{Bucket: missing}},
			want: refusal(corsserver.NoSuchBucket()), events: []string{"authorize", "delete missing"}, kept: open},
		{name: "DELETE where the store fails", call: corsserver.Call{Method: "DELETE"}, fail: map[string]error{"delete bucket": errStore},
			want: refusal(s3cors.InternalError()), err: errStore, events: []string{"authorize", "delete bucket"}, kept: open},

		{name: "PUT stores the body as it came", call: corsserver.Call{Method: "PUT", Header: md5}, body: document,
			want: read(corsserver.Reply{Status: 200}), events: []string{"authorize", "get bucket", "body 65536", "put bucket"}, kept: document},
		{name: "PUT of a body of undeclared length", call: corsserver.Call{Method: "PUT", Header: md5, Length: -1}, body: document,
			want: read(corsserver.Reply{Status: 200}), events: []string{"authorize", "get bucket", "body 65536", "put bucket"}, kept: document},
		{name: "the bucket comes before the framing of the body", call: corsserver.Call{Method: "PUT", Address: corsserver.Address{Bucket: missing},
			Header: fields("Content-Encoding", "aws-chunked"), Length: 70_000}, body: document,
			want: refusal(corsserver.NoSuchBucket()), events: []string{"authorize", "get missing"}, kept: open},
		{name: "the framing comes before the declared length", call: corsserver.Call{Method: "PUT",
			Header: fields("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "Content-Encoding", "aws-chunked"), Length: 70_000},
			want: refusal(corsserver.HeaderNotImplemented("x-amz-content-sha256")), events: []string{"authorize", "get bucket"}, kept: open},
		{name: "a body of 65,537 bytes is left unread", call: corsserver.Call{Method: "PUT", Length: 65_537},
			want: refusal(s3cors.DocumentTooLong()), events: []string{"authorize", "get bucket"}, kept: open},
		{name: "a body of 65,536 bytes is read", call: corsserver.Call{Method: "PUT", Header: md5, Length: 65_536}, body: document,
			want: read(corsserver.Reply{Status: 200}), events: []string{"authorize", "get bucket", "body 65536", "put bucket"}, kept: document},
		{name: "what cannot be read is what the caller says", call: corsserver.Call{Method: "PUT"}, unread: corsserver.RequestTimeout(),
			want: refusal(corsserver.RequestTimeout()), events: []string{"authorize", "get bucket", "body 65536"}, kept: open},
		{name: "the checksums come before the document", call: corsserver.Call{Method: "PUT", Header: fields()}, body: "<nonsense",
			want: read(refusal(corsserver.MissingChecksum())), events: []string{"authorize", "get bucket", "body 65536"}, kept: open},
		{name: "a checksum that does not fit", call: corsserver.Call{Method: "PUT", Header: fields("Content-Md5", "1B2M2Y8AsgTpgAmY7PhCfg==")}, body: document,
			want:   read(refusal(corsserver.BadDigest("1B2M2Y8AsgTpgAmY7PhCfg==", documentMD5))),
			events: []string{"authorize", "get bucket", "body 65536"}, kept: open},
		{name: "no body is no document", call: corsserver.Call{Method: "PUT", Header: fields("X-Amz-Checksum-Crc32", "AAAAAA==")}, body: "",
			want: read(refusal(malformed)), events: []string{"authorize", "get bucket", "body 65536"}, kept: open},
		{name: "JSON is no document here", call: corsserver.Call{Method: "PUT", Header: fields("Content-Md5", md5Of(withAge(1)))}, body: string(withAge(1)),
			want: read(refusal(malformed)), events: []string{"authorize", "get bucket", "body 65536"}, kept: open},
		{name: "PUT where the store fails at the look", call: corsserver.Call{Method: "PUT", Header: md5}, body: document, fail: map[string]error{"get bucket": errStore},
			want: refusal(s3cors.InternalError()), err: errStore, events: []string{"authorize", "get bucket"}, kept: open},
		{name: "PUT where the store fails in the end", call: corsserver.Call{Method: "PUT", Header: md5}, body: document, fail: map[string]error{"put bucket": errStore},
			want: read(refusal(s3cors.InternalError())), err: errStore, events: []string{"authorize", "get bucket", "body 65536", "put bucket"}, kept: open},
		{name: "PUT to a bucket that vanishes", call: corsserver.Call{Method: "PUT", Header: md5}, body: document,
			fail: map[string]error{"put bucket": fmt.Errorf("put: %w", corsserver.ErrNoSuchBucket)},
			want: read(refusal(corsserver.NoSuchBucket())), events: []string{"authorize", "get bucket", "body 65536", "put bucket"}, kept: open},
	} {
		t.Run(tt.name, func(t *testing.T) {
			memory := &corsserver.MemoryStore{Exists: existing}
			require.NoError(t, memory.PutCORS(t.Context(), "bucket", []byte(open)))
			store := &journal{Store: memory, fail: tt.fail}
			call := tt.call
			if call.Query == "" {
				call.Query = "cors"
			}
			if call.Address.Bucket == "" {
				call.Address.Bucket = "bucket"
			}
			if call.Header == nil {
				call.Header = fields()
			}
			call.Authorize = func() *s3cors.Error {
				_ = store.note("authorize")
				return tt.refused
			}
			call.Body = func(limit int) ([]byte, *s3cors.Error) {
				_ = store.note(fmt.Sprint("body ", limit))
				return []byte(tt.body), tt.unread
			}
			reply := (&corsserver.Subresource{Store: store}).Serve(t.Context(), &call)
			require.Equal(t, tt.err, reply.Err)
			require.Empty(t, cmp.Diff(tt.want, withoutErr(reply)))
			require.Empty(t, cmp.Diff(tt.events, store.events))
			kept, err := memory.GetCORS(t.Context(), "bucket")
			require.NoError(t, err)
			require.Equal(t, tt.kept, string(kept))
		})
	}
}

// PUT is as strict where the server is lenient with what it has stored.
func TestALenientServerAcceptsNoMoreThanS3(t *testing.T) {
	const text = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule></CORSConfiguration>`
	store := stored(t, text, "bucket")
	reply := (&corsserver.Subresource{Store: store, Lenient: true}).Serve(t.Context(), &corsserver.Call{
		Method: "PUT", Query: "cors", Address: corsserver.Address{Bucket: "bucket"},
		Header:    fields("Content-Md5", md5Of([]byte(text))),
		Authorize: func() *s3cors.Error { return nil },
		Body:      func(int) ([]byte, *s3cors.Error) { return []byte(text), nil },
	})
	want := &s3cors.Error{Status: 400, Code: "InvalidRequest", Message: "Found unsupported HTTP method in CORS config. Unsupported method is PATCH"}
	require.Empty(t, cmp.Diff(corsserver.Reply{Status: 400, Refusal: want, BodyRead: true}, reply))
}

// What a cache in front of the store knows follows PUT and DELETE.
func TestTheCacheIsTheStoreOfTheSubresource(t *testing.T) {
	cache := &corsserver.Cache{Store: stored(t, open, "bucket"), TTL: -1}
	sub := &corsserver.Subresource{Store: cache}
	call := &corsserver.Call{Method: "PUT", Query: "cors", Address: corsserver.Address{Bucket: "bucket"},
		Header:    fields("Content-Md5", documentMD5),
		Authorize: func() *s3cors.Error { return nil },
		Body:      func(int) ([]byte, *s3cors.Error) { return []byte(document), nil },
	}
	age := func() int {
		policy, err := cache.Policy(t.Context(), "bucket")
		require.NoError(t, err)
		return ageOf(policy)
	}
	require.Equal(t, -1, age())
	require.Equal(t, 200, sub.Serve(t.Context(), call).Status)
	require.Equal(t, 600, age())
	call.Method = "GET"
	require.Equal(t, printed, string(sub.Serve(t.Context(), call).Body))
	call.Method = "DELETE"
	require.Equal(t, 204, sub.Serve(t.Context(), call).Status)
	require.Equal(t, -1, age())
}

func TestFramedBodiesAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header corsserver.Header
		field  string // "": it is not framed
	}{
		{"signed chunks", fields("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), "x-amz-content-sha256"},
		{"chunks in small letters", fields("X-Amz-Content-Sha256", " streaming-unsigned-payload-trailer "), "x-amz-content-sha256"},
		{"an encoding among others", fields("Content-Encoding", "gzip", "Content-Encoding", "AWS-Chunked"), "Content-Encoding"},
		{"a decoded length", fields("X-Amz-Decoded-Content-Length", ""), "x-amz-decoded-content-length"},
		{"a body that is not signed", fields("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD", "Content-Md5", documentMD5), ""},
		{"another encoding", fields("Content-Encoding", "identity", "Content-Md5", documentMD5), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bodies := 0
			reply := (&corsserver.Subresource{Store: &corsserver.MemoryStore{}}).Serve(t.Context(), &corsserver.Call{
				Method: "PUT", Query: "cors", Address: corsserver.Address{Bucket: "bucket"}, Header: tt.header,
				Authorize: func() *s3cors.Error { return nil },
				Body: func(int) ([]byte, *s3cors.Error) {
					bodies++
					return []byte(document), nil
				},
			})
			if tt.field == "" {
				require.Empty(t, cmp.Diff(corsserver.Reply{Status: 200, BodyRead: true}, reply))
				return
			}
			require.Zero(t, bodies)
			err := &s3cors.Error{Status: 501, Code: "NotImplemented", Message: "A header you provided implies functionality that is not implemented",
				Elements: []s3cors.Element{{Name: "Header", Value: tt.field}}}
			require.Empty(t, cmp.Diff(corsserver.Reply{Status: 501, Refusal: err}, reply))
		})
	}
}
