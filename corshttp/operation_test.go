package corshttp_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
)

var unknownMethodBody = errorBody("Code", "BadRequest", "Message", "An error occurred when parsing the HTTP request.",
	"RequestId", "", "HostId", "")

func conflictBody(names, first string) string {
	return errorBody("Code", "InvalidArgument", "Message", "Conflicting query string parameters: "+names,
		"ArgumentName", "ResourceType", "ArgumentValue", first, "RequestId", "", "HostId", "")
}

// TestAConflictIsToldBeforeAnybodyIsAsked shows 10/two-subresources-first.
func TestAConflictIsToldBeforeAnybodyIsAsked(t *testing.T) {
	handler := silent(t)
	for _, method := range []string{"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"} {
		for _, target := range []string{"/bucket?cors&acl", "/bucket/key?acl=&c%6Frs=1&x-id=2", "/UPPER?acl&acl&cors"} {
			res := do(handler, request(method, target))
			require.Equal(t, 400, res.StatusCode)
			require.Empty(t, cmp.Diff(http.Header{"Content-Type": {"application/xml"}}, res.Header))
			require.Equal(t, conflictBody("acl, cors", "acl"), bodyOf(t, res))
		}
	}
}

func TestConflictsOfOthersAreTheServers(t *testing.T) {
	handler := (&corshttp.Server{Store: broken{}}).Subresource(status(http.StatusTeapot))
	for _, target := range []string{"/bucket?acl&tagging", "/?cors&acl", "//?cors&acl"} {
		require.Equal(t, http.StatusTeapot, do(handler, request("GET", target)).StatusCode, target)
	}
}

// TestAnUnknownMethodIsRefusedAsIfByAFrontEnd shows 10/unknown-method-first.
func TestAnUnknownMethodIsRefusedAsIfByAFrontEnd(t *testing.T) {
	always := []s3cors.Option{s3cors.VaryAlways()}
	for _, override := range []bool{false, true} {
		for _, tt := range []struct {
			opts []s3cors.Option
			want http.Header
		}{
			{nil, http.Header{"Content-Type": {"application/xml"}}},
			{always, http.Header{"Content-Type": {"application/xml"}, "Vary": {varyValue}}},
		} {
			m := &corshttp.Server{Policies: corshttp.OnePolicy(policyOf(t, document, tt.opts...)), Options: tt.opts, Override: override}
			sub := &corshttp.Server{Store: broken{}, Options: tt.opts}
			handler := m.CORS(sub.Subresource(ok))
			for _, method := range []string{"FOO", "get", "options", "TRACE"} {
				for _, target := range []string{"/bucket?cors", "/missing/key?cors&acl"} {
					r := request(method, target, "Origin", origin, "Access-Control-Request-Method", "GET")
					res := do(handler, r)
					require.Equal(t, 400, res.StatusCode)
					require.Empty(t, cmp.Diff(tt.want, res.Header))
					require.Equal(t, unknownMethodBody, bodyOf(t, res))

					r.URL.RawQuery = "" // what is not ?cors is the server's
					require.Equal(t, 200, do(handler, r).StatusCode)
				}
			}
		}
	}
}
