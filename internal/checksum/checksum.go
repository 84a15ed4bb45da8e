// Package checksum has the algorithms with which clients of S3 protect bodies.
package checksum

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"hash/crc32"
	"hash/crc64"
)

// FieldPrefix begins the names of the header fields that hold a checksum, in lower
// case; the name of the algorithm follows.
const FieldPrefix = "x-amz-checksum-"

// New returns the hash of an algorithm, by its name in lower case as in the name of
// the field; nil if it is none of S3's that the standard library has.
func New(algorithm string) hash.Hash {
	switch algorithm {
	case "crc32":
		return crc32.NewIEEE()
	case "crc32c":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "crc64nvme":
		return crc64.New(crc64.MakeTable(crc64NVME))
	case "md5":
		return md5.New()
	case "sha1":
		return sha1.New()
	case "sha256":
		return sha256.New()
	case "sha512":
		return sha512.New()
	}
	return nil
}

// crc64NVME is the polynomial 0xAD93D23594C93659 of the NVM Express
// specification, bits reversed.
const crc64NVME = 0x9A6C9329AC4BC9B5
