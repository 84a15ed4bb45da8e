package vectors

import "slices"

// implied is the name of the file that says which rows fail with which.
const implied = "implies.json"

// Implied returns, for every row, the other rows that fail with it: the vectors that
// show them all fail if the row does not hold. README.md says how that is derived
// from the vectors. A row without any is not there.
func Implied() (map[string][]string, error) {
	data, err := files.ReadFile(implied)
	if err != nil {
		return nil, err
	}
	var content struct {
		About   string              `json:"about"`
		Implies map[string][]string `json:"implies"`
	}
	err = strict(data, &content)
	return content.Implies, err
}

// First returns those of the rows that a server fails which it is best to look at
// first: the ones that no other of them implies. Of rows that imply each other all
// are returned. The order is that of the rows given.
func First(failed []string) ([]string, error) {
	implied, err := Implied()
	if err != nil {
		return nil, err
	}
	follows := func(row string) bool {
		return slices.ContainsFunc(failed, func(other string) bool {
			return slices.Contains(implied[other], row) && !slices.Contains(implied[row], other)
		})
	}
	return slices.DeleteFunc(slices.Clone(failed), follows), nil
}
