package s3cors

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
	"github.com/s3cors/s3cors/internal/xmltext"
)

// words are how a document names its members: by the keys of JSON, or by the
// elements of XML. The zero value is JSON, whose names those of Configuration are.
type words struct{ xml bool }

func (w words) name(m member) string {
	if w.xml {
		return m.element()
	}
	return m.name()
}

// path returns a place in the names of the document; "" for the document as a whole.
func (w words) path(p place) string {
	switch {
	case p == documentPlace:
		return ""
	case !w.xml:
		return p.path()
	case p.member == memberRules:
		return p.member.element()
	}
	path := fmt.Sprintf("CORSRule[%d]", p.rule)
	if p.member != memberNone {
		path += "." + p.member.element()
	}
	if p.index != none && p.member.isList() {
		path += fmt.Sprintf("[%d]", p.index)
	}
	return path
}

// tag returns a name as it stands in the document.
func (w words) tag(name string) string {
	if w.xml {
		return "<" + clip(name) + ">"
	}
	return strconv.Quote(clip(name))
}

// list returns values of a member as they are written one behind the other.
func (w words) list(m member, values ...string) string {
	written := make([]string, len(values))
	for i, value := range values {
		written[i] = strconv.Quote(clip(value))
		if w.xml {
			written[i] = "<" + m.element() + ">" + clip(value) + "</" + m.element() + ">"
		}
	}
	if w.xml {
		return strings.Join(written, "")
	}
	return strings.Join(written, ", ")
}

// whole returns a member with these values as it is written.
func (w words) whole(m member, values ...string) string {
	if w.xml {
		return w.list(m, values...)
	}
	return strconv.Quote(m.name()) + ": [" + w.list(m, values...) + "]"
}

// clip cuts what is long, so that sentences are not.
func clip(s string) string {
	const longest = 60
	if len(s) <= longest {
		return s
	}
	if runes := []rune(s[:min(len(s), utf8.UTFMax*(longest+1))]); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}

// unknown says that a name does not belong where it stands: in a rule, or in the
// document. meant is the name that was probably meant, "" if none is near.
func (w words) unknown(at place, name, meant string) string {
	where := "a configuration"
	if at.rule != none {
		where = "a rule"
	}
	switch said := hints[plainName(clip(name))]; {
	case meant != "":
		return w.tag(name) + " is probably " + meant
	case said != "":
		return where + " has no " + w.tag(name) + ": " + said
	case at.rule != none && strings.HasPrefix(plainName(clip(name)), "header"):
		return where + " has no " + w.tag(name) + ": write " + w.name(memberAllowedHeaders) + " for those of requests, and " + w.name(memberExposeHeaders) + " for those of responses"
	}
	return where + " has no " + w.tag(name) + ": remove it"
}

const noCredentials = "remove it, credentials are allowed where the rule lists the origin itself or a pattern, and not where it lists *"

// hints are what to say of names that people bring along from elsewhere.
var hints = map[string]string{
	"allowcredentials":    noCredentials,
	"allowedcredentials":  noCredentials,
	"supportscredentials": noCredentials,
	"allowprivatenetwork": "remove it, S3 sends no such header",
	"responsevary":        "remove it, it is a setting of Alibaba OSS",
	"statement":           "it belongs into the policy of the bucket",
}

// member returns the member of that name in the document.
func (w words) member(name string) member {
	if w.xml {
		return elementNamed(name)
	}
	return memberNamed(name)
}

// samples are what to add for a member that a rule lacks.
var samples = map[member][]string{
	memberAllowedOrigins: {"https://www.example.com"},
	memberAllowedMethods: {"GET", "HEAD"},
}

// lacks says that a rule has none of a list that it needs.
func (w words) lacks(m member) string {
	return "the rule has no " + w.name(m) + ": add " + w.whole(m, samples[m]...)
}

// lacksBoth says that a rule has neither origins nor methods.
func (w words) lacksBoth() string {
	separator := ", "
	if w.xml {
		separator = ""
	}
	return "the rule has neither " + w.name(memberAllowedOrigins) + " nor " + w.name(memberAllowedMethods) + ": add both, such as " +
		w.whole(memberAllowedOrigins, samples[memberAllowedOrigins]...) + separator + w.whole(memberAllowedMethods, samples[memberAllowedMethods]...)
}

const notUTF8 = "the value is not UTF-8"

// noRule says that something with that name in it is no rule.
func (w words) noRule(name string) string {
	return "this is no rule: it has " + w.tag(name) + ", and neither " + w.name(memberAllowedOrigins) + " nor " + w.name(memberAllowedMethods)
}

// unfit says which character of a value XML cannot carry.
func unfit(value string) string {
	c, size := utf8.DecodeRuneInString(value[max(0, xmltext.IllegalAt(value)):])
	if c == utf8.RuneError && size <= 1 {
		return notUTF8
	}
	return "the value holds " + charname.Of(c) + ", which XML cannot carry: remove it"
}

// around says what white space stands around a value; "" if none does. Values are
// taken as they stand, so that it counts.
func around(value string) string {
	trimmed := strings.TrimFunc(value, charname.IsBlank)
	if trimmed == value || trimmed == "" {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	var said string
	switch {
	case charname.IsBlank(first) && first == last:
		said = "begins and ends with " + charname.Of(first)
	case charname.IsBlank(first) && charname.IsBlank(last):
		said = "begins with " + charname.Of(first) + " and ends with " + charname.Of(last)
	case charname.IsBlank(first):
		said = "begins with " + charname.Of(first)
	default:
		said = "ends with " + charname.Of(last)
	}
	return strconv.Quote(clip(value)) + " " + said
}

// several returns the values that one string holds, divided by commas, semicolons
// or white space; nil if it holds one.
func several(value string) []string {
	values := strings.FieldsFunc(value, func(c rune) bool { return c == ',' || c == ';' || c == '|' || charname.IsBlank(c) })
	if len(values) < 2 || len(values) > 64 {
		return nil
	}
	for i := range values {
		values[i] = strings.Trim(values[i], `"'`)
	}
	return values
}

var numbers = [...]string{2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}

// split says that one string holds several values, and how to write them.
func (w words) split(m member, values []string) string {
	n := strconv.Itoa(len(values))
	if len(values) < len(numbers) {
		n = numbers[len(values)]
	}
	shown, more := values, ""
	if len(shown) > 6 {
		shown, more = shown[:6], " and so on"
	}
	return "several values stand in one: split it into " + n + ", " + w.list(m, shown...) + more
}

const methodsToList = "the methods to list are GET, PUT, POST, DELETE and HEAD"

// method says what is wrong with a value of AllowedMethods.
func (w words) method(value string) string {
	plain := strings.TrimFunc(value, charname.IsBlank)
	upper := strings.ToUpper(strings.TrimPrefix(strings.Trim(plain, `"'`), "HttpMethods."))
	values := several(value)
	if values == nil && strings.Contains(value, "/") {
		values = several(strings.ReplaceAll(value, "/", ","))
	}
	divided := strings.ContainsAny(value, ",;|/")
	joined := strings.Join(values, "")
	switch {
	case plain == "":
		return "the method is empty: remove it, " + methodsToList
	case values != nil && !divided && methodIndex(strings.ToUpper(joined)) >= 0:
		return strconv.Quote(clip(value)) + " holds white space: write " + strings.ToUpper(joined)
	case values != nil:
		return w.split(memberAllowedMethods, values)
	case upper == "OPTIONS":
		return "remove OPTIONS: preflights are answered without it, " + methodsToList
	case methodIndex(upper) >= 0 && plain != value:
		return around(value) + ": write " + upper
	case methodIndex(upper) >= 0:
		return "methods are compared letter for letter: write " + upper
	case plain == "*" || upper == "ALL" || upper == "ANY":
		return "there is no wildcard for methods: write " + w.list(memberAllowedMethods, listable[:]...)
	case upper == "PATCH" || upper == "TRACE" || upper == "CONNECT" || upper == "COPY" || upper == "LIST":
		return "remove " + upper + ": " + methodsToList
	}
	if meant := nearest(upper, listable[:]); meant != "" {
		return strconv.Quote(clip(value)) + " is probably " + meant + ": " + methodsToList
	}
	return strconv.Quote(clip(value)) + " is no method of S3: " + methodsToList
}

const oneStar = `one "*" is allowed in a value, and no more`

// stars says how to write a value that has more than one star.
func (w words) stars(m member, value string) string {
	if values := several(value); values != nil {
		return w.split(m, values)
	}
	if once := withOneStar(value); once != nil {
		return oneStar + ": write " + w.list(m, once...)
	}
	return oneStar + ": list the values that are meant"
}

// withOneStar returns what a value with several stars probably means; nil if that
// is not plain.
func withOneStar(value string) []string {
	value = strings.TrimSuffix(strings.TrimSuffix(value, "/*"), "/")
	for strings.Contains(value, "**") || strings.Contains(value, "*.*") {
		value = strings.ReplaceAll(strings.ReplaceAll(value, "**", "*"), "*.*", "*")
	}
	switch host, anyScheme := strings.CutPrefix(value, "*://"); {
	case strings.Count(value, "*") <= 1:
		return []string{value}
	case anyScheme && strings.Count(host, "*") == 1:
		return []string{"https://" + host, "http://" + host}
	}
	return nil
}

// headerName says what is wrong with a value that is not the name of a header.
func (w words) headerName(m member, value string) string {
	name, rest, colon := strings.Cut(value, ":")
	plain := strings.TrimFunc(value, charname.IsBlank)
	switch values := several(value); {
	case !utf8.ValidString(value):
		return notUTF8
	case plain == "":
		return "the value is white space: remove it"
	case colon && isToken(name) && name != "" && strings.TrimSpace(rest) != "":
		return "the value of a header stands behind its name: write the name alone, " + w.list(m, name)
	case colon && isToken(name) && name != "":
		return "a colon stands behind the name: write " + w.list(m, name)
	case plain != value && isToken(plain):
		return around(value) + ": write " + w.list(m, plain)
	case allTokens(values):
		return w.split(m, values)
	case isToken(strings.Trim(plain, quotes)):
		return "quotes stand around the name: write " + w.list(m, strings.Trim(plain, quotes))
	}
	return strconv.Quote(clip(value)) + " is not the name of a header: it holds " + charname.Of(firstNoToken(value)) + instead(firstNoToken(value))
}

// quotes are those that people write, of all kinds.
const quotes = "\"'`\u00b4\u2018\u2019\u201c\u201d\u201e"

func allTokens(values []string) bool {
	for _, value := range values {
		if !isToken(value) || value == "" {
			return false
		}
	}
	return values != nil
}

// firstNoToken returns the first character that no token has.
func firstNoToken(value string) rune {
	for _, c := range value {
		if c >= utf8.RuneSelf || !isToken(string(c)) {
			return c
		}
	}
	return utf8.RuneError
}

// instead says what to write for a character that no header name has.
func instead(c rune) string {
	if strings.ContainsRune("\u2010\u2011\u2012\u2013\u2014\u2212", c) {
		return ", write a plain hyphen (-)"
	}
	return ", write letters, digits and hyphens alone"
}

// number says what is wrong with a MaxAgeSeconds that is not a whole number of 64
// bits.
func (w words) number(text string, tooLarge bool) string {
	trimmed := strings.TrimFunc(text, charname.IsBlank)
	shown := clip(trimmed)
	if w.xml {
		shown = strconv.Quote(clip(text))
	}
	cure := "a number of seconds, such as 3600"
	switch digits := plainDigits(trimmed); {
	case trimmed == "":
		return "MaxAgeSeconds is empty: write " + cure + ", or remove it"
	case tooLarge:
		cure = "fewer digits"
	case digits != "":
		cure = clip(digits)
	}
	return shown + " is not a whole number of 64 bits: write " + cure
}

// plainDigits returns the number of seconds that a text plainly means, such as 3600
// for "3,600", "3600.0" and "3600s"; "" if it means none.
func plainDigits(text string) string {
	for _, unit := range []string{"seconds", "sec", "s"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, unit))
	}
	whole, fraction, _ := strings.Cut(text, ".")
	whole = strings.NewReplacer(",", "", "_", "", "'", "", " ", "", "\u00a0", "").Replace(whole)
	if strings.Trim(fraction, "0") != "" || !isDigits(whole) {
		return ""
	}
	return whole
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// tooMany says that there are more rules than a server takes.
func tooMany(n, limit int) string {
	return fmt.Sprintf("there are %d rules, and %d are allowed: join rules that differ in their origins alone", n, limit)
}
