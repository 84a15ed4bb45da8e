package work

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
)

// Room is what S3's 8,192 bytes leave for Access-Control-Request-Headers beside
// the other two fields (10/too-large-values).
const Room = 8192 - len(App) - len("PUT")

// mebibyte is what a Go server takes as a request's header by default
// (net/http.DefaultMaxHeaderBytes).
const mebibyte = 1 << 20

// flood repeats a unit to about that many bytes.
func flood(unit string, bytes int) s3cors.Request {
	return Preflight(App, strings.Repeat(unit, bytes/len(unit)))
}

// Names repeats a name to a list of about that many bytes.
func Names(name string, bytes int) s3cors.Request {
	r := flood(name+",", bytes)
	r.RequestHeaders = strings.TrimSuffix(r.RequestHeaders, ",")
	return r
}

// hostile are requests and configurations that somebody made to hurt.
func hostile() []Workload {
	star, named := OneRule(App, "*"), OneRule(App, "ab", "cd")
	return append([]Workload{
		{"8 KiB of commas", Hostile, star, flood(",", Room), s3cors.Granted},
		{"8 KiB of one token", Hostile, named, flood("x", Room), s3cors.NoMatch},
		{"8 KiB of one token, upper case", Hostile, named, flood("X", Room), s3cors.NoMatch},
		{"8 KiB of short tokens, any", Hostile, star, Names("ab", Room), s3cors.Granted},
		{"8 KiB of short tokens, listed", Hostile, named, Names("ab", Room), s3cors.Granted},
		{"1 MiB of commas", Hostile, star, flood(",", mebibyte), s3cors.TooLarge},
		{"1 MiB of one token", Hostile, star, flood("x", mebibyte), s3cors.TooLarge},
		{"1 MiB of short tokens", Hostile, star, Names("ab", mebibyte), s3cors.TooLarge},
	}, hostileConfigurations()...)
}

// hostileConfigurations come from the owner of the bucket.
func hostileConfigurations() []Workload {
	origins := []s3cors.Rule{Rule(alike(1000), "*")}
	patterns := []s3cors.Rule{Rule(nested(45), "*")}
	// What admits the names comes last, or the lookup would stop before.
	headers := []s3cors.Rule{Rule([]string{App}, append(nested(45), as(45)+"*")...)}
	return []Workload{
		{"1000 origins alike, last", Hostile, origins, Actual(alike(1000)[999]), s3cors.Granted},
		{"1000 origins alike, none", Hostile, origins, Actual("https://" + as(29) + ".example.com"), s3cors.NoMatch},
		{"1035 nested patterns, none", Hostile, patterns, Actual(as(45)), s3cors.NoMatch},
		{"1035 nested patterns, 8 KiB of names", Hostile, headers, Names(as(45), Room), s3cors.Granted},
	}
}

// alike returns origins of one length that share both ends, which is all that a
// cheap hash or an index by prefix, suffix or length looks at.
func alike(n int) []string {
	return Numbered(n, "https://aaaaaaaaaaaa-%04d-aaaaaaaaaaa.example.com")
}

// nested returns patterns that nest as deeply as the 65,536 bytes of a document
// let them: each begins a value of n "a"s with its head, and the rest of the value
// ends with its tail, but for one byte. By those of 45 a lookup visits a node of
// our trees for each pattern; no document is known by which it visits more.
func nested(n int) []string {
	var patterns []string
	for head := range n {
		for tail := range n - head {
			patterns = append(patterns, fmt.Sprintf("%s*c%s", as(head), as(tail)))
		}
	}
	return patterns
}

func as(n int) string { return strings.Repeat("a", n) }
