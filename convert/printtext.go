package convert

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/s3cors/s3cors"
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

// escapeRune returns a character as it stands between double quotes in HCL and in YAML.
func escapeRune(r rune) string {
	switch r {
	case '"', '\\':
		return `\` + string(r)
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	switch {
	case unicode.IsPrint(r):
		return string(r)
	case r > 0xFFFF:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// printYAML prints CloudFormation's property in YAML. Every string is quoted: YAML 1.1
// reads yes, 0x1f, 1:30 and null as something else.
func printYAML(a *adapter) []byte {
	var b strings.Builder
	b.WriteString("CorsConfiguration:\n  CorsRules:")
	if len(a.rules) == 0 {
		b.WriteString(" []")
	}
	b.WriteString("\n")
	for _, rule := range a.rules {
		b.WriteString(yamlRule(rule))
	}
	return []byte(b.String())
}

func yamlRule(rule s3cors.Rule) string {
	var b strings.Builder
	if rule.ID != nil {
		b.WriteString("      Id: " + quoteYAML(*rule.ID) + "\n")
	}
	for _, l := range []struct {
		name   string
		values []string
	}{
		{"AllowedHeaders", rule.AllowedHeaders},
		{"AllowedMethods", rule.AllowedMethods},
		{"AllowedOrigins", rule.AllowedOrigins},
		{"ExposedHeaders", rule.ExposeHeaders},
	} {
		if len(l.values) > 0 {
			b.WriteString("      " + l.name + ":\n")
		}
		for _, value := range l.values {
			b.WriteString("        - " + quoteYAML(value) + "\n")
		}
	}
	if rule.MaxAgeSeconds != nil {
		fmt.Fprintf(&b, "      MaxAge: %d\n", *rule.MaxAgeSeconds)
	}
	if b.Len() == 0 {
		return "    - {}\n"
	}
	return "    - " + b.String()[len("      "):]
}

// quoteYAML returns a string in YAML's double quotes.
func quoteYAML(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		b.WriteString(escapeRune(r))
	}
	b.WriteByte('"')
	return b.String()
}
