package convert

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/s3cors/s3cors"
)

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
