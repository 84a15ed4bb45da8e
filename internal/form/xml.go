package form

import (
	"bytes"
	"strings"
)

// ofXML names a text that begins with "<".
func ofXML(text []byte) Form {
	if bytes.HasPrefix(text, []byte("<<<<<<<")) {
		return MergeConflict
	}
	if bytes.HasPrefix(text, []byte("<?php")) {
		return ProgramCode
	}
	root, rest := nextElement(text)
	prefix, name, ok := strings.Cut(root, ":")
	if !ok {
		prefix, name = "", root
	}
	switch plain(prefix) {
	case "mvc", "beans", "security":
		return Spring
	}
	if form, ok := roots[plain(name)]; ok {
		return form
	}
	switch {
	case root == "":
		return Unknown
	case strings.HasSuffix(name, "Configuration"):
		return OtherS3XML
	case strings.HasSuffix(name, "Result"):
		return S3Answer
	case isNear(rest):
		return S3XML // with another name for its root
	}
	return Unknown
}

// roots are the forms of documents by the name of their root.
var roots = map[string]Form{
	"corsconfiguration": S3XML, "corsconfigurations": S3XML, "bucketcorsconfiguration": S3XML,
	"corsrule": XMLFragment, "corsrules": XMLFragment, "allowedorigin": XMLFragment, "allowedmethod": XMLFragment,
	"allowedheader": XMLFragment, "exposeheader": XMLFragment, "maxageseconds": XMLFragment,
	"corsconfig": GCSXML,
	"cors":       AzureXML, "storageserviceproperties": AzureXML,
	"error": S3Error,
	"html":  HTML, "!doctypehtml": HTML, "head": HTML, "body": HTML, "script": HTML, "pre": HTML,
	"crossdomainpolicy": Flash,
	"accesspolicy":      Silverlight,
	"configuration":     IIS, "httpprotocol": IIS, "system.webserver": IIS,
	"beans": Spring, "webapp": WebXML, "filter": WebXML,
	"accesscontrolpolicy": OtherS3XML, "tagging": OtherS3XML, "delete": OtherS3XML,
	"policystatus": S3Answer, "locationconstraint": S3Answer,
}

// isNear reports whether an element of S3's schema stands in a text.
func isNear(text []byte) bool {
	for range 8 {
		var name string
		name, text = nextElement(text)
		switch plain(name) {
		case "":
			return false
		case "corsrule", "allowedorigin", "allowedmethod":
			return true
		}
	}
	return false
}

// nextElement returns the name of the first start tag, or of a document type, as in
// "!doctype html", and what follows its name. Comments and instructions are passed
// over.
func nextElement(text []byte) (name string, rest []byte) {
	for {
		i := bytes.IndexByte(text, '<')
		if i < 0 {
			return "", nil
		}
		text = text[i+1:]
		switch {
		case bytes.HasPrefix(text, []byte("!--")):
			text = behind(text, "-->")
		case bytes.HasPrefix(text, []byte("?")):
			text = behind(text, ">")
		case bytes.HasPrefix(text, []byte("!")):
			if isHTMLType(text) {
				return "!doctypehtml", text
			}
			text = behind(text, ">")
		case bytes.HasPrefix(text, []byte("/")):
		default:
			n := nameLength(text)
			return string(text[:n]), text[n:]
		}
	}
}

func isHTMLType(text []byte) bool {
	head := strings.ToLower(string(text[:min(len(text), 20)]))
	return strings.HasPrefix(head, "!doctype html")
}

// behind returns what follows the first end in text; nothing if there is none.
func behind(text []byte, end string) []byte {
	_, rest, _ := bytes.Cut(text, []byte(end))
	return rest
}

func nameLength(text []byte) int {
	const longest = 80
	for i, c := range text[:min(len(text), longest)] {
		if !isWord(c) && c != ':' && c < 0x80 {
			return i
		}
	}
	return min(len(text), longest)
}
