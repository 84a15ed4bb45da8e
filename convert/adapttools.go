package convert

import (
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/xmltext"
)

// forXML replaces what XML cannot carry, as S3's own printer does.
func (a *adapter) forXML() {
	a.each(func(i int, rule *s3cors.Rule) { a.carried(i, rule) })
}

func (a *adapter) carried(i int, rule *s3cors.Rule) {
	const why = "XML cannot carry a character in it: U+FFFD stands there"
	if rule.ID != nil && xmltext.IllegalAt(*rule.ID) >= 0 {
		a.lose(memberPath(i, memberID), *rule.ID, why)
		id := legal(*rule.ID)
		rule.ID = &id
	}
	for _, l := range lists(rule) {
		for j, value := range *l.values {
			if xmltext.IllegalAt(value) >= 0 {
				a.lose(valuePath(i, l.member, j), value, why)
				(*l.values)[j] = legal(value)
			}
		}
	}
}

// legal replaces the characters that XML cannot carry.
func legal(s string) string {
	return strings.Map(func(r rune) rune {
		if xmltext.IsChar(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}

// most32 is the greatest number of 32 bits, which an Integer of these systems is.
const most32 = 1<<31 - 1

// forCloudFormation goes by the reference of AWS::S3::Bucket CorsRule. That 0 is sent
// where MaxAge is missing was seen in
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1942.
func (a *adapter) forCloudFormation() {
	const system = "CloudFormation"
	a.each(func(i int, rule *s3cors.Rule) {
		a.shortID(i, rule, system)
		a.listable(i, rule, system)
		a.age(i, rule, system, 0, most32)
		a.unreferenced(i, rule)
		if rule.MaxAgeSeconds == nil {
			a.note(memberPath(i, memberMaxAgeSeconds), "", "where MaxAge is missing, CloudFormation has been seen to send 0, with which browsers keep no preflight")
		}
	})
}

// unreferenced leaves out what CloudFormation would take for a reference.
func (a *adapter) unreferenced(i int, rule *s3cors.Rule) {
	why := func(value string) string {
		if strings.Contains(value, dynamicReference) {
			return "CloudFormation would take it for a reference"
		}
		return ""
	}
	if rule.ID != nil && why(*rule.ID) != "" {
		a.lose(memberPath(i, memberID), *rule.ID, "%s", why(*rule.ID))
		rule.ID = nil
	}
	for _, l := range lists(rule) {
		a.keep(i, l.member, l.values, why)
	}
}

// forTerraform goes by the source of the AWS provider, internal/service/s3,
// bucket_cors_configuration.go: cors_rule and all lists are sets, an empty id is not
// sent, and max_age_seconds always is.
func (a *adapter) forTerraform() {
	const system = "Terraform's provider"
	a.each(func(i int, rule *s3cors.Rule) {
		if rule.ID != nil && *rule.ID == "" {
			a.lose(memberPath(i, memberID), "", "%s sends no empty ID", system)
			rule.ID = nil
		}
		a.shortID(i, rule, system)
		a.normalised(i, rule)
		if rule.MaxAgeSeconds == nil {
			a.note(memberPath(i, memberMaxAgeSeconds), "", "where max_age_seconds is missing, %s sends 0, with which browsers keep no preflight", system)
		}
	})
	if a.orderCounts() {
		a.lose("CORSRules", "", "%s keeps rules as a set, and may send them in another order, in which another rule may be the first that matches", system)
	}
	if !a.areSets() {
		a.note("CORSRules", "", "%s keeps the values of a rule as sets: their order, and a value that is there twice, are not kept", system)
	}
	if a.o.Bucket == "" {
		a.note("CORSConfiguration.Bucket", "", "write the name of your bucket where BUCKET stands")
	}
}

// normalised tells of the texts that Terraform may change: it drops a byte order mark
// in front, and brings every text into Unicode's normalization form C, which no
// character before U+0300 can be out of.
func (a *adapter) normalised(i int, rule *s3cors.Rule) {
	why := func(value string) string {
		if strings.HasPrefix(value, byteOrderMark) {
			return "Terraform drops the byte order mark that it begins with"
		}
		return ""
	}
	changes := func(value string) bool {
		return strings.ContainsFunc(value, func(r rune) bool { return r >= '\u0300' })
	}
	const note = "Terraform brings text into normalization form C, and S3 compares it byte for byte"
	if rule.ID != nil && why(*rule.ID) != "" {
		a.lose(memberPath(i, memberID), *rule.ID, "%s", why(*rule.ID))
		rule.ID = nil
	} else if rule.ID != nil && changes(*rule.ID) {
		a.note(memberPath(i, memberID), *rule.ID, note)
	}
	for _, l := range lists(rule) {
		a.keep(i, l.member, l.values, why)
		for j, value := range *l.values {
			if changes(value) {
				a.note(valuePath(i, l.member, j), value, note)
			}
		}
	}
}

// orderCounts reports whether the order of the rules can make a difference: two have a
// method in common (4.4/first-match), or the server chooses a rule by its origins alone
// (ceph-2/rule-by-origin).
func (a *adapter) orderCounts() bool {
	if a.o.Dialect == s3cors.Ceph {
		return len(a.rules) > 1
	}
	return a.shareMethod()
}

// shareMethod reports whether two rules list the same method.
func (a *adapter) shareMethod() bool {
	lister := make(map[string]int)
	for i, rule := range a.rules {
		for _, method := range rule.AllowedMethods {
			if first, ok := lister[method]; ok && first != i {
				return true
			}
			lister[method] = i
		}
	}
	return false
}

// areSets reports whether all lists are sorted, without a value that is there twice.
func (a *adapter) areSets() bool {
	for i := range a.rules {
		for _, l := range lists(&a.rules[i]) {
			for j := 1; j < len(*l.values); j++ {
				if (*l.values)[j-1] >= (*l.values)[j] {
					return false
				}
			}
		}
	}
	return true
}
