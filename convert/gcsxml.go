package convert

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"github.com/s3cors/s3cors/internal/jsontree"
	"github.com/s3cors/s3cors/internal/xmltext"
)

// isGCSXML reports whether the root element of a document is that of Google's XML API.
func isGCSXML(text []byte) bool {
	r := xmltext.NewReader(text)
	for {
		t, err := r.Next()
		if err != nil {
			return false
		}
		if t.Kind == xmltext.StartTag {
			return t.Name == "CorsConfig"
		}
	}
}

// An element is an element of XML with what it holds.
type element struct {
	name     string
	tag      span // the start tag
	content  span // what is between the tags
	text     []byte
	children []*element
}

// readElements reads a document into a tree.
func (d *Document) readElements() (*element, error) {
	r := xmltext.NewReader(d.text)
	open := []*element{{}}
	for count := 0; ; {
		t, err := r.Next()
		var fault *xmltext.Error
		switch {
		case errors.Is(err, io.EOF):
			return open[0].children[0], nil
		case errors.As(err, &fault):
			return nil, d.fault(fault.Offset, fault.Message)
		}
		last := open[len(open)-1]
		switch t.Kind {
		case xmltext.StartTag:
			if count++; count > MaxValues {
				return nil, errors.New("the document has more than " + strconv.Itoa(MaxValues) + " elements")
			}
			e := &element{name: t.Name, tag: span{t.Offset, t.End}, content: span{t.End, t.End}}
			last.children = append(last.children, e)
			open = append(open, e)
		case xmltext.EndTag:
			last.content.end = t.Offset
			open = open[:len(open)-1]
		case xmltext.Text:
			last.text = append(last.text, t.Text...)
		}
	}
}

// listsOfGCS are the elements of Google's XML that hold a list: what they hold, and
// the name of the list in JSON.
var listsOfGCS = map[string]struct{ item, json string }{
	"Origins":         {"Origin", "origin"},
	"Methods":         {"Method", "method"},
	"ResponseHeaders": {"ResponseHeader", "responseHeader"},
}

// wordsOfGCSXML are the elements to speak of.
var wordsOfGCSXML = &vocabulary{members: map[string]string{"Origin": memberAllowedOrigins, "Method": memberAllowedMethods}}

// readGCSXML reads a document into the JSON of Google Cloud Storage.
func (d *Document) readGCSXML() (jsontree.Node, error) {
	root, err := d.readElements()
	if err != nil {
		return jsontree.Node{}, err
	}
	rules := root.node(jsontree.Array)
	for _, e := range root.children {
		if e.name != "Cors" {
			d.loseElement(e, "CORSConfiguration")
			continue
		}
		rules.Items = append(rules.Items, d.ruleOfGCS(e, len(rules.Items)))
	}
	d.loseText(root, "CORSConfiguration")
	return rules, nil
}

func (d *Document) ruleOfGCS(rule *element, i int) jsontree.Node {
	n := rule.node(jsontree.Object)
	for _, e := range rule.children {
		list, ok := listsOfGCS[e.name]
		switch {
		case ok:
			n.Members = append(n.Members, e.member(list.json, d.listOfGCS(e, list.item, i)))
		case e.name == "MaxAgeSec":
			n.Members = append(n.Members, e.member("maxAgeSeconds", e.number()))
			for _, inner := range e.children {
				d.loseElement(inner, memberPath(i, e.name))
			}
		default:
			d.loseElement(e, rulePath(i))
		}
	}
	d.loseText(rule, rulePath(i))
	return n
}

func (d *Document) listOfGCS(list *element, item string, i int) jsontree.Node {
	n := list.node(jsontree.Array)
	for _, e := range list.children {
		if e.name != item {
			d.loseElement(e, memberPath(i, list.name))
			continue
		}
		value := e.node(jsontree.String)
		value.Text = string(e.text)
		n.Items = append(n.Items, value)
		for _, inner := range e.children {
			d.loseElement(inner, memberPath(i, list.name))
		}
	}
	d.loseText(list, memberPath(i, list.name))
	return n
}

// loseElement tells of an element that Google's XML does not have.
func (d *Document) loseElement(e *element, parent string) {
	d.Losses = append(d.Losses, remark(parent+"."+e.name, string(bytes.TrimSpace(e.text)), "Google Cloud Storage has no element %s here", e.name).at(e.tag))
}

// loseText tells of text between the elements that belong there.
func (d *Document) loseText(e *element, path string) {
	if text := bytes.Trim(e.text, xmltext.Blanks); len(text) > 0 {
		d.Losses = append(d.Losses, remark(path, string(text), "text between elements means nothing").at(e.content))
	}
}

func (e *element) node(kind jsontree.Kind) jsontree.Node {
	return jsontree.Node{Kind: kind, Offset: e.content.start, End: e.content.end}
}

func (e *element) member(name string, value jsontree.Node) jsontree.Member {
	return jsontree.Member{Name: name, Offset: e.tag.start, End: e.tag.end, Value: value}
}

// number returns the value of an element as a number, or as a string if it is none.
func (e *element) number() jsontree.Node {
	n := e.node(jsontree.String)
	n.Text = string(bytes.Trim(e.text, xmltext.Blanks))
	if seconds, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
		n.Kind, n.Text = jsontree.Number, strconv.FormatInt(seconds, 10)
	}
	return n
}
