package ask

import "strings"

// CurlLine returns a command, on one line of a POSIX shell, that sends a request with
// curl and shows the answer with its headers.
func CurlLine(method, url string, headers [][2]string) string {
	words := []string{"curl", "-i"}
	switch method {
	case "GET":
	case "HEAD":
		words = append(words, "--head") // with -X curl would wait for a body
	default:
		words = append(words, "-X", quoted(method))
	}
	for _, h := range headers {
		words = append(words, "-H", quoted(fieldOf(h)))
	}
	return strings.Join(append(words, quoted(url)), " ")
}

// fieldOf is a header as curl takes it: an empty one needs a semicolon.
func fieldOf(header [2]string) string {
	if header[1] == "" {
		return header[0] + ";"
	}
	return header[0] + ": " + header[1]
}

// quoted makes one word of the shell of a text.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
