package s3cors

import (
	"fmt"

	"github.com/s3cors/s3cors/internal/quirk"
)

// A Dialect is a kind of server that speaks S3's protocol. The zero value is
// Amazon. A number that is none of these stands for Amazon, too.
type Dialect uint8

const (
	// Amazon is Amazon S3.
	Amazon Dialect = quirk.Amazon
	// Ceph is the RADOS Gateway of Ceph, as its releases 16.2.15, 18.2.7 and 20.2.4
	// were recorded. It takes the first rule that admits the origin, whatever else
	// the rules say; docs/ceph-cors.md has all that differs from Amazon S3.
	Ceph Dialect = quirk.Ceph
	// CephMain is Ceph's main branch of 2026, in which a rule is chosen as Amazon S3
	// does, by origin, method and headers together. Nobody has recorded it: it is
	// what a merged pull request says.
	CephMain Dialect = quirk.CephMain
)

// String returns "aws", "ceph" or "ceph-main".
func (d Dialect) String() string {
	if int(d) < quirk.Count {
		return quirk.Of(int(d)).Name
	}
	return fmt.Sprintf("Dialect(%d)", uint8(d))
}

// MarshalText returns what String does, so that dialects can be flags of commands
// and members of JSON. It never fails.
func (d Dialect) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes. It fails for any other text, and
// leaves d as it was then.
func (d *Dialect) UnmarshalText(text []byte) error {
	for number := range quirk.Count {
		if quirk.Of(number).Name == string(text) {
			*d = Dialect(number)
			return nil
		}
	}
	return fmt.Errorf("s3cors: %q is no dialect: it is aws, ceph or ceph-main", text)
}

// A dialect is what this package asks about the quirks of a server, one at a time.
type dialect = quirk.Dialect

func (d Dialect) quirks() *dialect { return quirk.Of(int(d)) }

var amazon = Amazon.quirks()

// What bounds arrays must be known when this package is compiled; a test holds the
// dialects to these.
const (
	mostRules        = 100  // 1.1/number-of-rules
	mostRequestBytes = 8192 // 10/too-large-values
)

// A rule is a bit of a ruleset, so there cannot be more rules than bits.
var _ [rulesetSize - mostRules]struct{}
