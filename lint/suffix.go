package lint

import (
	"strings"

	"github.com/s3cors/s3cors/internal/suffix"
)

// isPublic reports whether others can register names under a domain: it is a top-level
// domain, one of a registry, or shared.
func (r *reporter) isPublic(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	if domain == "" {
		return true
	}
	if isLocal(domain) {
		return false
	}
	if public := r.opts.PublicSuffix; public != nil {
		return public(domain) == domain
	}
	return suffix.IsPublic(domain)
}

// isLocal reports whether a host is one of the machine itself (RFC 6761 section 6.3) or
// of a private network (RFC 1918), or has a name of one (RFC 6762, RFC 8375).
func isLocal(host string) bool {
	name := strings.TrimSuffix(host, ".")
	for _, suffix := range []string{"localhost", "local", "test", "internal", "home.arpa", "lan"} {
		if name == suffix || strings.HasSuffix(name, "."+suffix) {
			return true
		}
	}
	return name == "[::1]" || isPrivateAddress(name)
}

// isPrivateAddress reports whether a text is an IPv4 address that is not routed.
func isPrivateAddress(host string) bool {
	parts := strings.Split(host, ".")
	if len(parts) != 4 || strings.Trim(host, "0123456789.") != "" {
		return false
	}
	switch {
	case parts[0] == "127", parts[0] == "10", parts[0] == "0":
		return true
	case parts[0] == "192" && parts[1] == "168", parts[0] == "169" && parts[1] == "254":
		return true
	}
	return parts[0] == "172" && len(parts[1]) == 2 && parts[1] >= "16" && parts[1] <= "31"
}
