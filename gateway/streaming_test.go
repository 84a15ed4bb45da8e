package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/checksum"
)

// checksumOf returns the value of x-amz-checksum-<algorithm>.
func checksumOf(algorithm, content string) string {
	h := checksum.New(algorithm)
	_, _ = io.WriteString(h, content)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func TestChecksumsAreThoseOfTheirStandards(t *testing.T) {
	// Of "123456789": the catalogues' check values of CRCs, and what the programs
	// md5sum, sha1sum, … say.
	want := map[string]string{
		"crc32":     "y/Q5Jg==",
		"crc32c":    "4waSgw==",
		"crc64nvme": "rosUhgp5mIg=",
		"md5":       "JfnnlDI7RTiF9RgfG2JNCw==",
		"sha1":      "98O8HYCOBHMq32eZZczDTKeuNEE=",
		"sha256":    "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
		"sha512":    "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
	}
	for algorithm := range want {
		require.Equal(t, want[algorithm], checksumOf(algorithm, "123456789"), algorithm)
	}
}

const signature = ";chunk-signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// chunks frames parts of a content, with an extension of every chunk's line, and
// what follows the last one's.
func chunks(extension, trailer string, parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&b, "%x%s\r\n%s\r\n", len(part), extension, part)
	}
	fmt.Fprintf(&b, "0%s\r\n%s\r\n", extension, trailer)
	return b.String()
}

func framing(payload string, length int, more ...string) fields {
	return append(fields{
		"X-Amz-Content-Sha256", payload,
		"X-Amz-Decoded-Content-Length", strconv.Itoa(length),
		"Content-Encoding", "aws-chunked",
	}, more...)
}

const (
	unsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	signed          = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	signedTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
)

func TestFramedUploadsAreStoredWithoutTheirFraming(t *testing.T) {
	content := strings.Repeat("0123456789\r\n0\r\n\r\n", 5000)
	crc := checksumOf("crc32", content)
	rows := []struct {
		name   string
		fields fields
		body   string
		want   string
	}{
		{"unsigned, with a trailing CRC32, in one chunk",
			framing(unsignedTrailer, len(content), "X-Amz-Trailer", "x-amz-checksum-crc32"),
			chunks("", "x-amz-checksum-crc32:"+crc+"\r\n", content), content},
		{"unsigned, in several chunks",
			framing(unsignedTrailer, len(content), "X-Amz-Trailer", "x-amz-checksum-crc32"),
			chunks("", "x-amz-checksum-crc32:"+crc+"\r\n", content[:1], content[1:40_000], content[40_000:]), content},
		{"unsigned, the trailer's name in other letters, with a blank",
			framing(unsignedTrailer, len(content), "X-Amz-Trailer", "X-Amz-Checksum-Crc32"),
			chunks("", "X-Amz-Checksum-CRC32: "+crc+"\r\n", content), content},
		{"unsigned, without an empty line at the end",
			framing(unsignedTrailer, 7, "X-Amz-Trailer", "x-amz-checksum-sha256"),
			"7\r\ncontent\r\n0\r\nx-amz-checksum-sha256:" + checksumOf("sha256", "content"), "content"},
		{"unsigned, announcing no trailer", framing(unsignedTrailer, 7), chunks("", "", "content"), "content"},
		{"signed", framing(signed, len(content)), chunks(signature, "", content[:65536], content[65536:]), content},
		{"signed by ECDSA", framing("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", 7),
			chunks(";chunk-signature="+strings.Repeat("0", 144), "", "content"), "content"},
		{"signed, with a signed trailer as in the documentation",
			framing(signedTrailer, 7, "X-Amz-Trailer", "x-amz-checksum-crc32c"),
			chunks(signature, "x-amz-checksum-crc32c:"+checksumOf("crc32c", "content")+"\n\r\nx-amz-trailer-signature:abc\r\n", "content"), "content"},
		{"nothing, unsigned", framing(unsignedTrailer, 0, "X-Amz-Trailer", "x-amz-checksum-crc64nvme"),
			chunks("", "x-amz-checksum-crc64nvme:"+checksumOf("crc64nvme", "")+"\r\n"), ""},
		{"nothing, signed", framing(signed, 0), chunks(signature, ""), ""},
		{"a length in capitals, with zeros before it", framing(signed, 26), "001A\r\n" + strings.Repeat("x", 26) + "\r\n0\r\n\r\n", strings.Repeat("x", 26)},
	}
	eachStorage(t, func(t *testing.T, s server) {
		for _, row := range rows {
			t.Run(row.name, func(t *testing.T) {
				response, body := s.send(t, "PUT", "/demo/key", row.fields, strings.NewReader(row.body))
				require.Equal(t, 200, response.StatusCode, body)
				require.True(t, row.want == s.require(t, 200, "GET", "/demo/key", nil, ""), "the content differs")
				// The length of the body is not known beforehand.
				response, body = s.send(t, "PUT", "/demo/key2", row.fields, io.MultiReader(strings.NewReader(row.body)))
				require.Equal(t, 200, response.StatusCode, body)
				require.True(t, row.want == s.require(t, 200, "GET", "/demo/key2", nil, ""), "the content differs")
			})
		}
	})
}

func TestFramedUploadsThatAreWrongAreNotStored(t *testing.T) {
	right := "x-amz-checksum-crc32:" + checksumOf("crc32", "content") + "\r\n"
	wrong := "x-amz-checksum-crc32:" + checksumOf("crc32", "other") + "\r\n"
	trailer := fields{"X-Amz-Trailer", "x-amz-checksum-crc32"}
	rows := []struct {
		name   string
		fields fields
		body   string
		status int
		code   string
	}{
		{"a trailing checksum of something else", framing(unsignedTrailer, 7, trailer...), chunks("", wrong, "content"), 400, "BadDigest"},
		{"a trailing checksum that is announced and not there", framing(unsignedTrailer, 7, trailer...), chunks("", "", "content"), 400, "BadDigest"},
		{"another checksum than the one announced", framing(unsignedTrailer, 7, trailer...),
			chunks("", "x-amz-checksum-sha1:"+checksumOf("sha1", "content")+"\r\n", "content"), 400, "BadDigest"},
		{"a trailer that is no field", framing(unsignedTrailer, 7, trailer...), chunks("", "hello\r\n", "content"), 400, "IncompleteBody"},
		{"a trailer without end", framing(unsignedTrailer, 7, trailer...), chunks("", right+strings.Repeat("\r\n", 8192), "content"), 400, "IncompleteBody"},
		{"an unknown checksum announced", framing(unsignedTrailer, 7, "X-Amz-Trailer", "x-amz-checksum-xxh3"), chunks("", "", "content"), 501, "NotImplemented"},
		{"something else announced", framing(unsignedTrailer, 7, "X-Amz-Trailer", "expires"), chunks("", "", "content"), 501, "NotImplemented"},
		{"no decoded length", fields{"X-Amz-Content-Sha256", signed}, chunks(signature, "", "content"), 411, "MissingContentLength"},
		{"a negative decoded length", framing(signed, -1), chunks(signature, "", "content"), 411, "MissingContentLength"},
		{"more than the decoded length", framing(signed, 6), chunks(signature, "", "content"), 400, "IncompleteBody"},
		{"less than the decoded length", framing(signed, 8), chunks(signature, "", "content"), 400, "IncompleteBody"},
		{"a decoded length beyond S3's limit", framing(signed, 5<<30+1), chunks(signature, "", "content"), 400, "EntityTooLarge"},
		{"no last chunk", framing(signed, 7), "7\r\ncontent\r\n", 400, "IncompleteBody"},
		{"an end in a chunk", framing(signed, 7), "7\r\ncont", 400, "IncompleteBody"},
		{"no line end behind a chunk", framing(signed, 7), "7\r\ncontent0\r\n\r\n", 400, "IncompleteBody"},
		{"a line feed alone", framing(signed, 7), "7\ncontent\n0\n\n", 400, "IncompleteBody"},
		{"a length that is no number", framing(signed, 7), "seven\r\ncontent\r\n0\r\n\r\n", 400, "IncompleteBody"},
		{"a negative length", framing(signed, 7), "-7\r\ncontent\r\n0\r\n\r\n", 400, "IncompleteBody"},
		{"a length beyond 64 bits", framing(signed, 7), "ffffffffffffffff7\r\ncontent\r\n0\r\n\r\n", 400, "IncompleteBody"},
		{"a line without end", framing(signed, 7), strings.Repeat("0", 5000), 400, "IncompleteBody"},
		{"a length with too many zeros before it", framing(signed, 7), strings.Repeat("0", 2000) + "7\r\ncontent\r\n0\r\n\r\n", 400, "IncompleteBody"},
		{"something else behind a chunk", framing(signed, 7), "7\r\ncontentXX0\r\n\r\n", 400, "IncompleteBody"},
		{"an unknown framing without an encoding", fields{"X-Amz-Content-Sha256", "STREAMING-UNKNOWN"}, "content", 501, "NotImplemented"},
		{"no framing at all", framing(signed, 7), "content", 400, "IncompleteBody"},
		{"an unknown framing", framing("STREAMING-UNKNOWN", 7), "content", 501, "NotImplemented"},
		{"an encoding without a framing", fields{"Content-Encoding", "gzip, aws-chunked"}, chunks("", "", "content"), 501, "NotImplemented"},
		{"a checksum in the header of something else", fields{"x-amz-checksum-sha256", checksumOf("sha256", "other")}, "content", 400, "BadDigest"},
		{"an unknown checksum in the header", fields{"x-amz-checksum-xxh3", "AAAA"}, "content", 501, "NotImplemented"},
		{"a Content-MD5 of the framing", append(framing(signed, 7), contentMD5(chunks(signature, "", "content"))...),
			chunks(signature, "", "content"), 400, "BadDigest"},
	}
	eachStorage(t, func(t *testing.T, s server) {
		upload := s.startUpload(t, "/demo/large")
		for _, row := range rows {
			t.Run(row.name, func(t *testing.T) {
				s.requireError(t, row.status, row.code, "PUT", "/demo/key", row.fields, row.body)
				s.requireError(t, row.status, row.code, "PUT", "/demo/large?partNumber=1&uploadId="+upload, row.fields, row.body)
			})
		}
		s.requireError(t, 404, "NoSuchKey", "GET", "/demo/key", nil, "")
		require.NotContains(t, s.require(t, 200, "GET", "/demo/large?uploadId="+upload, nil, ""), "<Part>")
	})
}

// startUpload returns the id of a new upload in parts.
func (s server) startUpload(t *testing.T, target string) string {
	t.Helper()
	_, id, found := strings.Cut(s.require(t, 200, "POST", target+"?uploads", nil, ""), "<UploadId>")
	require.True(t, found)
	id, _, _ = strings.Cut(id, "<")
	return id
}

func TestPartsAreStoredWithoutTheirFraming(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		id := s.startUpload(t, "/demo/large")
		var complete strings.Builder
		for i, part := range []string{"the first part, ", "the second part"} {
			f := framing(unsignedTrailer, len(part), "X-Amz-Trailer", "x-amz-checksum-crc32")
			body := chunks("", "x-amz-checksum-crc32:"+checksumOf("crc32", part)+"\r\n", part[:3], part[3:])
			response, content := s.send(t, "PUT", fmt.Sprintf("/demo/large?partNumber=%d&uploadId=%s", i+1, id), f, strings.NewReader(body))
			require.Equal(t, 200, response.StatusCode, content)
			fmt.Fprintf(&complete, "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>", i+1, response.Header.Get("ETag"))
		}
		// Here the checksum is that of the object, not of the body.
		s.require(t, 200, "POST", "/demo/large?uploadId="+id, fields{"x-amz-checksum-crc32", "AAAAAA=="},
			"<CompleteMultipartUpload>"+complete.String()+"</CompleteMultipartUpload>")
		require.Equal(t, "the first part, the second part", s.require(t, 200, "GET", "/demo/large", nil, ""))
	})
}

func TestFieldsAboutChecksumsAreNone(t *testing.T) {
	s := newBuckets(t, "")
	for _, name := range []string{"x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"} {
		s.require(t, 200, "POST", "/demo/large?uploads", fields{name, "CRC32"}, "")
		s.require(t, 200, "PUT", "/demo/key", fields{name, "CRC32"}, "content")
		require.Equal(t, "content", s.require(t, 200, "GET", "/demo/key", fields{name, "ENABLED"}, ""))
	}
}

func TestOtherCodingsStayWithTheObject(t *testing.T) {
	s := newBuckets(t, "")
	for coding, want := range map[string]string{
		"aws-chunked": "", "aws-chunked,gzip": "gzip", "gzip, AWS-Chunked": "gzip", "br,aws-chunked,gzip": "br,gzip", "zstd": "zstd",
	} {
		key := "/demo/" + strconv.Itoa(len(coding))
		f := fields{"X-Amz-Content-Sha256", signed, "X-Amz-Decoded-Content-Length", "7", "Content-Encoding", coding}
		s.require(t, 200, "PUT", key, f, chunks(signature, "", "content"))
		response, _ := s.send(t, "GET", key, fields{"Accept-Encoding", "identity"}, nil)
		require.Equal(t, want, response.Header.Get("Content-Encoding"))
	}
}

// A document in chunks is refused: no client sends one.
func TestFramedDocumentsAreRefused(t *testing.T) {
	s := newBuckets(t, "")
	body := chunks(signature, "", document("*"))
	s.requireError(t, 501, "NotImplemented", "PUT", "/demo?cors", framing(signed, len(document("*"))), body)
	s.requireError(t, 404, "NoSuchCORSConfiguration", "GET", "/demo?cors", nil, "")
}

func TestChunksMayArriveInAnyPieces(t *testing.T) {
	content := strings.Repeat("0123456789", 100)
	framed := chunks(signature, "a:b\r\n", content[:1], content[1:999], content[999:])
	for name, pieces := range map[string]func(io.Reader) io.Reader{
		"one byte at a time":        iotest.OneByteReader,
		"half of what is asked for": iotest.HalfReader,
		"the end with the last":     iotest.DataErrReader,
	} {
		t.Run(name, func(t *testing.T) {
			c := &chunkReader{source: bufio.NewReaderSize(pieces(strings.NewReader(framed)), 16), left: int64(len(content))}
			require.NoError(t, iotest.TestReader(&verifiedBody{source: c}, []byte(content)))
			require.Equal(t, "b", c.trailing("a"))
		})
	}
}

// Whatever arrives, what is handed on has the declared length or ends in an error.
func FuzzChunkReader(f *testing.F) {
	f.Add([]byte(chunks("", "", "content")), 7)
	f.Add([]byte(chunks(signature, "x-amz-checksum-crc32:AAAA\r\n", "con", "tent")), 7)
	f.Add([]byte("7\r\ncontent0\r\n\r\n"), 7)
	f.Add([]byte(chunks("", "", "content")), 6)
	f.Add([]byte(chunks("", "", "content")), 8)
	f.Add([]byte("fffffffffffffff\r\n"), 1)
	f.Fuzz(func(t *testing.T, body []byte, length int) {
		if length < 0 {
			t.Skip()
		}
		c := &chunkReader{source: bufio.NewReader(bytes.NewReader(body)), left: int64(length)}
		content, err := io.ReadAll(c)
		require.LessOrEqual(t, len(content), length)
		if err == nil {
			require.Len(t, content, length)
			again := &chunkReader{source: bufio.NewReader(strings.NewReader(chunks("", "", nonempty(string(content))...))), left: int64(length)}
			twice, err := io.ReadAll(again)
			require.NoError(t, err)
			require.Equal(t, content, twice)
		}
	})
}

// nonempty returns a content as chunks, of which only the last may be empty.
func nonempty(content string) []string {
	if content == "" {
		return nil
	}
	return []string{content}
}
