package s3cors

import "slices"

// maxTries is how many listed names are tried at one place before they are looked for
// in another way.
const maxTries = maxFew

// holdsNames reports whether strings are listed, and each is a name of a header field.
func (m *matcher) holdsNames() bool {
	return len(m.listed) > 0 && !slices.ContainsFunc(m.listed, func(e listed) bool { return e.text == "" || !isToken(e.text) })
}

// takeListed takes names off the front of value, the value of
// Access-Control-Request-Headers, for as long as the next one is listed, in whatever
// case, and a rule is left. It returns the rest of value, and the rules that admit each
// name that was taken. What was taken is valid, since all that is listed is:
// holdsNames must be true of m.
//
// Browsers sort the names that they ask for, and the listed names are sorted as well.
// So the next name asked for is mostly the next one listed, or one of those that follow
// it. To try that takes a comparison; it takes neither a search for the end of the name,
// nor a hash, nor a look at the class of each byte.
func (m *matcher) takeListed(value string, rules ruleset) (rest string, left ruleset) {
	all, at, next := m.listed, 0, 0
	tries := min(len(all), maxTries)
	for missed := 0; at < len(value) && missed < tries && !rules.empty(); {
		if next == len(all) {
			next = 0
		}
		e := &all[next]
		next++
		end := at + len(e.text)
		if end > len(value) || end < len(value) && value[end] != ',' {
			missed++
			continue
		}
		// To find out here what isNamed would takes a sixth less of an evaluation.
		n, other := len(e.text), ^uint64(0)
		if n >= 8 {
			text := value[at:end]
			other = word(text[n-8:]) ^ word(e.text[n-8:])
			for i := 0; i < n-8; i += 8 {
				other |= word(text[i:i+8]) ^ word(e.text[i:i+8])
			}
		}
		if other != 0 && !isNamed(value[at:end], e.text) {
			missed++
			continue
		}
		missed = 0
		rules = rules.and(e.rules)
		for at = end; at < len(value) && isSeparator(value[at]); {
			at++
		}
	}
	return value[at:], rules
}

// isNamed reports whether text is, in whatever case, the name, which is in lower case
// and as long.
func isNamed(text, name string) bool {
	if len(text) < 8 || len(text) != len(name) {
		return lower(text) == name
	}
	for len(text) > 8 {
		if lowerWord(word(text)) != word(name) {
			return false
		}
		at := min(8, len(text)-8) // the last eight bytes overlap those before
		text, name = text[at:], name[at:]
	}
	return lowerWord(word(text)) == word(name)
}
