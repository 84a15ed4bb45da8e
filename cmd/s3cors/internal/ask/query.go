package ask

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"unicode/utf8"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/jsontree"
)

// A Query is a line of eval -jsonl or explain -jsonl. Throughout a line, null is as good as
// nothing.
//
// Lines are read a level at a time, and what is of no interest not at all: a tree
// of a whole line could take a hundred times its bytes.
type Query struct {
	Config  json.RawMessage // nil if there is none
	Missing bool            // the bucket does not exist
	Dialect s3cors.Dialect
	Request s3cors.Request
}

// ReadQuery reads a line, its config but in part; usual is the dialect of a line
// that names none. The error is a plain sentence about what is wrong with it.
func ReadQuery(line []byte, usual s3cors.Dialect) (Query, error) {
	if err := checkJSON(line); err != nil {
		return Query{}, err
	}
	members, err := readMembers("the line", line, "config", "bucket", "dialect", "request")
	if err != nil {
		return Query{}, err
	}
	bucket, _ := text("bucket", members["bucket"]) // all but one text are ignored
	q := Query{Config: members["config"], Missing: bucket == "missing", Dialect: usual}
	if members["dialect"] != nil {
		name, err := text("dialect", members["dialect"])
		if err != nil {
			return q, err
		}
		if q.Dialect.UnmarshalText([]byte(name)) != nil {
			return q, fmt.Errorf("dialect is %q, not aws, ceph or ceph-main", name)
		}
	}
	q.Request, err = readRequest(members["request"], s3cors.NoConfiguration(s3cors.WithDialect(q.Dialect)))
	return q, err
}

func checkJSON(line []byte) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return errors.New("the line is empty")
	}
	if !utf8.Valid(line) {
		return errors.New("the line is not UTF-8")
	}
	if err := json.Unmarshal(line, new(json.RawMessage)); err != nil {
		return fmt.Errorf("the line is not JSON: %w", err)
	}
	return nil
}

// readRequest reads the member request, nil if there is none, as servers of the
// reader's dialect read requests.
func readRequest(data json.RawMessage, reader *s3cors.Policy) (s3cors.Request, error) {
	var r s3cors.Request
	if data == nil {
		return r, errors.New("there is no request")
	}
	members, err := readMembers("request", data, "method", "target", "headers", "subresource")
	if err != nil {
		return r, err
	}
	if r.Method, err = text("request.method", members["method"]); err != nil {
		return r, err
	}
	if r.Method == "" {
		return r, errors.New("request.method is missing or empty")
	}
	if r.Target, err = readTarget(members["target"]); err != nil {
		return r, err
	}
	lines, err := readHeaders(members["headers"])
	if err != nil {
		return r, err
	}
	r = reader.ReadRequest(r.Method, r.Target, func(name string) []string { return lines[name] })
	if members["subresource"] != nil {
		r.Subresource, err = text("request.subresource", members["subresource"])
	}
	return r, err
}

func readTarget(data json.RawMessage) (s3cors.Target, error) {
	if data == nil {
		return s3cors.TargetObject, nil
	}
	name, err := text("request.target", data)
	if err != nil {
		return 0, err
	}
	switch name {
	case "object":
		return s3cors.TargetObject, nil
	case "bucket":
		return s3cors.TargetBucket, nil
	case "service":
		return s3cors.TargetService, nil
	}
	return 0, fmt.Errorf("request.target is %q, not object, bucket or service", name)
}

// fieldLines holds the values of header field lines by their names, in canonical case.
type fieldLines map[string][]string

// readHeaders reads an object, or an array of pairs of a name and a value.
func readHeaders(data json.RawMessage) (fieldLines, error) {
	lines := make(fieldLines)
	switch k := kind(data); k {
	case jsontree.Null:
		return lines, nil
	case jsontree.Object:
		return lines, each(data, lines.read)
	case jsontree.Array:
		return lines, each(data, lines.readPair)
	default:
		return lines, fmt.Errorf("request.headers is %s, neither an object nor an array", k)
	}
}

// errPair is what readPair says of anything else.
var errPair = errors.New("request.headers holds an item that is not a pair of a name and a value")

// readPair adds what an array of a name and a value stands for.
func (f fieldLines) readPair(_ string, pair json.RawMessage) error {
	if kind(pair) != jsontree.Array {
		return errPair
	}
	var items []json.RawMessage
	if err := each(pair, func(_ string, item json.RawMessage) error {
		items = append(items, item)
		return nil
	}); err != nil {
		return err
	}
	if len(items) != 2 || kind(items[0]) != jsontree.String {
		return errPair
	}
	name, err := text("the name of a header", items[0])
	if err != nil {
		return err
	}
	return f.read(name, items[1])
}

// read adds the lines that the value of a header stands for: one for a string,
// none for null, several for an array.
func (f fieldLines) read(name string, value json.RawMessage) error {
	if kind(value) != jsontree.Array {
		return f.add(name, value)
	}
	return each(value, func(_ string, line json.RawMessage) error { return f.add(name, line) })
}

func (f fieldLines) add(name string, line json.RawMessage) error {
	if kind(line) == jsontree.Null {
		return nil
	}
	value, err := text("a value", line)
	if err != nil {
		return fmt.Errorf("the header %q: %w", name, err)
	}
	name = textproto.CanonicalMIMEHeaderKey(name)
	f[name] = append(f[name], TrimBlanks(value))
	return nil
}

// readMembers returns those members of an object that have one of the names, and
// are not null; path is what to call the object.
func readMembers(path string, data json.RawMessage, names ...string) (map[string]json.RawMessage, error) {
	if k := kind(data); k != jsontree.Object {
		return nil, fmt.Errorf("%s is %s, not an object", path, k)
	}
	members, seen := make(map[string]json.RawMessage), make(map[string]bool)
	err := each(data, func(name string, value json.RawMessage) error {
		if !slices.Contains(names, name) {
			return nil
		}
		if seen[name] {
			return fmt.Errorf("%s has %q twice", path, name)
		}
		seen[name] = true
		if kind(value) != jsontree.Null {
			members[name] = value
		}
		return nil
	})
	return members, err
}

// sortedNames returns the names of the fields, sorted.
func sortedNames(lines fieldLines) []string { return slices.Sorted(maps.Keys(lines)) }
