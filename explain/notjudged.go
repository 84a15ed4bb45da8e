package explain

import (
	"strings"

	"github.com/s3cors/s3cors"
)

// notJudged returns what the explanation cannot tell.
func (j *judge) notJudged() []Hint {
	all := []Hint{
		{Authorization, "Whether " + j.server() + " lets the request through: signature, expiry, policies and ACLs were not looked at."},
		{StoredNow, "Whether the bucket has this configuration now: compare with what it returns (aws s3api get-bucket-cors). A change takes some seconds."},
		{Between, "What stands between page and bucket: caches, a CDN, proxies, redirects."},
	}
	switch {
	case j.Fetch == nil:
		all = append(all, Hint{BrowserView, "What the browser makes of it: how the page makes its request (credentials, mode, headers that it reads) is not known."})
	case j.browser == nil:
		all = append(all, Hint{BrowserView, "What the browser makes of it: the origin of the page is not known."})
	}
	return append(all, Hint{OtherServers, j.textOfOthers()})
}

// textOfOthers says which server was judged, and whether another would answer otherwise.
func (j *judge) textOfOthers() string {
	if j.server() != "S3" {
		return "How other servers answer: this is how Ceph does."
	}
	text := "How other servers answer: this is how Amazon S3 does."
	if scheme := parseOrigin(j.Request.Origin).scheme; scheme != "" && !isWeb(scheme) {
		text += " Backblaze B2 and SeaweedFS take no origins of apps, such as " + scheme + "://."
	}
	if j.isRefused() || j.Configuration == nil {
		return text
	}
	ceph, err := s3cors.Compile(j.Configuration, append(j.opts[:len(j.opts):len(j.opts)], s3cors.WithDialect(s3cors.Ceph))...)
	if err != nil {
		return text + " Ceph would refuse this configuration."
	}
	if other := ceph.Evaluate(j.Request).Outcome(); other != j.decision.Outcome() {
		text += " Ceph would answer otherwise (" + strings.TrimSpace(other.String()) + ")."
	}
	return text
}
