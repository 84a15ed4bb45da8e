package ask

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// endpoint finds the endpoint of S3, or of a server that names its hosts alike, in a
// host: what begins with a label such as "s3", "s3-eu-west-1" or "s3-accelerate".
var endpoint = regexp.MustCompile(`^(?:.+\.)?(s3(?:[.-][^:]+)?\.[^.:]+\.[^.:]+)(?::\d+)?$`)

// Address fills in what the URL of a request says: what it addresses, and the
// sub-resource, unless that was given.
func (g *Given) Address(r *s3cors.Request, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is not a URL that begins with http:// or https://", text)
	}
	if !g.Names["subresource"] {
		r.Subresource = corsserver.SubresourceIn(u.RawQuery)
	}
	if !g.Bucket && !g.Service {
		r.Target = targetOf(u)
	}
	return nil
}

// targetOf returns what a URL addresses. Of a host that nothing is known of, it is one
// bucket, such as that behind a CDN.
func targetOf(u *url.URL) s3cors.Target {
	host, path := u.Host, u.EscapedPath()
	if path == "" {
		path = "/"
	}
	switch base := endpoint.FindStringSubmatch(strings.ToLower(host)); {
	case base != nil:
		return corsserver.VirtualHosted(base[1])(host, path).Target()
	case isPathStyle(u):
		return corsserver.PathStyle(host, path).Target()
	}
	return corsserver.OneBucket("bucket")(host, path).Target()
}

// isPathStyle reports whether a server with that URL is most likely one that is asked
// for /bucket/key: one of the local machine, or without a name or a usual port.
func isPathStyle(u *url.URL) bool {
	name := strings.ToLower(u.Hostname())
	return net.ParseIP(name) != nil || name == "localhost" || u.Port() != "" || !strings.Contains(name, ".") ||
		strings.HasPrefix(name, "minio.") || strings.HasSuffix(name, ".r2.cloudflarestorage.com")
}
