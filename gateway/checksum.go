package main

import (
	"encoding/base64"
	"hash"
	"net/http"
	"strings"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/internal/checksum"
)

// A sum is a checksum of a body that a request declares.
type sum struct {
	name string // of the field, in lower case
	want string // in base64; "" if a trailing field will tell
	hash hash.Hash
}

// declaredSums returns those of a request's header. An algorithm that is not
// known is refused, not ignored.
func declaredSums(h http.Header) ([]*sum, *s3cors.Error) {
	var sums []*sum
	for name, values := range h {
		name = strings.ToLower(name)
		algorithm, ok := strings.CutPrefix(name, checksum.FieldPrefix)
		switch {
		case !ok, algorithm == "algorithm", algorithm == "mode", algorithm == "type":
			continue
		case checksum.New(algorithm) == nil:
			return nil, corsserver.HeaderNotImplemented(name)
		}
		sums = append(sums, &sum{name: name, want: values[0], hash: checksum.New(algorithm)})
	}
	return sums, nil
}

// trailingSums returns those of the fields that x-amz-trailer announces.
func trailingSums(names string) ([]*sum, *s3cors.Error) {
	var sums []*sum
	for name := range strings.SplitSeq(strings.ToLower(names), ",") {
		name = strings.TrimSpace(name)
		algorithm, ok := strings.CutPrefix(name, checksum.FieldPrefix)
		if !ok || checksum.New(algorithm) == nil {
			return nil, corsserver.HeaderNotImplemented("x-amz-trailer")
		}
		sums = append(sums, &sum{name: name, hash: checksum.New(algorithm)})
	}
	return sums, nil
}

// verify compares the checksum with what was read.
func (s *sum) verify(trailer func(name string) string) error {
	want := s.want
	if want == "" && trailer != nil {
		want = trailer(s.name)
	}
	if want == base64.StdEncoding.EncodeToString(s.hash.Sum(nil)) {
		return nil
	}
	algorithm := strings.ToUpper(strings.TrimPrefix(s.name, checksum.FieldPrefix))
	return gofakes3.ErrorMessage(gofakes3.ErrBadDigest, "The "+algorithm+badChecksum)
}

// badChecksum ends the message about a checksum (10/checksum-mismatch); another one
// of the same code is about Content-MD5.
const badChecksum = " you specified did not match the calculated checksum."
