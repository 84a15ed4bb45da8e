package lint

import (
	"slices"
	"strings"
)

// shared are domains under which everybody can have a host, as the services that own
// them say. The list is short on purpose: it has what stands in configurations of
// buckets. Options.PublicSuffix takes a whole one.
var shared = strings.Fields(`
	amazonaws.com amplifyapp.com cloudfront.net elasticbeanstalk.com s3.amazonaws.com awsapprunner.com
	app.github.dev appspot.com azurecontainerapps.io azurestaticapps.net azurewebsites.net b-cdn.net blob.core.windows.net blogspot.com
	bubbleapps.io cloudapp.net codesandbox.io csb.app deno.dev digitaloceanspaces.com edgeone.app firebaseapp.com fly.dev
	framer.app github.dev github.io gitlab.io gitpod.io glitch.me heroku.com herokuapp.com hf.space loca.lt localtunnel.me lovable.app
	myshopify.com netlify.app netlify.com ngrok-free.app ngrok.app ngrok.dev ngrok.io now.sh ondigitalocean.app onrender.com
	pages.dev preview.app r2.dev railway.app render.com replit.app replit.dev repl.co run.app serveo.net squarespace.com stackblitz.io
	streamlit.app surge.sh translate.goog trycloudflare.com tumblr.com up.railway.app vercel.app web.app webcontainer.io webflow.io
	wixsite.com wordpress.com workers.dev zeabur.app
`)

// seconds are labels below which registries of countries give out names, as in
// co.uk and com.br.
var seconds = []string{"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "nom", "or", "org"}

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
	if suffix := r.opts.PublicSuffix; suffix != nil {
		return suffix(domain) == domain
	}
	first, rest, dotted := strings.Cut(domain, ".")
	switch {
	case !dotted:
		return true
	case len(rest) == 2 && slices.Contains(seconds, first):
		return true
	}
	return slices.Contains(shared, domain) || isRegionOfS3(domain)
}

// isRegionOfS3 reports whether buckets of everybody are hosts of this domain.
func isRegionOfS3(domain string) bool {
	return strings.HasSuffix(domain, ".amazonaws.com") && (strings.HasPrefix(domain, "s3.") || strings.HasPrefix(domain, "s3-"))
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
