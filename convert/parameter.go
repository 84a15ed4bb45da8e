package convert

import (
	"bytes"

	"github.com/s3cors/s3cors/internal/jsontree"
)

// parameters are what the SDKs put beside a configuration: the other parameters of
// PutBucketCors, and what they add to the answer of GetBucketCors.
var parameters = map[string]string{
	"Bucket":                    "a parameter of the call",
	"ChecksumAlgorithm":         "a parameter of the call",
	"ContentMD5":                "a parameter of the call",
	"ExpectedBucketOwner":       "a parameter of the call",
	"SkipDestinationValidation": "a parameter of the call",
	"ResponseMetadata":          "what boto3 tells of the answer",
	"$metadata":                 "what the JavaScript SDK tells of the answer",
	"@metadata":                 "what the PHP SDK tells of the answer",
}

// withoutParameters returns the document with spaces in the place of what SDKs put
// beside the configuration, so that all else stands where it stood.
func (d *Document) withoutParameters(root jsontree.Node) []byte {
	text, kept := d.text, 0
	d.Bucket = firstText(root, "Bucket")
	var last int // where the member before ends
	for i, m := range root.Members {
		whose, known := parameters[m.Name]
		if known {
			d.Part = true
			d.Notes = append(d.Notes, remark("CORSConfiguration."+m.Name, valueOf(m.Value, d.text), "this is %s, not a part of the configuration", whose).at(span{m.Offset, m.Value.End}))
			text = blank(text, d.text, m.Offset, m.Value.End)
		}
		if i > 0 && (known || kept == 0) {
			comma := last + bytes.IndexByte(d.text[last:m.Offset], ',')
			text = blank(text, d.text, comma, comma+1)
		}
		if !known {
			kept++
		}
		last = m.Value.End
	}
	return text
}

// blank returns text with spaces from start to end. It is copied if it is still the
// original.
func blank(text, original []byte, start, end int) []byte {
	if &text[0] == &original[0] {
		text = bytes.Clone(text)
	}
	for i := start; i < end; i++ {
		if text[i] != '\n' {
			text[i] = ' '
		}
	}
	return text
}
