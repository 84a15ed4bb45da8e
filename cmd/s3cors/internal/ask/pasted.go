package ask

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A Pasted is what a text has of requests, as browsers copy them and people write them.
type Pasted struct {
	Kind string // what the text is: "a curl command"
	Sent []*Sent
	// Notes are sentences about what was not read of the text.
	Notes []string
}

// ErrNoRequest is what ReadPasted returns for a text that is none of those that it reads.
var ErrNoRequest = errors.New("this is none of the texts that are read here: a command of curl, a call of fetch, Invoke-WebRequest of PowerShell, a request " +
	"as it goes over the wire")

var (
	fetchPattern      = regexp.MustCompile(`\bfetch\(`)
	powerShellPattern = regexp.MustCompile(`(?i)\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\s`)
	curlPattern       = regexp.MustCompile(`^\S*curl(?:\.exe)?\s`)
	wirePattern       = regexp.MustCompile(`^(?:[A-Za-z]+ \S+ HTTP/[0-9.]+\s|:(?:authority|method|path|scheme)\b)`)
)

// ReadPasted reads the requests of a text: commands of curl for a POSIX shell or for
// Windows, calls of fetch, a command of PowerShell, or a request as it goes over the wire.
func ReadPasted(text string) (*Pasted, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	for _, prompt := range []string{"$ ", "> ", "% "} {
		text = strings.TrimPrefix(text, prompt)
	}
	switch {
	case curlPattern.MatchString(text + " "):
		return readCommands(text)
	case powerShellPattern.MatchString(text):
		return readPowerShell(text)
	case fetchPattern.MatchString(text):
		return readScript(text)
	case wirePattern.MatchString(text + "\n"):
		return readWire(text)
	}
	return nil, ErrNoRequest
}

// mostSent bounds how many requests of one text are read.
const mostSent = 200

// readCommands reads commands of curl, of which "Copy all as cURL" makes several.
func readCommands(text string) (*Pasted, error) {
	p, divide := &Pasted{Kind: "a curl command"}, ShellCommands
	if isWindows(text) {
		p.Kind, divide = "a curl command for Windows", windowsCommands
	}
	commands, err := divide(text)
	if err != nil {
		return nil, err
	}
	for i, words := range commands {
		switch {
		case i > 0 && !isCurl(words):
			p.Notes = append(p.Notes, fmt.Sprintf("The command %q, which follows, is passed over.", words[0]))
			continue
		case len(p.Sent) == mostSent:
			p.Notes = append(p.Notes, fmt.Sprintf("There are more than %d commands; the first are read.", mostSent))
			return p, nil
		}
		s, err := readCurl(words)
		if err != nil {
			return nil, err
		}
		p.Sent = append(p.Sent, s)
	}
	return p, nil
}

// isWindows reports whether a command is written for the Windows command prompt, whose
// carets it has and whose quotes are double ones.
func isWindows(text string) bool {
	return (strings.Contains(text, `^"`) || strings.Contains(text, " ^\n")) && !strings.Contains(text, " '")
}

func isCurl(words []string) bool {
	return len(words) > 0 && (words[0] == "curl" || words[0] == "curl.exe" || strings.HasSuffix(words[0], "/curl"))
}

// windowsCommands divides a text into commands, and those into words, as the command
// prompt of Windows and the runtime of C do.
func windowsCommands(text string) ([][]string, error) {
	var all [][]string
	for _, line := range promptLines(text) {
		words, err := argumentsOf(line)
		if err != nil {
			return nil, err
		}
		if len(words) > 0 {
			all = append(all, words)
		}
	}
	return all, nil
}

// promptLines are the commands of a text as the command prompt hands them on: a caret is
// taken away and makes the next character plain, but between quotes; & and the end of a
// line end a command.
func promptLines(text string) []string {
	var all []string
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '^' && !quoted && i+1 < len(text):
			if i++; text[i] == '\n' && i+1 < len(text) {
				i++
			}
			b.WriteByte(text[i])
		case c == '"':
			quoted = !quoted
			b.WriteByte(c)
		case c == '\n', c == '&' && !quoted:
			all, quoted = append(all, b.String()), false
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(all, b.String())
}

// argumentsOf divides a line into words as the runtime of C does on Windows: a backslash
// is special before a quote only, and two quotes within quotes are one.
func argumentsOf(line string) ([]string, error) {
	var words []string
	var b strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			run := len(line[i:]) - len(strings.TrimLeft(line[i:], `\`))
			inWord = true
			if i += run - 1; i+1 == len(line) || line[i+1] != '"' {
				b.WriteString(strings.Repeat(`\`, run))
				continue
			}
			b.WriteString(strings.Repeat(`\`, run/2))
			if run%2 == 1 {
				b.WriteByte('"')
				i++
			}
		case c == '"' && quoted && strings.HasPrefix(line[i+1:], `"`):
			b.WriteByte('"')
			i++
		case c == '"':
			inWord, quoted = true, !quoted
		case (c == ' ' || c == '\t' || c == '\n') && !quoted:
			if inWord {
				words = append(words, b.String())
				b.Reset()
			}
			inWord = false
		default:
			inWord = true
			b.WriteByte(c)
		}
	}
	if quoted {
		return nil, errQuote("double quote")
	}
	if inWord {
		words = append(words, b.String())
	}
	return words, nil
}

// readWire reads a request as it goes over the wire: a request line and headers of HTTP/1,
// or the fields of HTTP/2 as browsers list them.
func readWire(text string) (*Pasted, error) {
	p := &Pasted{Kind: "a request as it goes over the wire"}
	s, host, target, scheme := &Sent{}, "", "", "https"
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			break // behind which the body begins
		}
		if words := strings.Fields(line); i == 0 && len(words) == 3 && strings.HasPrefix(words[2], "HTTP/") {
			s.method, target = words[0], words[1]
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, ":"), ":")
		if value = TrimBlanks(value); !ok {
			return nil, fmt.Errorf("%q is no header: it has the form Name: value", line)
		}
		switch lower := strings.ToLower(name); {
		case !strings.HasPrefix(line, ":") && lower == "host":
			host = value
		case !strings.HasPrefix(line, ":"):
			s.headers = append(s.headers, [2]string{name, value})
		case lower == "method":
			s.method = value
		case lower == "path":
			target = value
		case lower == "authority":
			host = value
		case lower == "scheme":
			scheme = value
		}
	}
	switch {
	case s.method == "":
		return nil, errors.New("the request has no method")
	case strings.Contains(target, "://"):
		s.url = target
	case host == "":
		return nil, errors.New("the request has no Host, so that its URL is not known")
	default:
		s.url = scheme + "://" + host + "/" + strings.TrimPrefix(target, "/")
	}
	p.Sent = []*Sent{s}
	return p, nil
}
