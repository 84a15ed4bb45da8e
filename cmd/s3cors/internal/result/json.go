// Package result has what the commands print of their results: the JSON of check, lint,
// convert and diff, and an answer as "curl -i" shows it.
package result

import (
	"bytes"
	"encoding/json"

	"github.com/s3cors/s3cors"
)

// Encode returns v as JSON on one line, with <, > and & as they are.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// An Error is S3's error as an object: Code, Message, and what further elements
// it has, in the order of the XML, all of them strings.
type Error s3cors.Error

// MarshalJSON returns the object.
func (e *Error) MarshalJSON() ([]byte, error) {
	b := AppendMember([]byte{'{'}, "Code", e.Code)
	b = AppendMember(append(b, ','), "Message", e.Message)
	for _, element := range e.Elements {
		b = AppendMember(append(b, ','), element.Name, element.Value)
	}
	return append(b, '}'), nil
}

// AppendMember appends a member of an object whose value is a string.
func AppendMember(dst []byte, name, value string) []byte {
	dst = append(appendText(dst, name), ':')
	return appendText(dst, value)
}

// appendText appends a string, which encoding/json never fails at.
func appendText(dst []byte, s string) []byte {
	encoded, _ := Encode(s)
	return append(dst, encoded...)
}
