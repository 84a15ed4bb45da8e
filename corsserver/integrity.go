package corsserver

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"hash"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/checksum"
)

// A Header returns the values of all lines of a request's header field, nil if there is
// no such line. It is called with the name of the field in the canonical form of
// net/http.
type Header func(name string) []string

// value returns the value of a field that should have one line; several make one
// value that is malformed.
func (h Header) value(name string) string {
	lines := h(name)
	if len(lines) == 1 {
		return strings.Trim(lines[0], " \t")
	}
	return strings.Join(lines, ",")
}

// checksums are the algorithms of x-amz-checksum-<algorithm> that protect ?cors
// (10/checksum-algorithms), by the canonical form of their fields.
var checksums = []struct{ algorithm, field string }{
	{"CRC32", "X-Amz-Checksum-Crc32"},
	{"CRC32C", "X-Amz-Checksum-Crc32c"},
	{"CRC64NVME", "X-Amz-Checksum-Crc64nvme"},
	{"SHA1", "X-Amz-Checksum-Sha1"},
	{"SHA256", "X-Amz-Checksum-Sha256"},
}

// A claim is what a request says of its body.
type claim struct {
	sum        []byte
	hash       hash.Hash
	mismatched func(calculated []byte) *s3cors.Error
}

// VerifyBody checks the body of PUT ?cors against the checksums in the header of the
// request. At least one checksum must be there, all must be well-formed, and all must
// be those of the body. VerifyBody returns S3's error if they are not, and nil if they
// are.
func VerifyBody(h Header, body []byte) *s3cors.Error {
	claims, err := readClaims(h)
	if err != nil {
		return err
	}
	if len(claims) == 0 { // 1.4/checksum-required
		return MissingChecksum()
	}
	for _, c := range claims { // 10/every-checksum
		c.hash.Write(body) // which never fails
		if sum := c.hash.Sum(nil); !bytes.Equal(sum, c.sum) {
			return c.mismatched(sum)
		}
	}
	return nil
}

func readClaims(h Header) ([]claim, *s3cors.Error) {
	var claims []claim
	if h("Content-Md5") != nil {
		value := h.value("Content-Md5")
		sum := decodeDigest(value, md5.Size)
		if sum == nil {
			return nil, InvalidDigest(value)
		}
		claims = append(claims, claim{sum, md5.New(), func(calculated []byte) *s3cors.Error {
			return BadDigest(value, base64.StdEncoding.EncodeToString(calculated))
		}})
	}
	for _, c := range checksums {
		if h(c.field) == nil {
			continue
		}
		hash := checksum.New(strings.ToLower(c.algorithm))
		sum := decodeDigest(h.value(c.field), hash.Size())
		if sum == nil {
			return nil, InvalidChecksum(strings.ToLower(c.field))
		}
		claims = append(claims, claim{sum, hash, func([]byte) *s3cors.Error { return BadChecksum(c.algorithm) }})
	}
	return claims, nil
}

// decodeDigest returns the bytes of a digest in base64, nil if it is not one of
// that size. Bits that the last character has to spare are nobody's, so they do not
// count (10/digest-form): what a client sends with them is a digest that fits or
// does not. base64 also passes over line ends, whose bytes the length counts.
func decodeDigest(value string, size int) []byte {
	sum, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(sum) != size || len(value) != base64.StdEncoding.EncodedLen(size) {
		return nil
	}
	return sum
}
