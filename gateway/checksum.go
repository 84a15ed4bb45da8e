package main

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strings"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors"
)

// sumPrefix begins the names of fields with a checksum of the body; the name of
// the algorithm follows. checksumType and checksumMode are about others.
const sumPrefix = "x-amz-checksum-"

// algorithms are those of S3 that the standard library has.
var algorithms = map[string]func() hash.Hash{
	"crc32":     func() hash.Hash { return crc32.NewIEEE() },
	"crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"crc64nvme": func() hash.Hash { return crc64.New(crc64.MakeTable(crc64NVME)) },
	"md5":       md5.New,
	"sha1":      sha1.New,
	"sha256":    sha256.New,
	"sha512":    sha512.New,
}

// crc64NVME is the polynomial of the NVM Express specification, bits reversed.
const crc64NVME = 0x9A6C9329AC4BC9B5

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
		algorithm, ok := strings.CutPrefix(name, sumPrefix)
		switch {
		case !ok, algorithm == "algorithm", algorithm == "mode", algorithm == "type":
			continue
		case algorithms[algorithm] == nil:
			return nil, headerNotImplemented(name)
		}
		sums = append(sums, &sum{name: name, want: values[0], hash: algorithms[algorithm]()})
	}
	return sums, nil
}

// trailingSums returns those of the fields that x-amz-trailer announces.
func trailingSums(names string) ([]*sum, *s3cors.Error) {
	var sums []*sum
	for name := range strings.SplitSeq(strings.ToLower(names), ",") {
		name = strings.TrimSpace(name)
		algorithm, ok := strings.CutPrefix(name, sumPrefix)
		if !ok || algorithms[algorithm] == nil {
			return nil, headerNotImplemented("x-amz-trailer")
		}
		sums = append(sums, &sum{name: name, hash: algorithms[algorithm]()})
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
	algorithm := strings.ToUpper(strings.TrimPrefix(s.name, sumPrefix))
	return gofakes3.ErrorMessage(gofakes3.ErrBadDigest,
		"The "+algorithm+" you specified did not match the calculated checksum.")
}
