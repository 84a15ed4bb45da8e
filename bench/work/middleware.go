//go:build !before_server

package work

import (
	"net/http"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
)

// middleware puts the CORS of one policy in front of a handler.
func middleware(policy *s3cors.Policy, next http.Handler) http.Handler {
	server := &corshttp.Server{Policies: corshttp.OnePolicy(policy)}
	return server.CORS(next)
}
