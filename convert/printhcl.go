package convert

import (
	"fmt"
	"strconv"
	"strings"
)

// printHCL prints the resource in Terraform's language, as "terraform fmt" aligns it.
func printHCL(a *adapter) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "resource %q %q {\n  bucket = %s\n", terraformType, terraformName, quoteHCL(a.bucket()))
	for _, rule := range a.rules {
		b.WriteString("\n  cors_rule {\n")
		if rule.ID != nil {
			attribute(&b, "id", quoteHCL(*rule.ID))
		}
		attributeList(&b, "allowed_headers", rule.AllowedHeaders)
		attributeList(&b, "allowed_methods", rule.AllowedMethods)
		attributeList(&b, "allowed_origins", rule.AllowedOrigins)
		attributeList(&b, "expose_headers", rule.ExposeHeaders)
		if rule.MaxAgeSeconds != nil {
			attribute(&b, "max_age_seconds", strconv.FormatInt(*rule.MaxAgeSeconds, 10))
		}
		b.WriteString("  }\n")
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

func attribute(b *strings.Builder, name, value string) {
	fmt.Fprintf(b, "    %-*s = %s\n", len("allowed_headers"), name, value)
}

func attributeList(b *strings.Builder, name string, values []string) {
	if len(values) == 0 {
		return
	}
	var quoted []string
	for _, value := range values {
		quoted = append(quoted, quoteHCL(value))
	}
	attribute(b, name, "["+strings.Join(quoted, ", ")+"]")
}

// quoteHCL returns a string as a template of HCL that is the string, whatever it holds:
// "${" and "%{" begin an expression and a directive in there (HCL, Template Expressions).
// A single sign is doubled. Of several, which would be taken for doubles, each is
// escaped.
func quoteHCL(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	signs := 0 // of one kind, at the end of what was read
	var sign rune
	flush := func(next rune) {
		switch {
		case next != '{':
			b.WriteString(strings.Repeat(string(sign), signs))
		case signs == 1:
			b.WriteString(string([]rune{sign, sign}))
		default:
			b.WriteString(strings.Repeat(fmt.Sprintf(`\u%04x`, sign), signs))
		}
		signs = 0
	}
	for _, r := range s {
		if signs > 0 && r != sign {
			flush(r)
		}
		if r == '$' || r == '%' {
			sign = r
			signs++
			continue
		}
		b.WriteString(escapeRune(r))
	}
	flush('"')
	b.WriteByte('"')
	return b.String()
}
