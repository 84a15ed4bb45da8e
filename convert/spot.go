package convert

import (
	"slices"

	"github.com/s3cors/s3cors/internal/jsontree"
)

// A spot is a place in a JSON document where the rules of a configuration stand.
type spot struct {
	format Format
	// name is that of the bucket, or of the resource, as its format has it; "" if
	// nothing has a name there.
	name string
	// path leads from the root to the rules, and owner to the object that they are in;
	// "" is the root. part says that there is more in the document.
	path, owner string
	part        bool
	// rules is what stands where the rules should.
	rules jsontree.Node
	// beside are the members beside the rules that belong to the configuration.
	beside []jsontree.Member
	// template says that a string may be an expression of Terraform.
	template bool
	// bucket is the bucket that the rules are for, if the document says it. inline says
	// that they stand in the resource of the bucket, where Terraform repeats those of
	// the resource for CORS.
	bucket string
	inline bool
}

func isEmpty(n jsontree.Node) bool { return n.Kind == jsontree.Array && len(n.Items) == 0 }

// rulesFormat tells by the names in a list of rules whose they are; 0 if no name is
// known.
func rulesFormat(rules jsontree.Node) Format {
	if rules.Kind != jsontree.Array {
		return 0
	}
	var s3, cloudFormation bool
	for _, rule := range rules.Items {
		for _, m := range rule.Members {
			switch m.Name {
			case "allowed":
				return R2
			case "corsRuleName", "allowedOperations":
				return B2
			case "origin", "method", "responseHeader":
				return GCS
			case "allowed_origins", "allowed_methods", "allowed_headers":
				return TerraformJSON
			case "ID", "ExposeHeaders", "MaxAgeSeconds":
				return Array
			case "Id", "ExposedHeaders", "MaxAge":
				cloudFormation = true
			case "AllowedOrigins", "AllowedMethods", "AllowedHeaders":
				s3 = true
			}
		}
	}
	switch {
	case cloudFormation:
		return CloudFormation
	case s3:
		return Array
	case hasCamelCase(rules):
		return CDK
	}
	return 0
}

// hasCamelCase reports whether a rule has the CDK's names. Those of a B2 rule are the
// same but for two, which were looked for before; those of Azure are but for one, and
// Azure's rules are not read.
func hasCamelCase(rules jsontree.Node) bool {
	found := false
	for _, rule := range rules.Items {
		for _, m := range rule.Members {
			switch m.Name {
			case "allowedOrigins", "allowedMethods", "allowedHeaders":
				found = true
			case "maxAgeInSeconds":
				return false
			}
		}
	}
	return found
}

// member returns the value of the first member with that name.
func member(n jsontree.Node, name string) (jsontree.Node, bool) {
	for i := range n.Members {
		if n.Members[i].Name == name {
			return n.Members[i].Value, true
		}
	}
	return jsontree.Node{}, false
}

// text returns the value of a member that is a string.
func text(n jsontree.Node, name string) (string, bool) {
	value, ok := member(n, name)
	return value.Text, ok && value.Kind == jsontree.String
}

func firstText(n jsontree.Node, names ...string) string {
	for _, name := range names {
		if value, ok := text(n, name); ok {
			return value
		}
	}
	return ""
}

// others returns the members of an object but those with these names.
func others(n jsontree.Node, names ...string) []jsontree.Member {
	var rest []jsontree.Member
	for _, m := range n.Members {
		if !slices.Contains(names, m.Name) {
			rest = append(rest, m)
		}
	}
	return rest
}
