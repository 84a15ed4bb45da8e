package convert

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/internal/jsontree"
)

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

// isTerraform reports whether a resource of Terraform is around.
func (s scope) isTerraform() bool { return s.kind != "" && !strings.HasPrefix(s.kind, "AWS::") }

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
		found.format, found.template = R2, s.template && at.isTerraform()
		if !at.isTerraform() {
			found.beside = others(owner, m.Name, "success", "errors", "messages")
		}
	case "corsRules", "cors", "cors_config":
		found.format = rulesFormat(m.Value)
		if isEmpty(m.Value) {
			found.format = map[string]Format{"corsRules": B2, "cors": GCS, "cors_config": GCS}[m.Name]
		}
		if found.format == 0 {
			return spot{}, false
		}
		found.template = s.template && at.isTerraform()
		if !at.isTerraform() {
			found.name = shortName(firstText(owner, "bucketName", "name", "bucketId", "id"))
		}
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
