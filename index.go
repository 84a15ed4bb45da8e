package s3cors

import (
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// A listed string is one without a star.
type listed struct {
	text  string
	rules ruleset
}

// An index finds one of many listed strings by its hash. It is a table of which a
// quarter is empty at least. Each of the other places has the upper half of the hash of
// a string, and the number of that string, from 1; a place that is taken passes its
// string on to the next one.
//
// A map would do the same, and takes longer: it begins with a search among eight places,
// where a value that is not listed mostly meets an empty place here, or another hash.
type index []uint64

// seed is unknown to those who write configurations, so that nobody can list strings
// that all have one place.
var seed = maphash.MakeSeed()

// newIndex returns the index of all listed strings.
func newIndex(all []listed) index {
	x := make(index, 1<<bits.Len(uint(len(all)+len(all)/3)))
	for i := range all {
		hash := hashOf(all[i].text)
		at := x.first(hash)
		for x[at] != 0 {
			at = x.next(at)
		}
		x[at] = hash>>32<<32 | uint64(i+1)
	}
	return x
}

func (x index) first(hash uint64) uint64 { return hash & uint64(len(x)-1) }
func (x index) next(at uint64) uint64    { return (at + 1) & uint64(len(x)-1) }

// find returns the entry of all whose text is value, nil if there is none.
func (x index) find(value string, all []listed) *listed {
	hash := hashOf(value)
	for at := x.first(hash); x[at] != 0; at = x.next(at) {
		if x[at]>>32 != hash>>32 {
			continue
		}
		if e := &all[uint32(x[at])-1]; e.text == value {
			return e
		}
	}
	return nil
}

// keys are as unknown as seed is.
var keys = newKeys()

func newKeys() (keys [6]uint64) {
	for i := range keys {
		keys[i] = rand.Uint64()
	}
	return keys
}

// hashOf returns the hash of a string. For 8 to 32 bytes, as almost all origins and names
// have, it multiplies two words with keys in them, as Go's own hash of memory does where the
// processor has no instructions for it. That takes two thirds of the time of a call of
// maphash (BenchmarkHash). The words overlap unless there are 16 or 32 bytes. Without the
// last multiplication, strings that differ in digits would lie close to each other under
// one in some hundred sets of keys.
func hashOf(s string) uint64 {
	n := len(s)
	if n < 8 || n > 32 {
		return maphash.String(seed, s)
	}
	high, low := bits.Mul64(word(s)^keys[0], word(s[n-8:])^keys[1])
	hash := high ^ low ^ uint64(n)
	if n > 16 {
		high, low = bits.Mul64(word(s[8:])^keys[2], word(s[n-16:])^keys[3])
		hash += high ^ low
	}
	high, low = bits.Mul64(hash^keys[4], keys[5])
	return high ^ low
}
