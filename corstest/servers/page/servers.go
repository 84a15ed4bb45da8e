package main

// A server is one that run knows how to start.
type server struct {
	name  string // in run
	title string
	home  string // where it is at home
	setup string // how it was set up, a sentence
	// claims says, in a sentence, what of the CORS of S3 its authors do not claim.
	claims string
	// dialect is the one that it is held against beside Amazon S3, and facts the page
	// that states it; both are "" for most.
	dialect, facts string
	known          []known
	// unruly is true for a server that cannot be given rules. Most diagnoses are about
	// rules, so that only those are shown that fit very well.
	unruly bool
	// doubts are diagnoses that somebody has looked into, and that are not so, with what
	// is so instead.
	doubts map[string]string
}

// known is something that is known of a server's CORS, with its address.
type known struct{ title, address string }

// unmeasured are the doubts of every server: diagnoses that the kit makes from answers,
// of what cannot be seen in answers.
var unmeasured = map[string]string{
	"srv-comma-dos": "what is too long for S3 is answered here, and nobody measured what that costs",
}

// servers are in the order of the page.
var servers = []server{
	{
		name: "gateway", title: "the gateway of this project", home: "https://github.com/s3cors/s3cors/tree/main/gateway",
		setup:  "gofakes3 in memory, with this project's middleware before it.",
		claims: "It has no authentication, and keeps no access lists.",
	},
	{
		name: "versitygw", title: "versitygw", home: "https://github.com/versity/versitygw",
		setup: "The posix backend, with a sidecar directory for metadata.",
		known: []known{
			{"rules are validated by PUT ?cors", "https://github.com/versity/versitygw/pull/1885"},
			{"ETag is exposed also where no rule says so", "https://github.com/versity/versitygw/issues/1893"},
			{"header names are compared without case", "https://github.com/versity/versitygw/pull/1492"},
		},
	},
	{
		name: "gofakes3", title: "gofakes3", home: "https://github.com/johannesboyne/gofakes3",
		setup:  "The command of the project, with the memory backend.",
		claims: "It is a fake for tests. It has no CORS of buckets: one fixed set of headers is sent whatever the request, and `?cors` is no sub-resource.",
		unruly: true,
		doubts: map[string]string{
			"srv-preflight-forwarded": "every preflight gets the same answer, and none is refused",
		},
		known: []known{
			{"a small library for CORS would be welcome", "https://github.com/johannesboyne/gofakes3/issues/102"},
			{"a conformance suite would be welcome, too", "https://github.com/johannesboyne/gofakes3/issues/3"},
		},
	},
	{
		name: "minio", title: "MinIO", home: "https://github.com/minio/minio",
		setup:  "The community edition, one node with one drive.",
		claims: "CORS of buckets is part of the commercial product only; here `PUT ?cors` is answered with `NotImplemented`, and one list of origins holds for the whole server.",
		unruly: true,
		doubts: map[string]string{
			"cred-with-star":          "the answer names the origin, and no star",
			"expose-absent":           "the header is missing in preflights only",
			"srv-preflight-forwarded": "without rules, no preflight is refused",
		},
		known: []known{
			{"credentials for every origin that is reflected", "https://github.com/minio/minio/issues/21352"},
			{"why a change of that would break clients", "https://github.com/minio/minio/pull/21453"},
			{"GET ?cors answers an empty document", "https://github.com/minio/minio/issues/9396"},
		},
	},
	{
		name: "s3rver", title: "s3rver", home: "https://github.com/jamhall/s3rver",
		setup:  "Path style only, with its one account.",
		claims: "It is a fake for tests; its last release is of 2021.",
		doubts: map[string]string{
			"srv-preflight-forwarded": "it refuses those preflights itself, with other elements in the error",
		},
	},
	{
		name: "seaweedfs", title: "SeaweedFS", home: "https://github.com/seaweedfs/seaweedfs",
		setup: "`weed server -s3`: a master, a volume, a filer and the S3 gateway in one process. " +
			"Its `-allowedOrigins` are as they come, all: they stand behind the rules of a bucket.",
		doubts: map[string]string{
			"options-implied":         "a preflight that no rule matches is answered with 200 and the origin, whatever it asks for",
			"srv-get-none-wrong":      "the code is that of S3, and the error has other elements beside it",
			"srv-preflight-forwarded": "it answers those preflights itself, with 200",
		},
		known: []known{
			{"Vary for origins that are listed", "https://github.com/seaweedfs/seaweedfs/issues/7544"},
			{"Vary also without an Origin", "https://github.com/seaweedfs/seaweedfs/issues/8071"},
			{"preflights for a bucket that does not exist", "https://github.com/seaweedfs/seaweedfs/issues/8065"},
		},
	},
	{
		name: "ceph", title: "Ceph RADOS Gateway", home: "https://github.com/ceph/ceph",
		setup:   "The packages of Debian: one monitor, one manager, one OSD in memory, and radosgw.",
		claims:  "Where Ceph differs from S3 is written down in [ceph-cors.md](ceph-cors.md).",
		dialect: "ceph", facts: "ceph-cors.md",
		known: []known{
			{"the rule is chosen by origin, method and headers from the main branch on", "https://github.com/ceph/ceph/pull/69190"},
			{"CORS for the whole server", "https://github.com/ceph/ceph/pull/66500"},
		},
	},
}
