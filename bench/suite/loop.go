package suite

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// prepareLoop is the evaluator that one writes first, by somebody who takes care
// not to allocate: every rule in turn, every pattern in turn, nothing prepared.
// It comes to S3's outcome, and renders nothing.
func prepareLoop(w *Workload) Run {
	rules, request := w.Rules, w.Request
	return func(n int) int {
		granted := 0
		for range n {
			if outcome, _ := loop(rules, &request); outcome == s3cors.Granted {
				granted++
			}
		}
		return granted
	}
}

// loop returns the outcome and, if it is granted, the index of the rule.
func loop(rules []s3cors.Rule, r *s3cors.Request) (s3cors.Outcome, int) {
	if r.Origin == "" {
		if r.Method == "OPTIONS" {
			return s3cors.MissingOrigin, -1
		}
		return s3cors.NotCORS, -1
	}
	if len(r.Origin)+len(r.RequestMethod)+len(r.RequestHeaders) > 8192 {
		return s3cors.TooLarge, -1
	}
	method := r.Method
	if r.RequestMethod != "" {
		method = r.RequestMethod
		switch method {
		case "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS":
		default:
			return s3cors.InvalidMethod, -1
		}
	}
	if !valid(r.RequestHeaders) {
		return s3cors.InvalidHeaders, -1
	}
	for i := range rules {
		if slices.Contains(rules[i].AllowedMethods, method) &&
			admits(rules[i].AllowedOrigins, r.Origin) &&
			admitsNames(rules[i].AllowedHeaders, r.RequestHeaders) {
			return s3cors.Granted, i
		}
	}
	return s3cors.NoMatch, -1
}

// valid reports whether all names of a list are tokens: a blank may stand behind
// a comma only, or behind a blank that does.
func valid(names string) bool {
	separated := false
	for _, c := range []byte(names) {
		switch {
		case c == ',':
			separated = true
		case c == ' ' || c == '\t':
			if !separated {
				return false
			}
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
			separated = false
		default:
			return false
		}
	}
	return true
}

func admits(patterns []string, value string) bool {
	for _, pattern := range patterns {
		if pattern == value {
			return true
		}
		i := strings.IndexByte(pattern, '*')
		if i >= 0 && len(value) >= len(pattern)-1 && value[:i] == pattern[:i] && strings.HasSuffix(value, pattern[i+1:]) {
			return true
		}
	}
	return false
}

// admitsNames reports whether the patterns admit all names of a list, which a
// comma separates together with all commas and blanks behind it. An empty name
// counts if it leads and another follows (4.3/leading-empty).
func admitsNames(patterns []string, names string) bool {
	for names != "" {
		end := strings.IndexByte(names, ',')
		if end < 0 {
			end = len(names)
		}
		name := names[:end]
		names = strings.TrimLeft(names[end:], ", \t")
		if name == "" && names == "" {
			return true
		}
		if !admitsName(patterns, name) {
			return false
		}
	}
	return true
}

func admitsName(patterns []string, name string) bool {
	for _, pattern := range patterns {
		i := strings.IndexByte(pattern, '*')
		if i < 0 {
			if strings.EqualFold(pattern, name) {
				return true
			}
			continue
		}
		tail := len(name) - (len(pattern) - i - 1)
		if tail >= i && strings.EqualFold(name[:i], pattern[:i]) && strings.EqualFold(name[tail:], pattern[i+1:]) {
			return true
		}
	}
	return false
}
