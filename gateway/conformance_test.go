package main

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/wire"
)

// lacking is what the gateway does not have.
var lacking = []conformance.Need{"accounts", "authentication", "conditional-writes", "if-match", "if-none-match", "GetBucketAcl", "GetObjectAcl", "GetObjectTagging"}

// TestTheGatewayConforms runs the conformance kit over the wire, without a baseline.
func TestTheGatewayConforms(t *testing.T) {
	for _, row := range []struct {
		name    string
		dialect s3cors.Dialect
		vectors string // the name of the dialect there
		virtual bool
		least   int // that must pass
	}{
		{"as Amazon S3", s3cors.Amazon, "", false, 1000},
		{"as Amazon S3, with virtual hosts", s3cors.Amazon, "", true, 1000},
		{"as Ceph", s3cors.Ceph, "ceph", false, 300},
		{"as the main branch of Ceph", s3cors.CephMain, "ceph-main", false, 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := gateway{Options: []s3cors.Option{s3cors.WithDialect(row.dialect)}, Idle: patience}
			if row.virtual {
				g.Host = "127.0.0.1"
			}
			s := newTestServerWith(t, "", g)
			endpoint, err := wire.New(s.URL, wire.Options{VirtualHosted: row.virtual, Timeout: patience})
			require.NoError(t, err)
			defer endpoint.Close()
			results, err := conformance.Run(t.Context(), endpoint, conformance.Options{Dialect: row.vectors, Lacks: lacking})
			require.NoError(t, err)
			passed := 0
			for _, r := range results {
				switch r.Verdict {
				case conformance.Pass:
					passed++
				case conformance.Skip:
				default:
					t.Errorf("%s: %s %s%v", r.Vector.ID, r.Verdict, r.Reason, r.Diffs)
				}
			}
			require.Greater(t, passed, row.least)
			require.Contains(t, s.require(t, 200, "GET", "/", nil, ""), "<Buckets></Buckets>", "a bucket was left behind")
		})
	}
}

// TestTheKitLeavesNothingBehind asks for what the gateway does not have as well, so that
// forms put objects that should have been refused.
func TestTheKitLeavesNothingBehind(t *testing.T) {
	s := newTestServer(t, "", patience)
	endpoint, err := wire.New(s.URL, wire.Options{Timeout: patience})
	require.NoError(t, err)
	defer endpoint.Close()
	_, err = conformance.Run(t.Context(), endpoint, conformance.Options{Run: regexp.MustCompile("form|upload|anonymous"), Settle: -1})
	require.NoError(t, err)
	require.Contains(t, s.require(t, 200, "GET", "/", nil, ""), "<Buckets></Buckets>", "a bucket was left behind")
}
