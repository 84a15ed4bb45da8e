package convert_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
)

// pools are values for each member: usual ones, those that some target does not take,
// and those that are awkward to write.
var pools = map[string][]string{
	"ID":             {"", "up", "uploads", "uploads-2", "b2-uploads", "s3cors-rule-1", "a b", strings.Repeat("x", 256), "${a}", "null", "\u0000", "{{resolve:ssm:a}}"},
	"AllowedOrigins": {"*", "https://a.example", "https://b.example:8443", "https://*.example.com", "https://*", "http://localhost:*", "https", "h*", "null", "app://obsidian.md", "https://a.example/", "", "$${a}", "%{b}", "$$${c}", "\ufeff", "a\r\nb", "\u0001", "<&>\"'", "é", "{{resolve:x"},
	"AllowedMethods": {"GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "COPY", "get", ""},
	"AllowedHeaders": {"*", "Content-Type", "content-type", "x-amz-*", "Authorization", "", "*-a", "a b"},
	"ExposeHeaders":  {"ETag", "etag", "Content-Type", "x-amz-request-id", "", "*", "x-*"},
}

var ages = []int64{0, -1, 1, 3600, 86400, 86401, 1<<31 - 1, 1 << 31, 1<<63 - 1, -1 << 63}

func drawn(r *rand.Rand) *s3cors.Configuration {
	c := &s3cors.Configuration{CORSRules: make([]s3cors.Rule, r.IntN(4))}
	for i := range c.CORSRules {
		c.CORSRules[i] = s3cors.Rule{
			AllowedOrigins: some(r, "AllowedOrigins"),
			AllowedMethods: some(r, "AllowedMethods"),
			AllowedHeaders: some(r, "AllowedHeaders"),
			ExposeHeaders:  some(r, "ExposeHeaders"),
		}
		if r.IntN(2) == 0 {
			id := pools["ID"][r.IntN(len(pools["ID"]))]
			c.CORSRules[i].ID = &id
		}
		if r.IntN(2) == 0 {
			age := ages[r.IntN(len(ages))]
			c.CORSRules[i].MaxAgeSeconds = &age
		}
	}
	return c
}

func some(r *rand.Rand, member string) []string {
	var list []string
	for range r.IntN(4) {
		list = append(list, pools[member][r.IntN(len(pools[member]))])
	}
	return list
}

func TestTheLawsHoldForDrawnConfigurations(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 400 {
		c := drawn(r)
		for _, format := range convert.Formats() {
			if format.Writable() {
				checkLaws(t, c, convert.WriteOptions{Format: format})
			}
		}
	}
}
