package ask

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/s3cors/s3cors/internal/jsontree"
)

// kind returns what a value in JSON is, by its first character; Null for none.
func kind(value json.RawMessage) jsontree.Kind {
	if value = bytes.TrimLeft(value, " \t\r\n"); len(value) == 0 {
		return jsontree.Null
	}
	switch value[0] {
	case 'n':
		return jsontree.Null
	case 't', 'f':
		return jsontree.Bool
	case '"':
		return jsontree.String
	case '[':
		return jsontree.Array
	case '{':
		return jsontree.Object
	}
	return jsontree.Number
}

// each calls f, until it fails, with the values in an array, or with the members
// of an object in their order, whatever their names. The data are known to be
// JSON in UTF-8.
func each(data json.RawMessage, f func(name string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	opening, err := decoder.Token()
	if err != nil {
		return err
	}
	for decoder.More() {
		var name string
		if opening == json.Delim('{') {
			token, err := decoder.Token()
			if err != nil {
				return err
			}
			name, _ = token.(string)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		if err := f(name, value); err != nil {
			return err
		}
	}
	return nil
}

// text returns the text of a string, "" for null; there are no blanks around value,
// and path is what to call it.
// It does not take half a surrogate pair for U+FFFD, as encoding/json does.
func text(path string, value json.RawMessage) (string, error) {
	switch k := kind(value); k {
	case jsontree.Null:
		return "", nil
	case jsontree.String:
	default:
		return "", fmt.Errorf("%s is %s, not a string", path, k)
	}
	if !bytes.ContainsRune(value, '\\') {
		return string(value[1 : len(value)-1]), nil
	}
	n, err := jsontree.Parse(value)
	var syntax *jsontree.Error
	if errors.As(err, &syntax) {
		return "", fmt.Errorf("%s is not text: %s", path, syntax.Message)
	}
	return n.Text, err
}
