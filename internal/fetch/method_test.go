package fetch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Fetch, "normalize a method".
func TestSixMethodsAreSentInUpperCase(t *testing.T) {
	for written, sent := range map[string]string{
		"delete": "DELETE", "get": "GET", "Head": "HEAD", "options": "OPTIONS", "post": "POST", "pUt": "PUT",
		"patch": "patch", "PATCH": "PATCH", "Link": "Link",
	} {
		require.Equal(t, sent, Normalize(written), written)
	}
}

// Fetch, "forbidden method".
func TestThreeMethodsAreForbidden(t *testing.T) {
	for _, method := range []string{"CONNECT", "trace", "Track"} {
		require.True(t, isForbiddenMethod(method), method)
	}
	require.False(t, isForbiddenMethod("OPTIONS"))
}

// Fetch, "CORS-safelisted method".
func TestThreeMethodsAreSafelisted(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "POST"} {
		require.True(t, IsSafelistedMethod(method), method)
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "PATCH", "get"} {
		require.False(t, IsSafelistedMethod(method), method)
	}
}
