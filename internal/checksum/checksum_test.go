package checksum

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAlgorithmsGiveTheirPublishedValues(t *testing.T) {
	// Of the text "123456789", by which CRCs are told apart.
	for algorithm, want := range map[string]string{
		"crc32":     "cbf43926",
		"crc32c":    "e3069283",
		"crc64nvme": "ae8b14860a799888",
		"md5":       "25f9e794323b453885f5181f1b624d0b",
		"sha1":      "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
		"sha256":    "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
		"sha512":    "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
	} {
		hash := New(algorithm)
		hash.Write([]byte("123456789"))
		require.Equal(t, want, hex.EncodeToString(hash.Sum(nil)), algorithm)
	}
}

func TestOtherAlgorithmsAreNone(t *testing.T) {
	for _, name := range []string{"", "CRC32", "crc64", "md4"} {
		require.Nil(t, New(name), name)
	}
}
