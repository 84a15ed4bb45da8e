package lint

import "bytes"

// words are the names of members in a document: keys in JSON, elements in XML.
type words struct {
	origin, method, header, expose string
	xml                            bool
}

var (
	jsonWords = words{"AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposeHeaders", false}
	xmlWords  = words{"AllowedOrigin", "AllowedMethod", "AllowedHeader", "ExposeHeader", true}
)

// wordsOf returns the names that a document uses.
func wordsOf(data []byte) words {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	if bytes.HasPrefix(data, []byte("<")) {
		return xmlWords
	}
	return jsonWords
}
