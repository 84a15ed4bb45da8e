package s3cors

import "strings"

// wordSigns are the signs between words that people write in names.
var wordSigns = strings.NewReplacer("_", "", "-", "", ":", "")

// plainName returns a name without what people get wrong in it first.
func plainName(s string) string { return strings.ToLower(wordSigns.Replace(s)) }

// nearest returns the one of names that was probably meant by name, "" if none
// is near: names that differ in case and in the signs between words, in one or
// two letters, or in being cut short (MaxAge, Origins).
func nearest(name string, names []string) string {
	const longest = 32 // bounds the work
	if name == "" || len(name) > longest {
		return ""
	}
	name = plainName(name)
	best, least := "", 3
	for _, candidate := range names {
		plain := plainName(candidate)
		distance := editDistance(name, plain)
		if len(name) >= 5 && strings.HasPrefix(plain, name) {
			distance = 1
		}
		if distance < least && distance < len(plain) {
			best, least = candidate, distance
		}
	}
	if best == "" {
		return holding(name, names)
	}
	return best
}

// holding returns the only one of names that holds a word of it as name; "" if there
// are none or several.
func holding(name string, names []string) string {
	const shortest = 6
	best := ""
	for _, candidate := range names {
		if len(name) < shortest || !strings.Contains(plainName(candidate), name) {
			continue
		}
		if best != "" {
			return ""
		}
		best = candidate
	}
	return best
}

// editDistance counts the bytes to insert, delete or replace to get from a to b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
