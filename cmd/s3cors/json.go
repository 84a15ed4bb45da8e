package main

import (
	"bytes"
	"encoding/json"

	"github.com/s3cors/s3cors"
)

// encode returns v as JSON on one line, with <, > and & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// An s3Error is S3's error as an object: Code, Message, and what further elements
// it has, in the order of the XML, all of them strings.
type s3Error s3cors.Error

// MarshalJSON returns the object.
func (e *s3Error) MarshalJSON() ([]byte, error) {
	b := appendMember([]byte{'{'}, "Code", e.Code)
	b = appendMember(append(b, ','), "Message", e.Message)
	for _, element := range e.Elements {
		b = appendMember(append(b, ','), element.Name, element.Value)
	}
	return append(b, '}'), nil
}

func appendMember(dst []byte, name, value string) []byte {
	dst = append(appendText(dst, name), ':')
	return appendText(dst, value)
}

// appendText appends a string, which encoding/json never fails at.
func appendText(dst []byte, s string) []byte {
	encoded, _ := encode(s)
	return append(dst, encoded...)
}
