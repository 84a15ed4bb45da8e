package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Elements are names and texts in order: in JSON an object of strings.
type Elements []Pair

// UnmarshalJSON keeps the order of members.
func (e *Elements) UnmarshalJSON(data []byte) error {
	*e = nil
	if string(data) == "null" {
		return nil
	}
	var values map[string]string
	if err := json.Unmarshal(data, &values); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	for token, err := dec.Token(); err == nil; token, err = dec.Token() {
		if text, ok := token.(string); ok {
			*e = append(*e, Pair{text, values[text]})
			_, _ = dec.Token() // its value, a string as was seen above
		}
	}
	if len(*e) != len(values) {
		return errors.New("a name occurs twice")
	}
	return nil
}

// InXML returns the elements as a reader of XML gets them. A character that XML
// cannot carry is sent as U+FFFD, and a reader takes a carriage return, alone or
// before a line feed, for a line feed.
func (e Elements) InXML() Elements {
	var read Elements
	for _, element := range e {
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(element[1])
		read = append(read, Pair{element[0], strings.Map(inXML, text)})
	}
	return read
}

// inXML replaces what is no Char of XML 1.0.
func inXML(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
		return '\uFFFD'
	}
	return r
}
