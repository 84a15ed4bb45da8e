package e2e

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// testCaches are what the browser's caches make of the answers.
func testCaches(t *testing.T, b *browser) {
	t.Run("a picture first, fetch() later: fails as on S3", func(t *testing.T) {
		s := pictureBucket(t, b)
		require.True(t, s.name.show(t, s.url(cachedPicture)))
		s.name.fail(t, call{URL: s.url(cachedPicture)}) // the copy without CORS headers
		s.name.get(t, call{URL: s.url(cachedPicture + "&again")})
	})
	t.Run("fetch() first, a picture later: works as on S3", func(t *testing.T) {
		s := pictureBucket(t, b)
		s.name.get(t, call{URL: s.url(cachedPicture)})
		require.True(t, s.name.show(t, s.url(cachedPicture)))
	})
	t.Run("a picture first, fetch() later: works when it is safe for caches", func(t *testing.T) {
		s := pictureBucket(t, b, "-cache-safe")
		require.True(t, s.name.show(t, s.url(cachedPicture)))
		r := s.name.get(t, call{URL: s.url(cachedPicture)})
		require.Equal(t, http.StatusOK, r.Status)
	})
	t.Run("a preflight is kept for Access-Control-Max-Age", func(t *testing.T) {
		s := cacheScenario(t, b)
		s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"PUT"}, MaxAgeSeconds: new(int64(600))})
		s.name.get(t, call{Method: "PUT", URL: s.url("key"), Body: "first"})
		putCORS(t, s.gateway, s.bucket, nil)
		s.name.fail(t, call{Method: "PUT", URL: s.url("key"), Body: "second"}) // its answer is not readable
		s.requireStored(t, "key", "second")
	})
	t.Run("a preflight is not kept for Access-Control-Max-Age 0", func(t *testing.T) {
		s := cacheScenario(t, b)
		s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"PUT"}, MaxAgeSeconds: new(int64(0))})
		s.name.get(t, call{Method: "PUT", URL: s.url("key"), Body: "first"})
		putCORS(t, s.gateway, s.bucket, nil)
		s.name.fail(t, call{Method: "PUT", URL: s.url("key"), Body: "second"})
		s.requireStored(t, "key", "first")
	})
}

// cacheScenario starts a gateway of its own, so that no URL was ever asked for.
func cacheScenario(t *testing.T, b *browser, args ...string) scenario {
	t.Helper()
	s := scenario{b, startGateway(t, args...), "caches"}
	createBucket(t, s.gateway, s.bucket)
	return s
}

// cachedPicture is a key and a query that makes S3 call the picture cacheable.
const cachedPicture = "picture?response-cache-control=max-age%3D600"

// pictureBucket has a picture that the page b.name may read.
func pictureBucket(t *testing.T, b *browser, args ...string) scenario {
	t.Helper()
	s := cacheScenario(t, b, args...)
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{b.name.origin}, AllowedMethods: []string{"GET"}})
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 1, 1))))
	status, _, body := send(t, http.MethodPut, s.url("picture"), http.Header{"Content-Type": {"image/png"}}, picture.Bytes())
	require.Equal(t, http.StatusOK, status, "%s", body)
	_, header, _ := s.stored(t, cachedPicture)
	require.Equal(t, "max-age=600", header.Get("Cache-Control"))
	return s
}
