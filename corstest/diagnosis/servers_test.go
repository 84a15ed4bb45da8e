//go:build go1.26

package diagnosis

import (
	"net/http"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A serverDeviation is a class of bugs of servers, or of documents, as a deviation is
// one of evaluators.
type serverDeviation struct {
	bug string
	as  []func(*server)
}

func isOf(bug string, as ...func(*server)) serverDeviation { return serverDeviation{bug, as} }

// unseen are the classes of servers that no kit can see over HTTP, with the reason.
var unseen = map[string]string{
	"srv-panic-without-fields":     "the handler has to panic, which no request makes it do",
	"srv-timeout-without-fields":   "the handler has to be slow, which no request makes it be, and S3 was not recorded",
	"srv-path-style-only":          "all vectors have to be sent in the other style of addresses: a second run with another setting",
	"srv-fallback-get-only":        "S3 has no fallback",
	"srv-first-cors-layer-answers": "S3 has one configuration a bucket",
	"srv-shared-slices":            "the application has to write into its header: a test in Go",
	"srv-lost-interfaces":          "the application has to stream: a test in Go",
	"srv-late-writer-race":         "a race shows in the race detector only",
	"srv-withdraw-lost":            "the application has to withdraw fields: a test in Go",
}

// servers are the classes of servers in the order of the list.
var servers = []serverDeviation{
	isOf("srv-auth-first", unsigned(403, "AccessDenied", "Access Denied"), unsigned(401, "AccessDenied", "Access Denied"), unsigned(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."),
		saying(401, "Unauthorized"), saying(403, "Forbidden"), saying(400, "Bad Request")),
	isOf("srv-options-unrouted", unrouted(405, "MethodNotAllowed"), unrouted(404, "NoSuchKey"), unrouted(501, "NotImplemented"),
		saying(404, "404 page not found"), saying(405, "Method Not Allowed"), saying(501, "")),
	isOf("srv-preflight-redirected",
		serving(func(c *call, next func(*call) *reply) *reply {
			if c.Method == http.MethodOptions && c.Bucket != "" && c.Key == "" {
				return empty(301, vectors.Pair{"Location", "/" + c.Bucket + "/"})
			}
			return next(c)
		}),
		serving(func(c *call, next func(*call) *reply) *reply {
			if c.Method == http.MethodOptions {
				return empty(307, vectors.Pair{"Location", "/" + c.Bucket + "/" + c.Key})
			}
			return next(c)
		})),
	isOf("srv-preflight-forwarded", forwarded(func(*call) *reply { return empty(200) }), forwarded(func(*call) *reply { return empty(204) }),
		forwarded(func(*call) *reply {
			return noSuch(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
		})),
	isOf("srv-errors-without-fields", undressed(func(_ *call, r *reply) bool { return r.status >= 400 }),
		undressed(func(_ *call, r *reply) bool { return r.status == 403 || r.status == 404 }),
		undressed(func(c *call, r *reply) bool { return r.status >= 400 && c.Method == http.MethodGet }),
		undressed(func(_ *call, r *reply) bool { return r.status == 404 })),
	isOf("srv-304-without-fields", undressed(func(_ *call, r *reply) bool { return r.status == 304 })),
	isOf("srv-206-416-412", undressed(func(_ *call, r *reply) bool { return r.status == 206 || r.status == 416 || r.status == 412 }),
		undressed(func(_ *call, r *reply) bool { return slices.Contains([]int{206, 304, 412, 416}, r.status) }),
		undressed(func(_ *call, r *reply) bool { return r.status == 206 })),
	isOf("srv-head-without-fields", undressed(func(c *call, _ *reply) bool { return c.Method == "HEAD" })),
	isOf("srv-put-without-fields", undressed(func(c *call, _ *reply) bool { return c.Method != "GET" && c.Method != "HEAD" }),
		undressed(func(c *call, _ *reply) bool { return c.Method != "GET" }),
		undressed(func(c *call, _ *reply) bool { return c.Method == "PUT" })),
	isOf("srv-subresource-without-fields", undressed(func(c *call, _ *reply) bool { return len(c.query) > 0 })),
	isOf("srv-list-buckets-with-fields",
		listing(vectors.Pair{"Access-Control-Allow-Origin", "*"}, vectors.Pair{"Access-Control-Allow-Methods", "GET"}, vectors.Pair{"Vary", varyOfS3}),
		listing(vectors.Pair{"Access-Control-Allow-Origin", "*"}),
		listing(vectors.Pair{"Access-Control-Allow-Origin", "*"}, vectors.Pair{"Vary", varyOfS3})),
	isOf("srv-wrong-bucket", told(func(s *server, c *call, b bucket) bucket {
		if c.Method == http.MethodOptions && c.Key != "" {
			return bucket{missing: true} // it looks for a bucket of the name of the key
		}
		return b
	}), told(func(s *server, c *call, b bucket) bucket { return bucket{missing: true} })),
	isOf("srv-global-star-wins", global([]vectors.Pair{{"Access-Control-Allow-Origin", "*"}}),
		global([]vectors.Pair{{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "GET, PUT, POST, DELETE, HEAD"}, {"Access-Control-Allow-Headers", "*"}})),
	isOf("srv-two-layers",
		doubled("Access-Control-Allow-Origin", func(c *call) bool { return c.header("Origin") != "" }),
		doubled("Access-Control-Allow-Origin", func(*call) bool { return true }),
		repeated("Access-Control-"), repeated("")),
	isOf("srv-noncanonical-key",
		doubled("access-control-allow-origin", func(c *call) bool { return c.header("Origin") != "" }),
		doubled("access-control-allow-origin", func(*call) bool { return true })),
	isOf("srv-vary-overwritten", overwritten(func(*call, *reply) bool { return true }),
		overwritten(func(c *call, _ *reply) bool { return c.Method != http.MethodOptions }),
		overwritten(func(c *call, r *reply) bool { return c.Method == http.MethodGet })),
	isOf("srv-vary-twice", repeated("Vary")),
	isOf("srv-preflight-body", preflightBody("OK"), preflightBody(""), serving(func(c *call, next func(*call) *reply) *reply {
		r := next(c)
		if c.Method == http.MethodOptions && r.status == 200 {
			r.headers = append(r.headers, vectors.Pair{"Content-Type", "application/xml"})
		}
		return r
	})),
	isOf("srv-stored-not-applied", told(func(_ *server, _ *call, b bucket) bucket { return bucket{missing: b.missing} }),
		func(s *server) { s.choose = func(*evaluator, []s3cors.Rule, *query) *s3cors.Rule { return nil } }),
	isOf("srv-not-stored", func(s *server) {
		told(func(_ *server, _ *call, b bucket) bucket { return bucket{missing: b.missing} })(s)
		notGot(s)
	}, notGot),
	isOf("srv-stale-cache", told(func(s *server, c *call, b bucket) bucket {
		if c.header("Origin") == "" || b.missing {
			return b
		}
		return s.remembered(c.Bucket, b)
	})),
	isOf("srv-stale-missing", told(func(s *server, c *call, b bucket) bucket {
		if c.header("Origin") == "" {
			return b
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if b.missing {
			s.kept[c.Bucket] = box{}
		}
		_, asked := s.kept[c.Bucket]
		return bucket{missing: b.missing || asked, rules: b.rules}
	})),
	isOf("srv-rules-outlive-bucket", func(s *server) {
		s.object = around(s.object, func(c *call, next func(*call) *reply) *reply {
			before := s.box(c.Bucket)
			r := next(c)
			switch {
			case c.Key != "" || c.Query != "" || r.status >= 300:
			case c.Method == http.MethodDelete && before.document != nil:
				s.mu.Lock()
				s.kept[c.Bucket] = before
				s.mu.Unlock()
			case c.Method == http.MethodPut:
				s.mu.Lock()
				old, ok := s.kept[c.Bucket]
				s.mu.Unlock()
				if ok {
					_ = s.keep(c.Bucket, old.document, old.rules)
				}
			}
			return r
		})
	}),
	isOf("srv-bad-put-clobbers", putting(func(s *server, c *call, r *reply, _ box) *reply {
		if isDocumentError(r) {
			_ = s.keep(c.Bucket, nil, nil)
		}
		return r
	})),
	isOf("srv-put-merges", putting(func(s *server, c *call, r *reply, before box) *reply {
		if r.status == 200 && before.rules != nil {
			s.storeRules(c.Bucket, slices.Concat(before.rules, s.box(c.Bucket).rules))
		}
		return r
	})),
	isOf("srv-get-none-wrong", gettingNone(func() *reply { return page(200, "CORSConfiguration", "") }),
		gettingNone(func() *reply { return empty(200) }),
		gettingNone(func() *reply {
			return noSuch(404, "NoSuchCORS", "The CORS configuration does not exist")
		}),
		gettingNone(func() *reply { return noSuch(404, "NoSuchKey", "The specified key does not exist.") })),
	isOf("srv-delete-200", api(func(_ *server, c *call, next func(*call) *reply) *reply {
		r := next(c)
		if c.Method == http.MethodDelete && r.status == 204 {
			r.status = 200
		}
		return r
	})),
	isOf("srv-delete-cors-deletes-bucket", api(func(s *server, c *call, next func(*call) *reply) *reply {
		if c.Method != http.MethodDelete || s.box(c.Bucket).objects == nil {
			return next(c)
		}
		if len(s.box(c.Bucket).objects) > 0 {
			return noSuch(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.buckets, c.Bucket)
		return empty(204)
	}), api(func(s *server, c *call, next func(*call) *reply) *reply {
		if c.Method != http.MethodDelete || s.box(c.Bucket).objects == nil {
			return next(c)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.buckets, c.Bucket)
		return empty(204)
	})),
	isOf("srv-comma-dos", func(s *server) { s.large = func(*query) bool { return false } },
		func(s *server) {
			ahead(func(e *evaluator, q *query, _ bucket) (answer, bool) {
				return refused(500, "InternalError", "We encountered an internal error. Please try again."), q.origin != "" && e.large(q)
			})(s.evaluator)
		}),
}

// around puts a layer around a point of a server.
func around(point func(*call) *reply, layer func(c *call, next func(*call) *reply) *reply) func(*call) *reply {
	return func(c *call) *reply { return layer(c, point) }
}

func serving(layer func(c *call, next func(*call) *reply) *reply) func(*server) {
	return func(s *server) { s.serve = around(s.serve, layer) }
}

func api(layer func(s *server, c *call, next func(*call) *reply) *reply) func(*server) {
	return func(s *server) {
		s.api = around(s.api, func(c *call, next func(*call) *reply) *reply { return layer(s, c, next) })
	}
}

// told changes what the evaluation is told of a bucket.
func told(tell func(s *server, c *call, b bucket) bucket) func(*server) {
	return func(s *server) {
		before := s.bucket
		s.bucket = func(c *call) bucket { return tell(s, c, before(c)) }
	}
}

// listing sends fields with what is answered at the root of the service.
func listing(fields ...vectors.Pair) func(*server) {
	return serving(func(c *call, next func(*call) *reply) *reply {
		if c.Bucket != "" || c.header("Origin") == "" {
			return next(c)
		}
		r := page(200, "ListAllMyBucketsResult", "")
		if c.Method == http.MethodOptions {
			r = empty(200)
		}
		r.headers = append(r.headers, fields...)
		return r
	})
}

// undressed leaves some replies without the fields.
func undressed(without func(c *call, r *reply) bool) func(*server) {
	return func(s *server) {
		before := s.dress
		s.dress = func(c *call, r *reply) bool { return before(c, r) && !without(c, r) }
	}
}

// putting looks at the replies to PUT ?cors; before is the bucket as it was.
func putting(look func(s *server, c *call, r *reply, before box) *reply) func(*server) {
	return api(func(s *server, c *call, next func(*call) *reply) *reply {
		if c.Method != http.MethodPut {
			return next(c)
		}
		before := s.box(c.Bucket)
		return look(s, c, next(c), before)
	})
}

// box is a copy of what is known of a bucket.
func (s *server) box(name string) box {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.buckets[name]; b != nil {
		return *b
	}
	return box{}
}

// remembered is what was first seen of a bucket.
func (s *server) remembered(name string, b bucket) bucket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.kept[name]; !ok {
		s.kept[name] = box{rules: b.rules}
	}
	return bucket{rules: s.kept[name].rules}
}

// unsigned refuses every preflight, since browsers sign none.
func unsigned(status int, code, message string) func(*server) {
	return serving(func(c *call, next func(*call) *reply) *reply {
		if c.Method == http.MethodOptions {
			return noSuch(status, code, message)
		}
		return next(c)
	})
}

// saying answers preflights as a server does that knows no S3 there.
func saying(status int, text string) func(*server) {
	return serving(func(c *call, next func(*call) *reply) *reply {
		if c.Method == http.MethodOptions {
			return &reply{status, []vectors.Pair{{"Content-Type", "text/plain; charset=utf-8"}}, []byte(text)}
		}
		return next(c)
	})
}

func unrouted(status int, code string) func(*server) {
	return unsigned(status, code, "The specified method is not allowed against this resource.")
}

// forwarded lets the application answer the preflights that are refused.
func forwarded(application func(*call) *reply) func(*server) {
	return serving(func(c *call, next func(*call) *reply) *reply {
		if r := next(c); c.Method != http.MethodOptions || r.status < 400 {
			return r
		}
		return application(c)
	})
}

// global answers by the settings of the server instead of the bucket's.
func global(headers []vectors.Pair) func(*server) {
	return func(s *server) {
		ahead(func(_ *evaluator, q *query, _ bucket) (answer, bool) {
			return answer{status: 200, headers: headers}, q.preflight && q.origin != ""
		})(s.evaluator)
		serving(func(c *call, next func(*call) *reply) *reply {
			r := next(c)
			if c.Method == http.MethodOptions || c.header("Origin") == "" {
				return r
			}
			r.headers = slices.DeleteFunc(slices.Clone(r.headers), func(h vectors.Pair) bool {
				return strings.HasPrefix(h[0], "Access-Control-") || h[0] == "Vary"
			})
			r.headers = append(r.headers, headers...)
			return r
		})(s)
	}
}

// doubled has an application that sends a field of its own with its answers.
func doubled(name string, sends func(c *call) bool) func(*server) {
	return func(s *server) {
		s.object = around(s.object, func(c *call, next func(*call) *reply) *reply {
			r := next(c)
			if sends(c) {
				r.headers = append(r.headers, vectors.Pair{name, "*"})
			}
			return r
		})
	}
}

// repeated has two layers that both send the fields whose names begin so.
func repeated(prefix string) func(*server) {
	return serving(func(c *call, next func(*call) *reply) *reply {
		r := next(c)
		for _, h := range slices.Clone(r.headers) {
			if (strings.HasPrefix(h[0], "Access-Control-") || h[0] == "Vary") && strings.HasPrefix(h[0], prefix) {
				r.headers = append(r.headers, h)
			}
		}
		return r
	})
}

// overwritten replaces Vary.
func overwritten(applies func(c *call, r *reply) bool) func(*server) {
	return serving(func(c *call, next func(*call) *reply) *reply {
		r := next(c)
		if applies(c, r) {
			r.headers = slices.DeleteFunc(r.headers, func(h vectors.Pair) bool { return h[0] == "Vary" })
			r.headers = append(r.headers, vectors.Pair{"Vary", "Accept-Encoding"})
		}
		return r
	})
}

// preflightBody gives granted preflights a type, and perhaps a body.
func preflightBody(body string) func(*server) {
	return serving(func(c *call, next func(*call) *reply) *reply {
		r := next(c)
		if c.Method == http.MethodOptions && r.status == 200 {
			r.headers = slices.DeleteFunc(r.headers, func(h vectors.Pair) bool { return h[0] == "Content-Length" })
			r.headers = append(r.headers, vectors.Pair{"Content-Type", "text/plain; charset=utf-8"})
			r.body = []byte(body)
		}
		return r
	})
}

// notGot says that there is no configuration, whatever was put.
func notGot(s *server) {
	s.api = around(s.api, func(c *call, next func(*call) *reply) *reply {
		if c.Method != http.MethodGet || s.box(c.Bucket).document == nil {
			return next(c)
		}
		return failed(404, vectors.Pair{"Code", "NoSuchCORSConfiguration"},
			vectors.Pair{"Message", "The CORS configuration does not exist"}, vectors.Pair{"BucketName", c.Bucket})
	})
}

// gettingNone answers GET ?cors where there is no configuration.
func gettingNone(none func() *reply) func(*server) {
	return api(func(_ *server, c *call, next func(*call) *reply) *reply {
		r := next(c)
		if c.Method == http.MethodGet && strings.Contains(string(r.body), "NoSuchCORSConfiguration") {
			return none()
		}
		return r
	})
}
