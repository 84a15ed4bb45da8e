package lint

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
)

// pointer returns the JSON Pointer of a value in a list of a rule.
func pointer(rule int, member string, index int) string {
	return fmt.Sprintf("/CORSRules/%d/%s/%d", rule, member, index)
}

// list returns a list of a rule by its name.
func list(rule *s3cors.Rule, member string) []string {
	switch member {
	case "AllowedOrigins":
		return rule.AllowedOrigins
	case "AllowedMethods":
		return rule.AllowedMethods
	case "AllowedHeaders":
		return rule.AllowedHeaders
	}
	return rule.ExposeHeaders
}

func (r *reporter) replace(rule int, member string, index int, value string) []Operation {
	return []Operation{{Op: "replace", Path: pointer(rule, member, index), Value: value}}
}

// remove takes a value out; nil if the rule would be left without what it needs.
func (r *reporter) remove(rule int, member string, index int) []Operation {
	needed := member == "AllowedOrigins" || member == "AllowedMethods"
	if needed && len(list(&r.config.CORSRules[rule], member)) < 2 {
		return nil
	}
	return []Operation{{Op: "remove", Path: pointer(rule, member, index)}}
}

// splitUp puts several values in the place of one.
func (r *reporter) splitUp(rule int, member string, index int, values []string) []Operation {
	patch := r.replace(rule, member, index, values[0])
	for i, value := range values[1:] {
		patch = append(patch, Operation{Op: "add", Path: pointer(rule, member, index+1+i), Value: value})
	}
	return patch
}

// add puts a value at the end of a list, and makes the list if there is none.
func (r *reporter) add(rule int, member, value string) []Operation {
	if n := len(list(&r.config.CORSRules[rule], member)); n > 0 {
		return []Operation{{Op: "add", Path: pointer(rule, member, n), Value: value}}
	}
	return []Operation{{Op: "add", Path: fmt.Sprintf("/CORSRules/%d/%s", rule, member), Value: []string{value}}}
}

// patchOf mends what S3 refuses, where there is one way to do so.
func (r *reporter) patchOf(code Code, p *s3cors.Problem) []Operation {
	rule, index := p.Rule, 0
	if code != BadMethod || rule < 0 || rule >= len(r.config.CORSRules) {
		return nil
	}
	if _, err := fmt.Sscanf(p.Path, fmt.Sprintf("CORSRules[%d].AllowedMethods[%%d]", rule), &index); err != nil {
		return nil
	}
	methods := r.config.CORSRules[rule].AllowedMethods
	if index >= len(methods) {
		return nil
	}
	switch method := strings.ToUpper(strings.TrimSpace(methods[index])); {
	case isMethod(method):
		return r.replace(rule, "AllowedMethods", index, method)
	case method == "OPTIONS":
		return r.remove(rule, "AllowedMethods", index) // preflights are answered without it
	}
	return nil
}

func isMethod(s string) bool {
	switch s {
	case "GET", "HEAD", "PUT", "POST", "DELETE":
		return true
	}
	return false
}
