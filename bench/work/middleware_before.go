//go:build before_server

package work

import (
	"net/http"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
)

// middleware does what that of middleware.go does, with a commit that had no
// corshttp.Server yet.
func middleware(policy *s3cors.Policy, next http.Handler) http.Handler {
	old := corshttp.Middleware{Policies: corshttp.OnePolicy(policy)}
	return old.Handler(next)
}
