// Package suffix knows below which domains everybody can have a host: top-level
// domains, those of registries, and those of services that many share.
package suffix

import (
	"slices"
	"strings"
)

// shared are domains under which everybody can have a host, as the services that own
// them say. The list is short on purpose: it has what stands in configurations of
// buckets. https://publicsuffix.org has a whole one.
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

// IsPublic reports whether others can register names under a domain.
func IsPublic(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
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

// Registrable returns the part of a host that somebody has registered: the host, or the
// domain above it, that is right below a public one.
func Registrable(host string) string {
	for {
		_, above, ok := strings.Cut(host, ".")
		if !ok || IsPublic(above) {
			return host
		}
		host = above
	}
}
