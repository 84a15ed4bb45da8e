package conformance

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// differences collects what differs, each with a rank that is its place in the list of
// Diff.What.
type differences struct {
	all []ranked
}

type ranked struct {
	rank int
	Diff
}

// The ranks, in the order of Diff.What's list.
const (
	rankStatus = iota
	rankHeader
	rankError
	rankElement
	rankBytes
	rankConfig
	rankCause
	rankOrder
	rankLines
)

func (d *differences) add(rank int, what, want, got string) {
	d.all = append(d.all, ranked{rank, Diff{what, want, got}})
}

// texts notes a difference if the texts differ.
func (d *differences) texts(rank int, what, want, got string) {
	if want != got {
		d.add(rank, what, want, got)
	}
}

// list returns what was collected, in the order of Diff.What's list; nil if nothing
// differs.
func (d *differences) list() []Diff {
	slices.SortStableFunc(d.all, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	var list []Diff
	for _, r := range d.all {
		list = append(list, r.Diff)
	}
	return list
}

// status is the text of a status in a Diff. Zero stands for a request that goes on.
func status(code int) string {
	if code == 0 {
		return GoesOn
	}
	return strconv.Itoa(code)
}

// names joins the names of pairs, or is Absent if there are none.
func names(pairs []vectors.Pair) string {
	if len(pairs) == 0 {
		return Absent
	}
	all := make([]string, len(pairs))
	for i, p := range pairs {
		all[i] = p[0]
	}
	return strings.Join(all, ", ")
}
