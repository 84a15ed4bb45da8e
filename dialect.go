package s3cors

// A dialect is what servers of S3's protocol differ in. Code asks it about one
// quirk at a time, never which server it stands for.
type dialect struct {
	// maxDocumentBytes bounds a document (1.1/body-size).
	maxDocumentBytes int
	// maxRules bounds the rules of a configuration (1.1/number-of-rules).
	maxRules int
	// maxRequestBytes bounds the values of a request's three fields together
	// (10/too-large-values).
	maxRequestBytes int
}

// Amazon S3's limits.
const (
	amazonDocumentBytes = 65536 // 1.1/body-size
	amazonRules         = 100   // 1.1/number-of-rules
	amazonRequestBytes  = 8192  // 10/too-large-values
)

// A rule is a bit of a ruleset, so there cannot be more rules than bits.
var _ [rulesetSize - amazonRules]struct{}

var amazon = dialect{
	maxDocumentBytes: amazonDocumentBytes,
	maxRules:         amazonRules,
	maxRequestBytes:  amazonRequestBytes,
}
