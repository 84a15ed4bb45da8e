package s3cors

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"

	"github.com/s3cors/s3cors/internal/xmltext"
)

// UnmarshalXML reads a configuration that is an element of a larger document. It checks
// S3's schema and values as strictly as ParseXML does. Whether the document is
// well-formed is for encoding/xml to check, which lets pass much that is not; use
// ParseXML for a document of its own. The error is that of the decoder, or Problems
// without positions.
func (c *Configuration) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	r := &xmlReader{dialect: amazon}
	offset := int(d.InputOffset())
	r.token(xmltext.Token{Kind: xmltext.StartTag, Name: start.Name.Local, Offset: offset, End: offset})
	err := r.walk(func() (xmltext.Token, error) {
		if r.depth == 0 {
			return xmltext.Token{}, io.EOF
		}
		return nextToken(d)
	})
	if err != nil {
		return err
	}
	r.judge(amazon)
	read, err := r.result(amazon)
	if err != nil {
		return err
	}
	*c = *read
	return nil
}

// nextToken returns the next token of a decoder that is one to us.
func nextToken(d *xml.Decoder) (xmltext.Token, error) {
	for {
		start := int(d.InputOffset())
		raw, err := d.Token()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF // which walk takes for no end
		}
		if err != nil {
			return xmltext.Token{}, err
		}
		t := xmltext.Token{Offset: start, End: int(d.InputOffset())}
		switch raw := raw.(type) {
		case xml.StartElement:
			t.Kind, t.Name = xmltext.StartTag, raw.Name.Local
		case xml.EndElement:
			t.Kind, t.Name = xmltext.EndTag, raw.Name.Local
		case xml.CharData:
			t.Kind, t.Text = xmltext.Text, raw
		default:
			continue // comments, instructions and directives
		}
		return t, nil
	}
}

// xmlConfiguration and xmlRule are the schema of GET ?cors, in its order
// (2/element-order).
type xmlConfiguration struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CORSConfiguration"`
	CORSRule []xmlRule
}

type xmlRule struct {
	ID            *string
	AllowedOrigin []string
	AllowedMethod []string
	MaxAgeSeconds *int64
	ExposeHeader  []string
	AllowedHeader []string
}

// MarshalXML writes the configuration as the element CORSConfiguration, also if S3 would
// refuse it. It ignores the name in start, and its escapes are those of encoding/xml.
// AppendXML prints what S3 prints.
func (c Configuration) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	var printed xmlConfiguration
	for _, r := range c.CORSRules {
		printed.CORSRule = append(printed.CORSRule,
			xmlRule{r.ID, r.AllowedOrigins, r.AllowedMethods, r.MaxAgeSeconds, r.ExposeHeaders, r.AllowedHeaders})
	}
	return e.Encode(printed)
}

// UnmarshalJSON reads what ParseJSON reads. For null it does nothing, as is the custom
// of encoding/json. The error is Problems, with positions in data.
func (c *Configuration) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	read, err := ParseJSON(data)
	if err != nil {
		return err
	}
	*c = *read
	return nil
}

// MarshalJSON writes the configuration as the object {"CORSRules": […]} of the SDKs, also
// if S3 would refuse it. Empty lists are left out. AppendJSON prints what the AWS CLI
// prints.
func (c Configuration) MarshalJSON() ([]byte, error) {
	rules := c.CORSRules
	if rules == nil {
		rules = []Rule{} // which would be null
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // that is for the encoder to say that calls this
	err := encoder.Encode(struct{ CORSRules []Rule }{rules})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
