package convert

import (
	"fmt"
	"unicode/utf8"

	"github.com/s3cors/s3cors"
)

// WriteOptions say what is written.
type WriteOptions struct {
	// Format is that of the document.
	Format Format
	// Bucket is the name of the bucket, which Terraform's resource needs. It may be
	// empty; then a name stands there that no bucket can have.
	Bucket string
	// Dialect is the kind of server that the configuration is for.
	Dialect s3cors.Dialect
}

// An Output is what was written.
type Output struct {
	// Text is the document, with a line feed at its end. It is nil if no rule is left
	// that the format can have.
	Text []byte
	// Losses are what the configuration says, and Text does not.
	Losses []Remark
	// Notes are what else there is to know.
	Notes []Remark
}

// Write writes a configuration, which may be one that S3 would refuse. What the format
// cannot have, or its system would not take, is left out and told as a loss. The error
// is for a format that is not written, and for texts that are not UTF-8.
func Write(c *s3cors.Configuration, o WriteOptions) (*Output, error) {
	if !o.Format.Writable() {
		return nil, fmt.Errorf("which format is to be written? The formats are %s", names(func(t trait) bool { return t.write }))
	}
	if path := notUTF8(c); path != "" {
		return nil, fmt.Errorf("%s is not UTF-8", path)
	}
	a := newAdapter(c, o)
	targets[o.Format].adapt(a)
	a.dropEmptyRules()
	out := &Output{Losses: a.losses, Notes: a.notes}
	if len(a.rules) > 0 || len(c.CORSRules) == 0 {
		out.Text = targets[o.Format].print(a)
	}
	return out, nil
}

// A target is how a format is written: the configuration is made one that the format
// can have, and that is printed.
type target struct {
	adapt func(*adapter)
	print func(*adapter) []byte
}

var targets = map[Format]target{
	XML:                {(*adapter).forXML, printXML},
	JSON:               {(*adapter).asItIs, printJSON},
	Array:              {(*adapter).asItIs, printArray},
	CloudFormation:     {(*adapter).forCloudFormation, printCloudFormation},
	CloudFormationYAML: {(*adapter).forCloudFormation, printYAML},
	Terraform:          {(*adapter).forTerraform, printHCL},
	TerraformJSON:      {(*adapter).forTerraform, printTerraformJSON},
	R2:                 {(*adapter).forR2, printR2},
	GCS:                {(*adapter).forGCS, printGCS},
	GCSXML:             {(*adapter).forGCSXML, printGCSXML},
	B2:                 {(*adapter).forB2, printB2},
}

// notUTF8 returns the path of the first text that is not UTF-8, "" if all are.
func notUTF8(c *s3cors.Configuration) string {
	for i := range c.CORSRules {
		rule := &c.CORSRules[i]
		if rule.ID != nil && !utf8.ValidString(*rule.ID) {
			return memberPath(i, memberID)
		}
		for _, l := range lists(rule) {
			for j, value := range *l.values {
				if !utf8.ValidString(value) {
					return valuePath(i, l.member, j)
				}
			}
		}
	}
	return ""
}

// A list is one of the lists of a rule.
type ruleList struct {
	member string
	values *[]string
}

func lists(rule *s3cors.Rule) []ruleList {
	return []ruleList{
		{memberAllowedOrigins, &rule.AllowedOrigins},
		{memberAllowedMethods, &rule.AllowedMethods},
		{memberAllowedHeaders, &rule.AllowedHeaders},
		{memberExposeHeaders, &rule.ExposeHeaders},
	}
}
