package suite

import "slices"

// A Difference is work for which an engine's verdict is not S3's.
type Difference struct {
	Family, Engine string
	Workloads      []string
	// Does says what the engine does where S3 does the reverse: "grants" or
	// "refuses".
	Does string
	Why  string
}

const (
	versityEmpty  = "An empty name is an error to it; S3 drops all but a leading one (`4.3/trailing-commas`, `4.3/interior-empty`)."
	versityBound  = "It has no bound on the fields; S3 refuses more than 8,192 bytes (`10/too-large-values`)."
	fetchLower    = "It relies on browsers, which send names in lower case; S3 lowers them (`4.3/case`)."
	fetchSorted   = "It relies on browsers, which send names sorted and once each; S3 takes any list (`4.3/order`, `4.3/duplicates`)."
	fetchPatterns = "It takes a name with a star literally, unless it is nothing but the star; S3 takes patterns (`4.4/header-star`)."
	fetchBound    = "It does not read the names where any are allowed; S3 refuses more than 8,192 bytes (`10/too-large-values`)."
	fiberPattern  = "It sends the list as it is and leaves the comparison to the browser, to which `x-amz-*` is a name (Fetch); S3 takes patterns (`4.4/header-star`)."
)

// Differences are all that there are: the agreement test fails for one that is
// missing here, and for one that is here and not there. The time of such a case
// is that of other work than ours; it is shown all the same, and marked.
func Differences() []Difference {
	return []Difference{
		{"Evaluate", "versitygw", []string{"8 KiB of commas"}, "refuses", versityEmpty},
		{"Evaluate", "versitygw, as deployed", []string{"8 KiB of commas"}, "refuses", versityEmpty},
		{"Evaluate", "versitygw", []string{"1 MiB of one token", "1 MiB of short tokens"}, "grants", versityBound},
		{"Evaluate", "versitygw, as deployed", []string{"1 MiB of one token", "1 MiB of short tokens"}, "grants", versityBound},
		{"Scale/headers", "versitygw", []string{"65536", "1048576"}, "grants", versityBound},
		{"HTTP", "rs/cors", []string{"1 header, mixed case", "5 headers, mixed case", "12 headers, mixed case"}, "refuses", fetchLower},
		{"HTTP", "rs/cors", []string{"8 KiB of short tokens, listed"}, "refuses", fetchSorted},
		{"HTTP", "rs/cors", []string{"5 headers, x-amz-*", "5 headers, x-amz-*, mixed case", "1035 nested patterns, 8 KiB of names"}, "refuses", fetchPatterns},
		{"HTTP", "rs/cors", []string{"1 MiB of commas", "1 MiB of one token", "1 MiB of short tokens"}, "grants", fetchBound},
		{"HTTP", "jub0bs/cors", []string{"1 header, mixed case", "5 headers, mixed case", "12 headers, mixed case"}, "refuses", fetchLower},
		{"HTTP", "jub0bs/cors", []string{"8 KiB of short tokens, listed"}, "refuses", fetchSorted},
		{"HTTP", "jub0bs/cors", []string{"5 headers, x-amz-*", "5 headers, x-amz-*, mixed case", "1035 nested patterns, 8 KiB of names"}, "refuses", fetchPatterns},
		{"HTTP", "jub0bs/cors", []string{"1 MiB of commas", "1 MiB of one token", "1 MiB of short tokens"}, "grants", fetchBound},
		{"Fiber", "fiber cors", []string{"5 headers, x-amz-*", "5 headers, x-amz-*, mixed case"}, "refuses", fiberPattern},
	}
}

// Differs returns what is known of a case whose verdict is not S3's, nil for one
// that agrees.
func Differs(c *Case) *Difference {
	for _, d := range Differences() {
		if d.Family == c.Family && d.Engine == c.Engine && slices.Contains(d.Workloads, c.Workload) {
			return &d
		}
	}
	return nil
}
