package conformance

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

var errNotRead = errors.New("the body is not the XML that it should be")

// readError reads the body of an error: the elements of its root Error, in their order,
// without RequestId and HostId. What stands around the root is not looked at, except that
// it must be XML.
func readError(body []byte) (vectors.Elements, error) {
	root, err := readTree(body)
	if err != nil || root.name != "Error" {
		return nil, errNotRead
	}
	elements := vectors.Elements{}
	for _, child := range root.children {
		if child.name == "RequestId" || child.name == "HostId" {
			continue
		}
		if len(child.children) > 0 {
			return nil, errNotRead
		}
		elements = append(elements, vectors.Pair{child.name, child.text})
	}
	return elements, nil
}

// A tree is an element of XML: its local name, and its text if it has no children.
type tree struct {
	name, text string
	children   []tree
}

// maxDepth is deeper than any XML of S3. It bounds what a hostile body can cost.
const maxDepth = 8

// readTree reads a whole document of XML.
func readTree(body []byte) (tree, error) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	var root *tree
	for {
		token, err := dec.Token()
		switch {
		case err == io.EOF && root != nil:
			return *root, nil
		case err != nil:
			return tree{}, errNotRead
		}
		switch token := token.(type) {
		case xml.StartElement:
			if root != nil {
				return tree{}, errNotRead
			}
			t, err := readElement(dec, token, 1)
			if err != nil {
				return tree{}, err
			}
			root = &t
		case xml.CharData:
			// A byte order mark comes as text.
			if strings.Trim(string(token), "\uFEFF \t\r\n") != "" {
				return tree{}, errNotRead
			}
		}
	}
}

func readElement(dec *xml.Decoder, start xml.StartElement, depth int) (tree, error) {
	t := tree{name: start.Name.Local}
	var text strings.Builder
	for {
		token, err := dec.Token()
		if err != nil || depth > maxDepth {
			return tree{}, errNotRead
		}
		switch token := token.(type) {
		case xml.StartElement:
			child, err := readElement(dec, token, depth+1)
			if err != nil {
				return tree{}, err
			}
			t.children = append(t.children, child)
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			t.text = text.String()
			if t.children != nil && strings.Trim(t.text, " \t\r\n") != "" {
				return tree{}, errNotRead
			}
			return t, nil
		}
	}
}
