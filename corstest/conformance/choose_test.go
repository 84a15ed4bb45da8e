//go:build go1.26

package conformance

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/vectors"
)

func ids(t *testing.T, opts Options) []string {
	t.Helper()
	chosen, err := Chosen(opts)
	require.NoError(t, err)
	var ids []string
	for _, v := range chosen {
		ids = append(ids, v.ID)
	}
	return ids
}

func TestTheOptionsChoose(t *testing.T) {
	all := []vectors.Vector{
		{ID: "amazon"}, {ID: "amazon-too"}, {ID: "ceph", Dialect: "ceph", Rows: []string{"ceph-2/overlap"}},
		{ID: "ceph-by-origin", Dialect: "ceph", Rows: []string{"ceph-2/overlap", "ceph-2/rule-by-origin"}}, {ID: "main", Dialect: "ceph-main"},
	}
	for _, row := range []struct {
		name string
		opts Options
		want []string
	}{
		{"Amazon S3, if they say nothing", Options{}, []string{"amazon", "amazon-too"}},
		{"a dialect", Options{Dialect: "ceph"}, []string{"ceph", "ceph-by-origin"}},
		{"Ceph's main branch with what holds of Ceph", Options{Dialect: "ceph-main"}, []string{"ceph", "main"}},
		{"by what to run", Options{Run: regexp.MustCompile("too")}, []string{"amazon-too"}},
		{"by what to skip", Options{Skip: regexp.MustCompile("too")}, []string{"amazon"}},
		{"by both", Options{Run: regexp.MustCompile("amazon"), Skip: regexp.MustCompile("^amazon$")}, []string{"amazon-too"}},
		{"nothing", Options{Run: regexp.MustCompile("^$")}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.opts.Vectors = all
			require.Equal(t, row.want, ids(t, row.opts))
		})
	}
}

func TestAllVectorsAreThereToChooseFrom(t *testing.T) {
	require.Greater(t, len(ids(t, Options{})), 900)
	require.Greater(t, len(ids(t, Options{Dialect: "ceph"})), 300)
}
