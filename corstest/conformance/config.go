package conformance

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A configuration is what GET ?cors returns, as far as two of them are compared. A list
// that is absent and an empty one are the same; a text that is absent and an empty one
// are not.
type configuration struct {
	Rules []rule `json:"CORSRules"`
}

type rule struct {
	ID      *string      `json:"ID,omitempty"`
	Headers []string     `json:"AllowedHeaders,omitempty"`
	Methods []string     `json:"AllowedMethods,omitempty"`
	Origins []string     `json:"AllowedOrigins,omitempty"`
	Expose  []string     `json:"ExposeHeaders,omitempty"`
	MaxAge  *json.Number `json:"MaxAgeSeconds,omitempty"`
}

// configFromXML reads what GET ?cors returns.
func configFromXML(body []byte) (configuration, error) {
	root, err := readTree(body)
	if err != nil || root.name != "CORSConfiguration" {
		return configuration{}, errNotRead
	}
	c := configuration{Rules: []rule{}}
	for _, child := range root.children {
		r, err := ruleFromXML(child)
		if err != nil {
			return configuration{}, err
		}
		c.Rules = append(c.Rules, r)
	}
	return c, nil
}

func ruleFromXML(t tree) (rule, error) {
	if t.name != "CORSRule" {
		return rule{}, errNotRead
	}
	var r rule
	for _, member := range t.children {
		if member.children != nil || !r.set(member.name, member.text) {
			return rule{}, errNotRead
		}
	}
	return r, nil
}

// set takes over a member, and reports whether there is such a one.
func (r *rule) set(name, text string) bool {
	switch name {
	case "ID":
		r.ID = &text
	case "AllowedHeader":
		r.Headers = append(r.Headers, text)
	case "AllowedMethod":
		r.Methods = append(r.Methods, text)
	case "AllowedOrigin":
		r.Origins = append(r.Origins, text)
	case "ExposeHeader":
		r.Expose = append(r.Expose, text)
	case "MaxAgeSeconds":
		n, err := strconv.ParseInt(text, 10, 64)
		age := json.Number(strconv.FormatInt(n, 10))
		r.MaxAge = &age
		return err == nil
	default:
		return false
	}
	return true
}

// configFromJSON reads the configuration of a vector: an object with CORSRules, or an
// array of rules.
func configFromJSON(text []byte) (configuration, error) {
	c := configuration{Rules: []rule{}}
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("[")) {
		err := json.Unmarshal(text, &c.Rules)
		return c, err
	}
	err := json.Unmarshal(text, &c)
	return c, err
}

// json is the configuration as compact JSON, which is how two are compared.
func (c configuration) json() string {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(c) // of strings and numbers, which cannot fail
	return string(bytes.TrimRight(text.Bytes(), "\n"))
}

// isJSON reports whether a document of a vector is JSON, which servers do not take.
func isJSON(document []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(document, []byte("\uFEFF")), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// configJSON is the configuration of a decision as an object in JSON; nil if there is
// none, or if it is no configuration.
func configJSON(v *vectors.Vector) []byte {
	if v.Config == nil {
		return nil
	}
	read := configFromXML
	if isJSON(v.Config) {
		read = configFromJSON
	}
	c, err := read(v.Config)
	if err != nil {
		return nil
	}
	return []byte(c.json())
}
