package lint

import (
	"fmt"
	"strings"
)

// A Profile says what a configuration is for. The findings that matter then weigh
// more. AWS is the default, and no other profile takes a finding away.
type Profile string

// The profiles.
const (
	AWS           Profile = "aws"            // Amazon S3, for whatever purpose
	BrowserUpload Profile = "browser-upload" // pages put objects
	Multipart     Profile = "multipart"      // pages put objects in parts
	RangeReader   Profile = "range-reader"   // pages read parts of objects
	AWSSDKJS      Profile = "aws-sdk-js-v3"  // pages use Amazon's SDK for JavaScript
	Portable      Profile = "portable"       // the document goes to other servers, too
	Strict        Profile = "strict"         // foreign pages must not do more than was meant
)

var profiles = []Profile{AWS, BrowserUpload, Multipart, RangeReader, AWSSDKJS, Portable, Strict}

// ParseProfiles reads a list of profiles that are separated by commas. The error
// names the first that is none, and lists them.
func ParseProfiles(list string) ([]Profile, error) {
	var found []Profile
	for name := range strings.SplitSeq(list, ",") {
		profile := Profile(strings.TrimSpace(name))
		if !known(profile) {
			return nil, fmt.Errorf("there is no profile %q: there are %s", profile, join(profiles))
		}
		found = append(found, profile)
	}
	return found, nil
}

func known(p Profile) bool {
	for _, other := range profiles {
		if p == other {
			return true
		}
	}
	return false
}

func join[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, ", ")
}

// raised lists the codes that a profile gives another severity.
var raised = map[Profile]map[Code]Severity{
	BrowserUpload: {ETagNotExposed: Warning, ContentTypeNotAllowed: Warning, ClientHeadersNotAllowed: Warning},
	Multipart:     {ETagNotExposed: Warning, ContentTypeNotAllowed: Warning, ClientHeadersNotAllowed: Warning},
	RangeReader:   {RangeNotReadable: Warning},
	AWSSDKJS:      {ClientHeadersNotAllowed: Warning},
	Portable: {SplitMethods: Portability, WildcardPort: Portability, PartialWildcard: Portability, PartialHeaderWildcard: Portability,
		HeaderCase: Portability, ManyRules: Portability, NoCounterpart: Portability},
	Strict: {PlainHTTP: Security, WritesForAll: Security},
}

// needed lists the request headers that the pages of a profile send.
var needed = map[Profile][]string{
	BrowserUpload: {"content-type"},
	Multipart:     {"content-type"},
	AWSSDKJS: {"amz-sdk-invocation-id", "amz-sdk-request", "authorization", "content-type", "x-amz-checksum-crc32",
		"x-amz-content-sha256", "x-amz-date", "x-amz-sdk-checksum-algorithm", "x-amz-security-token", "x-amz-user-agent"},
}
