package conformance

import (
	"fmt"
	"slices"
	"sync"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// readAll reads the vectors once, because that takes longer than to ask them.
var readAll = sync.OnceValues(vectors.All)

// Chosen returns the vectors that the options choose, in their order: those that have a
// result after a run, skipped ones included. They are shared, and must not be changed. The
// error says that the vectors could not be read.
func Chosen(opts Options) ([]*vectors.Vector, error) {
	all := opts.Vectors
	if all == nil {
		var err error
		if all, err = readAll(); err != nil {
			return nil, fmt.Errorf("reading the vectors: %w", err)
		}
	}
	var chosen []*vectors.Vector
	for i := range all {
		v := &all[i]
		switch {
		case !isAbout(v, opts.Dialect),
			opts.Run != nil && !opts.Run.MatchString(v.ID),
			opts.Skip != nil && opts.Skip.MatchString(v.ID):
			continue
		}
		chosen = append(chosen, v)
	}
	return chosen, nil
}

// isAbout reports whether a vector holds for a dialect. Those of Ceph hold for its main
// branch, too, but for the one thing in which that differs.
func isAbout(v *vectors.Vector, dialect string) bool {
	if dialect == "ceph-main" && v.Dialect == "ceph" {
		return !slices.Contains(v.Rows, "ceph-2/rule-by-origin")
	}
	return v.Dialect == dialect
}
