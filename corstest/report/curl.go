package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A Curl says where the requests of a run went, for commands that repeat them.
type Curl struct {
	// Endpoint is the URL of the server, such as https://s3.example.com:9000; what
	// its path has stands before all paths. "" is http://localhost.
	Endpoint string
	// VirtualHosted is true where the name of the bucket stands before that of the
	// host, and false where it begins the path.
	VirtualHosted bool
	// Region is the one that signatures name; "" for a run that signed nothing.
	Region string
	// SessionToken is true where the credentials have one.
	SessionToken bool
}

// Line returns a command, on one line of a POSIX shell, that sends a request with
// curl. It takes the credentials of a signature from the usual variables of AWS.
//
// Whatever header value or body the request has, the shell passes it on to curl,
// with the exception of a NUL in a header, which no argument can have. What curl
// cannot do is said in a comment at the end.
//
// A signed request differs from the one of the run where the curl of many systems
// would sign it wrongly: ?cors is ?cors= there, and a body has a Content-Type.
func (c Curl) Line(r *conformance.Request) string {
	signed := c.Region != "" && !r.Anonymous
	args := []string{"curl", "-i"}
	args = append(args, methodOf(r)...)
	if signed {
		args = append(args, c.signing(r)...)
	}
	for _, h := range r.Headers {
		args = append(args, "-H", shellWord(fieldOf(h)))
	}
	feed, data := bodyOf(r, signed)
	args = append(args, data...)
	args = append(args, c.url(r, signed)...)
	return feed + strings.Join(args, " ") + remark(r, signed)
}

// methodOf returns the flags for the method. With -X HEAD curl would wait for a body.
func methodOf(r *conformance.Request) []string {
	switch {
	case r.Method == "GET" && !hasBody(r):
		return nil
	case r.Method == "HEAD" && !hasBody(r):
		return []string{"--head"}
	case r.Method == "HEAD":
		return []string{"--max-time", "10", "-X", "HEAD"}
	}
	return []string{"-X", shellWord(r.Method)}
}

// hasBody reports whether curl is to send a body, be it of no bytes: servers demand
// the Content-Length of a PUT and of a POST.
func hasBody(r *conformance.Request) bool {
	return r.Body != nil || r.Method == "PUT" || r.Method == "POST"
}

// signing returns the flags for the signature. The curl of Debian 12 does not hash
// the body by itself.
func (c Curl) signing(r *conformance.Request) []string {
	args := []string{
		"--aws-sigv4", shellWord("aws:amz:" + c.Region + ":s3"),
		"--user", `"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
	}
	if c.SessionToken {
		args = append(args, "-H", `"x-amz-security-token: $AWS_SESSION_TOKEN"`)
	}
	if has(r, "x-amz-content-sha256") {
		return args
	}
	sum := sha256.Sum256(r.Body)
	return append(args, "-H", shellWord("x-amz-content-sha256: "+hex.EncodeToString(sum[:])))
}

func has(r *conformance.Request, name string) bool {
	return slices.ContainsFunc(r.Headers, func(h vectors.Pair) bool { return strings.EqualFold(h[0], name) })
}

// fieldOf returns the argument of -H for a field line. A name with a colon and no
// value would take a header away; with a semicolon curl sends it without a value.
func fieldOf(h vectors.Pair) string {
	if strings.Trim(h[1], " \t") == "" {
		return h[0] + ";"
	}
	return h[0] + ": " + h[1]
}

// bodyOf returns what stands before curl to feed it the body, and its flags. By itself
// curl would call every body a form; curl 7.88 signs a header that it is told to leave
// out.
func bodyOf(r *conformance.Request, signed bool) (feed string, args []string) {
	switch {
	case !hasBody(r):
		return "", nil
	case has(r, "Content-Type"):
	case signed:
		args = []string{"-H", "'Content-Type: application/octet-stream'"}
	default:
		args = []string{"-H", "Content-Type:"}
	}
	body := string(r.Body)
	if plain(body) && len(body) < longWord && !strings.HasPrefix(body, "@") {
		return "", append(args, "--data-binary", shellWord(body))
	}
	return printed(body) + " | ", append(args, "--data-binary", "@-")
}

// url returns the URL, behind the flags that keep curl from changing it. The
// connection goes to the endpoint even where no resolver knows the bucket's host.
func (c Curl) url(r *conformance.Request, signed bool) []string {
	endpoint := strings.TrimRight(c.Endpoint, "/")
	if endpoint == "" {
		endpoint = "http://localhost"
	}
	scheme, host, _ := strings.Cut(endpoint, "://")
	path := "/"
	var args []string
	switch {
	case r.Bucket == "":
	case c.VirtualHosted:
		authority, _, _ := strings.Cut(host, "/")
		args = append(args, "--connect-to", shellWord("::"+withPort(scheme, authority)))
		endpoint = scheme + "://" + r.Bucket + "." + host
		path += escapePath(r.Key)
	case r.Key == "":
		path += escapePath(r.Bucket)
	default:
		path += escapePath(r.Bucket) + "/" + escapePath(r.Key)
	}
	url := endpoint + path
	switch {
	case r.Query == "":
	case signed:
		url += "?" + withValues(r.Query)
	default:
		url += "?" + r.Query
	}
	if strings.Contains(path, "/.") {
		args = append(args, "--path-as-is")
	}
	if strings.ContainsAny(url, "[]{}") {
		args = append(args, "--globoff")
	}
	return append(args, shellWord(url))
}

// withValues gives an equals sign to the parameters of a query that have none. The
// canonical form that is signed has it; curl 7.88 signs what it sends.
func withValues(query string) string {
	parts := strings.Split(query, "&")
	for i, p := range parts {
		if p != "" && !strings.Contains(p, "=") {
			parts[i] += "="
		}
	}
	return strings.Join(parts, "&")
}

// withPort returns a host with its port, as --connect-to needs it.
func withPort(scheme, authority string) string {
	if strings.LastIndexByte(authority, ':') > strings.LastIndexByte(authority, ']') {
		return authority
	}
	if scheme == "https" {
		return authority + ":443"
	}
	return authority + ":80"
}

// escapePath escapes what S3 has escaped in a path.
func escapePath(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// remark says what the command cannot do.
func remark(r *conformance.Request, signed bool) string {
	parts := strings.Split(r.Query, "&")
	doubtful := !slices.IsSorted(parts)
	names := make(map[string]bool)
	for _, h := range r.Headers {
		name := strings.ToLower(h[0])
		switch text := h[0] + h[1]; {
		case strings.Contains(text, "\x00"):
			return " # without the NUL in a header: no argument of a command can have one"
		case strings.ContainsAny(text, "\r\n"):
			return " # a header has more than one line: curl may refuse it"
		case names[name], strings.Trim(h[1], " \t") == "":
			doubtful = true
		}
		names[name] = true
	}
	if doubtful && signed {
		return " # curl may sign wrongly what is repeated, empty or not sorted"
	}
	return ""
}
