package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A postPolicy is the policy of a form, which says what the form may hold. Its
// signature is not looked at, like all others.
type postPolicy struct {
	expiration time.Time
	conditions []condition
	smallest   int64 // content-length-range
	largest    int64
}

// A condition is about a field of the form.
type condition struct {
	operator string // eq or starts-with
	field    string // in lower case, without the dollar sign
	value    string
	text     string // as S3 quotes it
}

// readPolicy reads the field "policy".
func readPolicy(encoded string) (*postPolicy, *s3cors.Error) {
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, invalidPolicy("Invalid Base64 encoding.")
	}
	var document struct {
		Expiration *string           `json:"expiration"`
		Conditions []json.RawMessage `json:"conditions"`
	}
	switch err := json.Unmarshal(text, &document); {
	case err != nil:
		return nil, invalidPolicy("Invalid JSON.")
	case document.Expiration == nil:
		return nil, invalidPolicy("Policy missing expiration.")
	case document.Conditions == nil:
		return nil, invalidPolicy("Policy missing conditions.")
	}
	p := &postPolicy{largest: maxObjectBytes}
	if p.expiration, err = time.Parse(time.RFC3339, *document.Expiration); err != nil {
		return nil, invalidPolicy(fmt.Sprintf("Invalid 'expiration' value: '%s'", *document.Expiration))
	}
	for _, one := range document.Conditions {
		if !p.add(one) {
			return nil, invalidPolicy("Invalid Condition: " + string(one))
		}
	}
	return p, nil
}

// add adds a condition, which is {"field": "value"} or [operator, operand, operand].
func (p *postPolicy) add(text json.RawMessage) bool {
	var exact map[string]string
	if json.Unmarshal(text, &exact) == nil {
		for field, value := range exact {
			p.conditions = append(p.conditions, newCondition("eq", field, value))
		}
		return len(exact) == 1
	}
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil || len(list) != 3 {
		return false
	}
	operator, field, value := scalar(list[0]), scalar(list[1]), scalar(list[2])
	switch operator = strings.ToLower(operator); operator {
	case "content-length-range":
		var err1, err2 error
		p.smallest, err1 = strconv.ParseInt(field, 10, 64)
		p.largest, err2 = strconv.ParseInt(value, 10, 64)
		return err1 == nil && err2 == nil
	case "eq", "starts-with":
		field, ok := strings.CutPrefix(field, "$")
		p.conditions = append(p.conditions, newCondition(operator, field, value))
		return ok
	}
	return false
}

// scalar returns a string, or a number as it is written.
func scalar(text json.RawMessage) string {
	var s string
	if json.Unmarshal(text, &s) == nil {
		return s
	}
	return string(text)
}

func newCondition(operator, field, value string) condition {
	return condition{operator, strings.ToLower(field), value, fmt.Sprintf(`["%s", "$%s", "%s"]`, operator, field, value)}
}

// check holds the fields of a form against the policy. What the form asks for in
// vain is refused first.
func (p *postPolicy) check(f *form, bucket string, now time.Time) *s3cors.Error {
	if !now.Before(p.expiration) {
		return againstPolicy("Policy expired.")
	}
	for _, one := range p.conditions {
		if !one.holds(f, bucket) {
			return againstPolicy("Policy Condition failed: " + one.text)
		}
	}
	var extra []string
	for _, name := range f.order {
		covered := slices.ContainsFunc(p.conditions, func(one condition) bool { return one.field == name })
		if !covered && !isExempt(name) {
			extra = append(extra, name)
		}
	}
	if len(extra) > 0 {
		return againstPolicy("Extra input fields: " + strings.Join(extra, ", "))
	}
	return nil
}

// isExempt reports whether a field needs no condition.
func isExempt(name string) bool {
	switch name {
	case "policy", "file", "signature", "awsaccesskeyid", "x-amz-signature":
		return true
	}
	return strings.HasPrefix(name, "x-ignore-")
}

func (c condition) holds(f *form, bucket string) bool {
	value, ok := f.values[c.field]
	if c.field == "bucket" { // which the URL names, whatever the form says
		ok = !ok || value == bucket
		value = bucket
	}
	switch {
	case !ok:
		return false
	case c.operator == "starts-with":
		return strings.HasPrefix(value, c.value)
	}
	return value == c.value
}

// checkSize holds the size of the file against content-length-range.
func (p *postPolicy) checkSize(size int64) *s3cors.Error {
	number := func(name string, n int64) s3cors.Element {
		return s3cors.Element{Name: name, Value: strconv.FormatInt(n, 10)}
	}
	switch {
	case size > p.largest:
		return corsserver.BadRequest("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
			number("ProposedSize", size), number("MaxSizeAllowed", p.largest))
	case size < p.smallest:
		return corsserver.BadRequest("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
			number("ProposedSize", size), number("MinSizeAllowed", p.smallest))
	}
	return nil
}

func invalidPolicy(why string) *s3cors.Error {
	return corsserver.BadRequest("InvalidPolicyDocument", "Invalid Policy: "+why)
}

func againstPolicy(why string) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusForbidden, Code: "AccessDenied", Message: "Invalid according to Policy: " + why}
}
