package explain

import (
	"slices"
	"strings"
)

// placeholderMarks are what templates have where a value belongs.
var placeholderMarks = []string{"${", "{{", "<", "%{", "__", "$(", "#{", "process.env", "[your", "[origin", "{"}

// placeholderWords begin the names that people write where a reader shall put his own.
var placeholderWords = []string{
	"your-", "your_", "yourdomain", "yoursite", "yourapp", "yourwebsite", "yourname", "yourcompany", "yourorigin",
	"mydomain.", "my-domain", "mysite.", "mywebsite.", "changeme", "change-me", "change_me", "replaceme", "replace-me", "replace_me",
	"replace_with", "insert your", "insert-your", "placeholder",
}

// placeholderNames are whole names that do so.
var placeholderNames = []string{"todo", "fixme", "tbd", "xxx", "origin", "domain", "your", "url", "host", "hostname"}

// isPlaceholder reports whether an entry was never filled in: it is empty, or looks
// like a variable of a template, or like a name that stands for one's own.
func isPlaceholder(entry string) bool {
	text := lower(entry)
	if strings.TrimSpace(text) == "" {
		return true
	}
	for _, mark := range placeholderMarks {
		if strings.Contains(text, mark) {
			return true
		}
	}
	name := strings.TrimPrefix(text[strings.LastIndex(text, "/")+1:], "www.")
	if host := parseOrigin(text).host; host != "" {
		name = strings.TrimPrefix(strings.TrimPrefix(host, "*."), "www.")
	}
	for _, word := range placeholderWords {
		if strings.HasPrefix(name, word) || strings.Contains(name, "."+word) {
			return true
		}
	}
	return slices.Contains(placeholderNames, name) || isVariable(entry)
}

// isVariable reports whether an entry is $NAME, %NAME% or NAME alone.
func isVariable(entry string) bool {
	name := strings.Trim(entry, "$%")
	if name == "" || strings.ContainsAny(name, ".:/*-") {
		return false
	}
	return name != entry || strings.Contains(name, "_") && strings.ToUpper(name) == name
}
