package corshttp

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strings"

	"github.com/s3cors/s3cors"
)

// A checksum is one of the algorithms of x-amz-checksum-<algorithm>.
type checksum struct {
	algorithm string // in capitals, as in messages
	key       string // of the field, in canonical form
	hash      func() hash.Hash
}

var checksums = []checksum{
	{"CRC32", "X-Amz-Checksum-Crc32", func() hash.Hash { return crc32.NewIEEE() }},
	{"CRC32C", "X-Amz-Checksum-Crc32c", func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }},
	{"CRC64NVME", "X-Amz-Checksum-Crc64nvme", func() hash.Hash { return crc64.New(crc64.MakeTable(crc64NVME)) }},
	{"SHA1", "X-Amz-Checksum-Sha1", sha1.New},
	{"SHA256", "X-Amz-Checksum-Sha256", sha256.New},
}

// crc64NVME is the polynomial 0xAD93D23594C93659 of the NVM Express
// specification, bits reversed.
const crc64NVME = 0x9A6C9329AC4BC9B5

// A claim is what a request says of its body.
type claim struct {
	sum        []byte
	hash       hash.Hash
	mismatched func(calculated []byte) *s3cors.Error
}

// verify checks a body against the checksums of its request: one at least must
// be there (1.4/checksum-required), all must be well-formed, and then all must
// fit.
func verify(h http.Header, body []byte) *s3cors.Error {
	claims, err := readClaims(h)
	if err != nil {
		return err
	}
	if len(claims) == 0 {
		return missingChecksum()
	}
	for _, c := range claims {
		c.hash.Write(body) // which never fails
		if sum := c.hash.Sum(nil); !bytes.Equal(sum, c.sum) {
			return c.mismatched(sum)
		}
	}
	return nil
}

func readClaims(h http.Header) ([]claim, *s3cors.Error) {
	var claims []claim
	if _, ok := h["Content-Md5"]; ok {
		value := field(h, "Content-Md5")
		sum := decode(value, md5.Size)
		if sum == nil {
			return nil, invalidDigest(value)
		}
		claims = append(claims, claim{sum, md5.New(), func(calculated []byte) *s3cors.Error {
			return badDigest(value, base64.StdEncoding.EncodeToString(calculated))
		}})
	}
	for _, c := range checksums {
		if _, ok := h[c.key]; !ok {
			continue
		}
		hash := c.hash()
		sum := decode(field(h, c.key), hash.Size())
		if sum == nil {
			return nil, invalidChecksum(strings.ToLower(c.key))
		}
		claims = append(claims, claim{sum, hash, func([]byte) *s3cors.Error { return badChecksum(c.algorithm) }})
	}
	return claims, nil
}

// decode returns the bytes of a digest in base64, nil if it is not one of that
// size. Bits that the last character has to spare are nobody's, so they do not
// count (10/digest-form): what a client sends with them is a digest that fits or
// does not. base64 also passes over line ends, whose bytes the length counts.
func decode(value string, size int) []byte {
	sum, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(sum) != size || len(value) != base64.StdEncoding.EncodedLen(size) {
		return nil
	}
	return sum
}
