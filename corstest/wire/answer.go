package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// What an answer may have. No server of S3 comes near.
const (
	maxHead    = 256 << 10 // bytes of the status line and the fields, trailers too
	maxBody    = 8 << 20   // bytes of the body
	maxInterim = 16        // answers 1xx before the one that counts
)

// An answer is a response, with what its connection is good for afterwards.
type answer struct {
	conformance.Response
	// delimited is true if the end of the answer was seen to be its end, and the
	// server did not say that it would close.
	delimited bool
}

// readAnswer reads the answer to a request of a method, past those that are 1xx.
func readAnswer(input *bufio.Reader, method string) (*answer, error) {
	for range maxInterim {
		h, err := readHead(input)
		if err != nil {
			return nil, err
		}
		if h.status/100 == 1 && h.status != 101 {
			continue
		}
		return h.read(input, method)
	}
	return nil, fmt.Errorf("it sent %d interim answers and no answer", maxInterim)
}

// A head is what stands before the body of an answer.
type head struct {
	status int
	minor  byte // of the version: HTTP/1.1 has '1'
	fields []vectors.Pair
}

// readHead reads the status line and the field lines.
func readHead(input *bufio.Reader) (*head, error) {
	left := maxHead
	line, err := readLine(input, &left)
	if err != nil {
		return nil, headError(line, err)
	}
	h, err := parseStatus(line)
	if err != nil {
		return nil, err
	}
	h.fields, err = readFields(input, &left)
	return h, err
}

// headError is what to say where the status line does not end. What came of it may
// show that it is none.
func headError(line []byte, err error) error {
	const version = "HTTP/1."
	if n := min(len(line), len(version)); string(line[:n]) != version[:n] {
		return notHTTP(line)
	}
	return err
}

// parseStatus reads a line such as "HTTP/1.1 200 OK", whose last part may be missing.
func parseStatus(line []byte) (*head, error) {
	version, rest, _ := strings.Cut(string(line), " ")
	code, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ") // as net/http has it: one is enough
	status, err := strconv.ParseUint(code, 10, 16)
	if len(version) != len("HTTP/1.1") || !strings.HasPrefix(version, "HTTP/1.") || len(code) != 3 || err != nil {
		return nil, notHTTP(line)
	}
	return &head{status: int(status), minor: version[len(version)-1]}, nil
}

// readFields reads field lines up to the empty line, names as they came. A line that
// goes on in the next is one (RFC 9112 section 5.2).
func readFields(input *bufio.Reader, left *int) ([]vectors.Pair, error) {
	fields := []vectors.Pair{}
	for {
		line, err := readLine(input, left)
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			return fields, nil
		}
		if last := len(fields) - 1; last >= 0 && (line[0] == ' ' || line[0] == '\t') {
			fields[last][1] = strings.Trim(fields[last][1]+" "+strings.Trim(string(line), " \t"), " \t")
			continue
		}
		name, value, ok := strings.Cut(string(line), ":")
		if !ok || strings.Trim(name, " \t") == "" {
			return nil, fmt.Errorf("it does not speak HTTP: a line of its header is %s", shown(line))
		}
		fields = append(fields, vectors.Pair{name, strings.Trim(value, " \t")})
	}
}

// readLine reads a line without its end, which may lack the carriage return (RFC
// 9112 section 2.2). It takes what it reads off left. With an error it returns what
// there is of the line.
func readLine(input *bufio.Reader, left *int) ([]byte, error) {
	var line []byte
	for {
		part, err := input.ReadSlice('\n')
		*left -= len(part)
		line = append(line, part...)
		switch {
		case *left < 0:
			return line, fmt.Errorf("its header is longer than %d bytes", maxHead)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return line, io.ErrUnexpectedEOF
		case err != nil:
			return line, err
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
	}
}

// read reads the body that belongs to a head.
func (h *head) read(input *bufio.Reader, method string) (*answer, error) {
	a := &answer{Response: conformance.Response{Status: h.status, Headers: h.fields}, delimited: h.persists()}
	length, err := h.length(method)
	switch {
	case err != nil:
		return nil, err
	case length == chunked:
		a.Body, err = readChunks(input)
	case length == untilClose:
		a.delimited = false
		a.Body, err = readBounded(input)
	case length > maxBody:
		return nil, errLongBody
	default:
		a.Body = make([]byte, length)
		var n int
		if n, err = io.ReadFull(input, a.Body); err != nil {
			err = &shortBody{got: n, want: int(length), cause: err}
		}
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

var errLongBody = fmt.Errorf("its body is longer than %d bytes", maxBody)

// What length returns where the head does not say how many bytes there are.
const (
	chunked    = -1
	untilClose = -2
)

// length says where the body ends (RFC 9112 section 6.3).
func (h *head) length(method string) (int64, error) {
	if method == "HEAD" || h.status/100 == 1 || h.status == 204 || h.status == 304 {
		return 0, nil
	}
	if codings := h.values("Transfer-Encoding"); len(codings) > 0 && h.minor >= '1' { // HTTP/1.0 has none
		if strings.EqualFold(codings[len(codings)-1], "chunked") {
			return chunked, nil
		}
		return untilClose, nil
	}
	lengths := h.values("Content-Length")
	if len(lengths) == 0 {
		return untilClose, nil
	}
	for _, text := range lengths {
		if text != lengths[0] {
			return 0, fmt.Errorf("it does not speak HTTP: it says Content-Length %q and %q", lengths[0], text)
		}
	}
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	if err != nil {
		return 0, fmt.Errorf("it does not speak HTTP: its Content-Length is %q", lengths[0])
	}
	return int64(n), nil
}

// persists reports whether the server keeps the connection (RFC 9112 section 9.3).
func (h *head) persists() bool {
	kept := h.minor >= '1'
	for _, option := range h.values("Connection") {
		switch {
		case strings.EqualFold(option, "close"):
			return false
		case strings.EqualFold(option, "keep-alive"):
			kept = true
		}
	}
	return kept && h.status != 101
}

// values returns the members of the list that the fields of a name hold.
func (h *head) values(name string) []string {
	var all []string
	for _, f := range h.fields {
		if !strings.EqualFold(f[0], name) {
			continue
		}
		for value := range strings.SplitSeq(f[1], ",") {
			all = append(all, strings.Trim(value, " \t"))
		}
	}
	return all
}

// readChunks reads a body in chunks, and the trailer behind it.
func readChunks(input *bufio.Reader) ([]byte, error) {
	body, err := readBounded(httputil.NewChunkedReader(input))
	if err != nil && !ofNetwork(err) && !errors.Is(err, errLongBody) {
		return nil, fmt.Errorf("it does not speak HTTP: %w", err)
	}
	if err != nil {
		return nil, err
	}
	left := maxHead
	_, err = readFields(input, &left)
	return body, err
}

func readBounded(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if len(body) > maxBody {
		return nil, errLongBody
	}
	return body, err
}
