package e2e

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// bundleSDK installs the AWS SDK for JavaScript, as its lock file has it, and
// returns the script of testdata/sdk/page.js with it in one.
func bundleSDK(t *testing.T) string {
	program(t, "node")
	npm := program(t, "npm")
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "page.js"} {
		content, err := os.ReadFile(filepath.Join("testdata", "sdk", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	install := exec.CommandContext(t.Context(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	install.Dir = dir
	if output, err := install.CombinedOutput(); err != nil {
		missing(t, fmt.Sprintf("the AWS SDK for JavaScript: %v\n%s", err, output))
	}
	esbuild := exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", "esbuild"),
		"page.js", "--bundle", "--format=iife", "--target=chrome100", "--log-level=error")
	esbuild.Dir = dir
	script, err := esbuild.Output()
	require.NoError(t, err)
	return string(script)
}

// An sdkPage is a page with the SDK, and where it is to go.
type sdkPage struct {
	*page
	gateway, bucket string
}

// callSDK calls a function of the page's, with the gateway and the bucket before
// other arguments.
func callSDK[T any](t *testing.T, p sdkPage, function string, args ...any) T {
	t.Helper()
	arguments, err := json.Marshal(append([]any{p.gateway, p.bucket}, args...))
	require.NoError(t, err)
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](fmt.Sprintf("sdk.%s(...%s)", function, arguments), chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return result
}

type sdkResponse struct {
	Status         int
	ETag, Location *string // nil if the page cannot read it
	Body           string
}

type sdkUpload struct {
	ETag, Location, HeadETag, Type, Error string
	Size                                  int
}

type sdkRange struct{ Range, ETag, Body string }

// TestTheSDKInABrowser is what people build with S3 and a page: the gateway is
// another origin to it.
func TestTheSDKInABrowser(t *testing.T) {
	script := bundleSDK(t)
	b := startBrowser(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/sdk.js" {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = io.WriteString(w, script)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<!doctype html><script src="/sdk.js"></script>`)
	}))
	t.Cleanup(server.Close)
	p := sdkPage{openPage(t, b.ip.ctx, server.URL), startGateway(t), "demo"}
	createBucket(t, p.gateway, p.bucket)
	rule := s3cors.Rule{AllowedOrigins: []string{server.URL}, AllowedMethods: []string{"GET", "HEAD", "PUT", "POST", "DELETE"}, // DELETE to abort
		AllowedHeaders: []string{"*"}, ExposeHeaders: []string{"ETag", "Location", "Content-Range"}}
	putCORS(t, p.gateway, p.bucket, ruling(rule))
	helloETag, none := helloETag, (*string)(nil)

	t.Run("a presigned PUT", func(t *testing.T) {
		require.Equal(t, sdkResponse{200, &helloETag, none, ""}, callSDK[sdkResponse](t, p, "presignedPut"))
		_, header, body := send(t, "GET", p.gateway+"/demo/a%20key/%C3%BC+", nil, nil)
		require.Equal(t, "hello", body)
		require.Equal(t, "text/csv", header.Get("Content-Type"))
	})
	t.Run("a presigned POST", func(t *testing.T) {
		location := p.gateway + "/demo/posts%2Fa%20file.txt"
		require.Equal(t, sdkResponse{201, &helloETag, &location, `<?xml version="1.0" encoding="UTF-8"?>` + "\n<PostResponse><Location>" + location +
			"</Location><Bucket>demo</Bucket><Key>posts/a file.txt</Key><ETag>&#34;" + strings.Trim(helloETag, `"`) + "&#34;</ETag></PostResponse>"},
			callSDK[sdkResponse](t, p, "presignedPost", "hello"))
		_, header, body := send(t, "GET", location, nil, nil)
		require.Equal(t, "hello", body)
		require.Equal(t, "text/plain", header.Get("Content-Type"))
		require.Equal(t, "blue", header.Get("X-Amz-Meta-Colour"))
		refused := callSDK[sdkResponse](t, p, "presignedPost", "too long")
		require.Equal(t, 400, refused.Status)
		require.Contains(t, refused.Body, "<Code>EntityTooLarge</Code>", "the page can read why")
	})
	t.Run("ranges", func(t *testing.T) {
		putObject(t, p.gateway, p.bucket, "digits", "0123456789")
		sum := md5.Sum([]byte("0123456789"))
		require.Equal(t, sdkRange{"bytes 2-4/10", fmt.Sprintf(`"%x"`, sum), "234"}, callSDK[sdkRange](t, p, "range", "digits", "bytes=2-4"))
		require.Equal(t, "789", callSDK[sdkRange](t, p, "range", "digits", "bytes=-3").Body)
	})
	const size = 12 << 20
	t.Run("an upload in parts", func(t *testing.T) {
		up := callSDK[sdkUpload](t, p, "upload", size)
		require.Regexp(t, `^"[0-9a-f]{32}-3"$`, up.ETag)
		require.Equal(t, sdkUpload{ETag: up.ETag, HeadETag: up.ETag, Location: p.gateway + "/demo/large", Type: "video/mp4", Size: size}, up)
	})
	t.Run("an upload in parts, of which the page cannot read the ETags", func(t *testing.T) {
		rule.ExposeHeaders = nil
		putCORS(t, p.gateway, p.bucket, ruling(rule))
		require.Contains(t, callSDK[sdkUpload](t, p, "upload", size).Error, "Missing Bucket CORS configuration for ETag header?")
	})
	t.Run("an upload from another origin", func(t *testing.T) {
		rule.AllowedOrigins = []string{"https://elsewhere.test"}
		putCORS(t, p.gateway, p.bucket, ruling(rule))
		require.Contains(t, callSDK[sdkUpload](t, p, "upload", size).Error, "TypeError: Failed to fetch")
	})
}
