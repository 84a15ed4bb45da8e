package convert

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors/internal/jsontree"
)

// methods are those that a rule of S3 can list.
var methods = []string{"GET", "PUT", "POST", "DELETE", "HEAD"}

// isIntrinsic reports whether a value is a function of CloudFormation.
func isIntrinsic(n jsontree.Node) bool {
	if n.Kind != jsontree.Object || len(n.Members) != 1 {
		return false
	}
	name := n.Members[0].Name
	return name == "Ref" || name == "Condition" || strings.HasPrefix(name, "Fn::")
}

// isNoValue reports whether a value is CloudFormation's way of writing none.
func isNoValue(n jsontree.Node) bool {
	name, ok := text(n, "Ref")
	return ok && name == "AWS::NoValue" && len(n.Members) == 1
}

// isAbsent reports whether a value stands for none.
func (t *translation) isAbsent(n jsontree.Node) bool {
	return n.Kind == jsontree.Null && t.words.nullable || t.format == CloudFormation && isNoValue(n)
}

// unresolved tells of a value that is known only when its template is used, and
// reports whether this is one.
func (t *translation) unresolved(n jsontree.Node, path string) bool {
	switch {
	case t.format == CloudFormation && isIntrinsic(n) && !isNoValue(n):
		t.lose(nodeSpan(n), path, valueOf(n, t.source), "CloudFormation finds the value of %s when it makes the stack: it is not in this document", n.Members[0].Name)
	case t.format == CloudFormation && n.Kind == jsontree.String && strings.Contains(n.Text, dynamicReference):
		t.lose(nodeSpan(n), path, n.Text, "CloudFormation finds the value of this reference when it makes the stack: it is not in this document")
	case t.template && n.Kind == jsontree.String && hasExpression(n.Text):
		t.lose(nodeSpan(n), path, n.Text, "Terraform evaluates this expression: its value is not in this document")
	default:
		return false
	}
	return true
}

// dynamicReference begins a reference of CloudFormation in the midst of a string.
const dynamicReference = "{{resolve:"

// hasExpression reports whether a string of Terraform's JSON holds an expression or a
// directive. Two signs before the brace stand for one.
func hasExpression(s string) bool {
	return eachBrace(s, func(signs string) bool { return len(signs) == 1 })
}

// literal returns a string as Terraform reads it, if it is an expression of Terraform
// that holds none.
func (t *translation) literal(n jsontree.Node) jsontree.Node {
	if t.template && n.Kind == jsontree.String {
		n.Text = strings.NewReplacer("$${", "${", "%%{", "%{").Replace(n.Text)
	}
	return n
}

// eachBrace calls f with each run of "$" or "%" before a brace, until f returns true,
// and reports whether it did.
func eachBrace(s string, f func(signs string) bool) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != '$' && s[i] != '%' {
			continue
		}
		start := i
		for i+1 < len(s) && s[i+1] == s[start] {
			i++
		}
		if i+1 < len(s) && s[i+1] == '{' && f(s[start:i+1]) {
			return true
		}
	}
	return false
}

// values returns what S3 has for a value of a list: nothing, one value, or several.
func (t *translation) values(name, path string, n jsontree.Node) []string {
	switch {
	case t.format == GCS && name == memberAllowedMethods:
		return t.methodOfGCS(path, n)
	case t.format == B2 && name == memberAllowedMethods:
		return t.operationOfB2(path, n)
	case t.format == B2 && name == memberAllowedOrigins && n.Text == "https":
		t.notes = append(t.notes, remark(path, n.Text, "B2 means any origin with HTTPS: it is https://* here").at(nodeSpan(n)))
		return []string{"https://*"}
	}
	return []string{n.Text}
}

func (t *translation) methodOfGCS(path string, n jsontree.Node) []string {
	switch {
	case n.Text == "*":
		t.lose(nodeSpan(n), path, n.Text, "S3 has no wildcard for methods: GET, PUT, POST, DELETE and HEAD stand for it")
		return methods
	case n.Text == "OPTIONS":
		t.lose(nodeSpan(n), path, n.Text, "S3 lists no OPTIONS: it answers preflights by itself")
		return nil
	case !slices.Contains(methods, strings.ToUpper(n.Text)):
		t.lose(nodeSpan(n), path, n.Text, "S3 lists GET, PUT, POST, DELETE and HEAD only")
		return nil
	}
	return []string{n.Text}
}

func (t *translation) operationOfB2(path string, n jsontree.Node) []string {
	method, isS3 := strings.CutPrefix(n.Text, "s3_")
	upper := strings.ToUpper(method)
	if isS3 && method == strings.ToLower(method) && slices.Contains(methods, upper) {
		return []string{upper}
	}
	t.lose(nodeSpan(n), path, n.Text, "S3 has no such operation: of B2's it knows s3_get, s3_put, s3_post, s3_delete and s3_head")
	return nil
}
