package lint

import "fmt"

// A Severity says how bad a finding is.
type Severity uint8

// The severities, the mildest first. The zero value is none.
const (
	Info        Severity = iota + 1 // worth knowing
	Portability                     // works on Amazon S3, and fails on other servers
	Warning                         // very probably not what was meant
	Security                        // admits more than was probably meant
	Error                           // S3 refuses it, or no browser can ever meet it
)

var severityNames = [...]string{"", "info", "portability", "warning", "security", "error"}

// String returns "info", "portability", "warning", "security" or "error".
func (s Severity) String() string {
	if s < Info || s > Error {
		return fmt.Sprintf("Severity(%d)", uint8(s))
	}
	return severityNames[s]
}

// MarshalText returns the name of the severity.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a severity. The error lists the names.
func (s *Severity) UnmarshalText(text []byte) error {
	for i := Info; i <= Error; i++ {
		if severityNames[i] == string(text) {
			*s = i
			return nil
		}
	}
	return fmt.Errorf("there is no severity %q: it is info, portability, warning, security or error", text)
}
