package convert

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

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

// spotsIn returns all spots of a document, or a member that is there twice beside them.
func spotsIn(root jsontree.Node) ([]spot, *jsontree.Member) {
	s := surveyor{template: true}
	switch {
	case root.Kind == jsontree.Array && rulesFormat(root) != 0:
		s.found = []spot{{format: rulesFormat(root), rules: root}}
	case root.Kind == jsontree.Array && len(root.Items) == 0:
		s.found = []spot{{format: Array, rules: root}}
	case isS3Object(root):
		s.found = []spot{{format: JSON, rules: root}}
	default:
		s.visit(entry(root, &s), scope{})
	}
	return s.telling(), s.twice
}

// spotsFor is spotsIn for a document that is known to be of a format, unless that is 0:
// an array of objects is one of rules then, whatever their names.
func spotsFor(root jsontree.Node, format Format) ([]spot, *jsontree.Member) {
	spots, twice := spotsIn(root)
	isNoRule := func(n jsontree.Node) bool { return n.Kind != jsontree.Object }
	if len(spots) == 0 && format != 0 && format != JSON && root.Kind == jsontree.Array && !slices.ContainsFunc(root.Items, isNoRule) {
		return []spot{{format: format, rules: root}}, nil
	}
	return spots, twice
}

// isS3Object reports whether an object is of the CLI or an SDK.
func isS3Object(n jsontree.Node) bool {
	_, rules := member(n, "CORSRules")
	_, nested := member(n, "CORSConfiguration")
	return rules || nested
}

// entry returns the part of a document where resources stand. The JSON that Terraform
// prints of a plan tells everything several times: how it was, how it changes, how it
// will be.
func entry(root jsontree.Node, s *surveyor) jsontree.Node {
	for _, name := range []string{"planned_values", "values"} {
		if part, ok := member(root, name); ok && part.Kind == jsontree.Object {
			if _, printed := member(root, "format_version"); printed {
				s.template = false
				return part
			}
		}
	}
	if _, ok := member(root, "terraform_version"); ok { // a state file
		s.template = false
	}
	return root
}

// A surveyor walks over a document, and notes the spots.
type surveyor struct {
	found    []spot
	template bool
	twice    *jsontree.Member // the first that has the name of another one beside it
}

// A scope is what is known of the surroundings of a value.
type scope struct {
	path string
	part bool   // there is more beside
	name string // that of the nearest resource
	kind string // and its type
}

func (s scope) child(name string) scope {
	if s.path == "" {
		return s.below(shortName(name))
	}
	return s.below("." + shortName(name))
}

func (s scope) item(i int) scope { return s.below("[" + strconv.Itoa(i) + "]") }

// below adds a step to the path. Paths are for people and end where they are no use to
// them: a document of long names would need a time that is quadratic in its length.
func (s scope) below(step string) scope {
	const longest = 1000
	if len(s.path)+len(step) <= longest {
		s.path += step
	}
	return s
}

// shortName cuts a name short that is too long to be one.
func shortName(name string) string {
	const longest = 200
	if len(name) <= longest {
		return name
	}
	return strings.ToValidUTF8(name[:longest], "") + "…"
}

func (s *surveyor) visit(n jsontree.Node, at scope) {
	switch n.Kind {
	case jsontree.Array:
		for i := range n.Items {
			at.part = at.part || len(n.Items) > 1
			s.visit(n.Items[i], at.item(i))
		}
	case jsontree.Object:
		s.findTwice(n)
		at = at.enter(n)
		at.part = at.part || len(n.Members) > 1
		for i := range n.Members {
			m := &n.Members[i]
			if found, ok := s.spot(n, *m, at); ok {
				s.found = append(s.found, found)
				continue
			}
			s.visit(m.Value, at.child(m.Name).under(m.Value, m.Name))
		}
	}
}

// findTwice looks for a name that is there twice: one of both would be read, and the
// other one dropped in silence.
func (s *surveyor) findTwice(n jsontree.Node) {
	if s.twice != nil {
		return
	}
	seen := make(map[string]bool, len(n.Members))
	for i := range n.Members {
		m := &n.Members[i]
		if seen[m.Name] {
			s.twice = m
			return
		}
		seen[m.Name] = true
	}
}

// under is the scope of a member's value: a resource of CloudFormation, or of
// Terraform's JSON, has its name as the name of the member.
func (s scope) under(value jsontree.Node, name string) scope {
	if kind, ok := text(value, "Type"); ok && strings.HasPrefix(kind, "AWS::") {
		s.name, s.kind = shortName(name), kind
	}
	if strings.HasPrefix(s.path, "resource.") && strings.Count(s.path, ".") == 2 {
		s.name = strings.TrimPrefix(s.path, "resource.")
		s.kind, _, _ = strings.Cut(s.name, ".")
	}
	return s
}

// enter is the scope of what stands in an object, which may say its name itself.
func (s scope) enter(n jsontree.Node) scope {
	kind, _ := text(n, "type")
	if address, ok := text(n, "address"); ok {
		s.name, s.kind = shortName(address), kind
		return s
	}
	name, named := text(n, "name")
	if _, ok := member(n, "instances"); ok && named && kind != "" {
		s.name, s.kind = shortName(kind)+"."+shortName(name), kind
		return s
	}
	switch key, _ := member(n, "index_key"); {
	case key.Kind == jsontree.String:
		s.name += "[" + strconv.Quote(shortName(key.Text)) + "]"
	case key.Kind == jsontree.Number:
		s.name += "[" + shortName(key.Text) + "]"
	}
	return s
}

// spot returns the spot that a member of an object is, by its name and by the words
// of the rules in it.
func (s *surveyor) spot(owner jsontree.Node, m jsontree.Member, at scope) (spot, bool) {
	found := spot{name: at.name, path: at.child(m.Name).path, owner: at.path, part: at.part, rules: m.Value}
	switch m.Name {
	case "CorsRules":
		found.format, found.beside = CloudFormation, others(owner, m.Name)
	case "CorsConfiguration":
		if !isIntrinsic(m.Value) || at.kind != "" && at.kind != "AWS::S3::Bucket" {
			return spot{}, false
		}
		found.format = CloudFormation
	case "cors_rule":
		found.format, found.template = TerraformJSON, s.template
		found.inline = at.kind == "aws_s3_bucket"
		if bucket, _ := text(owner, "bucket"); !s.template || !hasExpression(bucket) {
			found.bucket = bucket
		}
	case "cors_rules": // a variable of a module
		if found.format = rulesFormat(m.Value); found.format != TerraformJSON {
			return spot{}, false
		}
		found.template = s.template
	case "rules":
		if found.format = rulesFormat(m.Value); found.format != R2 && !(at.path == "" && len(owner.Members) == 1 && isEmpty(m.Value)) {
			return spot{}, false
		}
		found.format, found.beside = R2, others(owner, m.Name, "success", "errors", "messages")
	case "corsRules", "cors", "cors_config":
		found.format = rulesFormat(m.Value)
		if isEmpty(m.Value) {
			found.format = map[string]Format{"corsRules": B2, "cors": GCS, "cors_config": GCS}[m.Name]
		}
		if found.format == 0 {
			return spot{}, false
		}
		found.name = shortName(firstText(owner, "bucketName", "name", "bucketId", "id"))
	default:
		return spot{}, false
	}
	return found, true
}

// telling returns the spots without those that say nothing of their own: empty lists,
// and what Terraform's resource of a bucket repeats of the resource for CORS.
func (s *surveyor) telling() []spot {
	buckets := make(map[string]bool) // that have a resource for CORS
	for _, one := range s.found {
		if !one.inline && one.bucket != "" {
			buckets[one.bucket] = true
		}
	}
	var told []spot
	for _, one := range s.found {
		if !isEmpty(one.rules) && !(one.inline && buckets[one.bucket]) {
			told = append(told, one)
		}
	}
	if told == nil && len(s.found) > 0 {
		return s.found[:1]
	}
	return told
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

// fits reports whether a spot may be read as of a format. An array of rules with no
// name that tells CloudFormation from S3 may be of either, an empty one of anybody.
func (s spot) fits(format Format) bool {
	return s.format == format || s.format == Array && (format == CloudFormation || isEmpty(s.rules) && format != JSON)
}

// choose returns the one spot that is wanted, of those of a format if one is given.
func choose(spots []spot, format Format, resource string) (spot, error) {
	if format != 0 {
		all := spots
		spots = nil
		for _, s := range all {
			if s.fits(format) {
				s.format = format
				spots = append(spots, s)
			}
		}
		if len(spots) == 0 && len(all) > 0 {
			return spot{}, fmt.Errorf("this is %s, not %s", all[0].format.trait().words, format.trait().words)
		}
	}
	if resource != "" {
		all := spots
		spots = slices.DeleteFunc(slices.Clone(spots), func(s spot) bool {
			return s.name != resource && s.path != resource && s.owner != resource
		})
		if len(spots) == 0 && len(all) > 0 {
			return spot{}, fmt.Errorf("there is no CORS configuration of %q: there is one of %s", resource, list(all))
		}
	}
	switch len(spots) {
	case 0:
		return spot{}, errNoSpot
	case 1:
		return spots[0], nil
	}
	return spot{}, &AmbiguousError{namesOf(spots)}
}

var errNoSpot = errors.New("there is no CORS configuration in it")

// An AmbiguousError tells that a document has several configurations, and that
// ReadOptions.Resource must say which one is meant.
type AmbiguousError struct {
	// Names are the names to choose from, in the order of the document.
	Names []string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("there are %d CORS configurations in it, and one must be chosen: %s", len(e.Names), shortList(e.Names))
}

func list(spots []spot) string { return shortList(namesOf(spots)) }

// shortList joins names for a line, the first ten of them.
func shortList(names []string) string {
	const most = 10
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}

// namesOf returns the names of spots. Where two have the same name, or one has none,
// it is their paths.
func namesOf(spots []spot) []string {
	count := make(map[string]int)
	for _, s := range spots {
		count[s.name]++
	}
	var names []string
	for _, s := range spots {
		if s.name == "" || count[s.name] > 1 {
			s.name = s.path
		}
		names = append(names, s.name)
	}
	return names
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
