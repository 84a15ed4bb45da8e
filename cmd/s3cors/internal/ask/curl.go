package ask

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// A curlCommand is what the options of a command of curl come to.
type curlCommand struct {
	Sent
	urls     []string
	explicit string // -X
	head     bool   // -I
	get      bool   // -G
	upload   bool   // -T
	body     string // the Content-Type of a body; "" if there is none
	data     []string
}

// readCurl reads the words of a command.
func readCurl(words []string) (*Sent, error) {
	if !isCurl(words) {
		return nil, errors.New("the command does not begin with curl")
	}
	c := new(curlCommand)
	for rest := words[1:]; len(rest) > 0; {
		word := rest[0]
		rest = rest[1:]
		var err error
		switch {
		case word == "--":
		case strings.HasPrefix(word, "--"):
			rest, err = c.long(word, rest)
		case strings.HasPrefix(word, "-") && len(word) > 1:
			rest, err = c.short(word[1:], rest)
		default:
			c.urls = append(c.urls, word)
		}
		if err != nil {
			return nil, err
		}
	}
	return c.request()
}

// long reads an option of a name, with its argument if it has one.
func (c *curlCommand) long(word string, rest []string) ([]string, error) {
	name := strings.TrimPrefix(word, "--")
	if curlFlags[name] || strings.HasPrefix(name, "no-") {
		c.flag(name)
		return rest, nil
	}
	if !curlOptions[name] {
		return nil, fmt.Errorf("curl's option --%s is not known here", name)
	}
	if len(rest) == 0 {
		return nil, fmt.Errorf("curl's option --%s has no value", name)
	}
	return rest[1:], c.option(name, rest[0])
}

// short reads options of a letter, which may be written together: the value of the
// last one follows at once, or in the next word.
func (c *curlCommand) short(letters string, rest []string) ([]string, error) {
	for i := range len(letters) {
		letter := letters[i : i+1]
		name, ok := curlLetters[letter]
		if !ok {
			return nil, fmt.Errorf("curl's option -%s is not known here", letter)
		}
		if curlFlags[name] {
			c.flag(name)
			continue
		}
		if value := letters[i+1:]; value != "" {
			return rest, c.option(name, value)
		}
		if len(rest) == 0 {
			return nil, fmt.Errorf("curl's option -%s has no value", letter)
		}
		return rest[1:], c.option(name, rest[0])
	}
	return rest, nil
}

func (c *curlCommand) flag(name string) {
	switch name {
	case "head":
		c.head = true
	case "get":
		c.get = true
	}
}

const (
	formData = "application/x-www-form-urlencoded"
	jsonData = "application/json"
)

// option takes an option with a value. Those that do not change what is sent are
// passed over.
func (c *curlCommand) option(name, value string) error {
	switch name {
	case "request":
		c.explicit = value
	case "url":
		c.urls = append(c.urls, value)
	case "header":
		return c.header(value)
	case "data", "data-ascii", "data-binary", "data-raw", "data-urlencode":
		c.body = formData
		c.data = append(c.data, value)
	case "json":
		c.body = jsonData
		c.data = append(c.data, value)
	case "form", "form-string":
		c.body = "multipart/form-data"
	case "upload-file":
		c.upload = true
	case "user":
		c.add("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(value)))
	case "oauth2-bearer":
		c.add("Authorization", "Bearer "+value)
	case "aws-sigv4":
		c.add("Authorization", "AWS4-HMAC-SHA256")
		c.add("X-Amz-Date", "now")
	case "cookie":
		c.add("Cookie", value)
	case "user-agent":
		c.add("User-Agent", value)
	case "referer":
		c.add("Referer", value)
	case "range":
		c.add("Range", "bytes="+value)
	}
	return nil
}

func (c *curlCommand) add(name, value string) { c.headers = append(c.headers, [2]string{name, value}) }

// header takes the value of -H: a field, or a name with a semicolon for an empty one.
// A name with a colon alone removes what curl would send by itself.
func (c *curlCommand) header(line string) error {
	if strings.HasPrefix(line, "@") {
		return fmt.Errorf("curl's option -H names the file %s, which is not read", line[1:])
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		name, ok = strings.CutSuffix(line, ";")
	} else if TrimBlanks(value) == "" {
		return nil
	}
	if name = TrimBlanks(name); !ok || name == "" {
		return fmt.Errorf("%q is no header: it has the form Name: value", line)
	}
	c.add(name, TrimBlanks(value))
	return nil
}

// request is what the options make of a request.
func (c *curlCommand) request() (*Sent, error) {
	switch len(c.urls) {
	case 0:
		return nil, errors.New("the command has no URL")
	case 1:
	default:
		return nil, fmt.Errorf("the command has %d URLs, or an option that is not known here", len(c.urls))
	}
	c.url = c.urls[0]
	if strings.HasPrefix(c.url, "$") || strings.HasPrefix(c.url, "`") {
		return nil, fmt.Errorf("the URL is %s, which a shell fills in: give the URL itself", c.url)
	}
	if !strings.Contains(c.url, "://") { // curl's own guess
		c.url = "http://" + c.url
	}
	if c.get && len(c.data) > 0 {
		separator := "?"
		if strings.Contains(c.url, "?") {
			separator = "&"
		}
		c.url += separator + strings.Join(c.data, "&")
	}
	if c.body != "" && !c.get && len(c.values("Content-Type")) == 0 {
		c.add("Content-Type", c.body)
	}
	c.method = c.methodOf()
	return &c.Sent, nil
}

func (c *curlCommand) methodOf() string {
	switch {
	case c.explicit != "":
		return c.explicit
	case c.head:
		return "HEAD"
	case c.upload:
		return "PUT"
	case c.body != "" && !c.get:
		return "POST"
	}
	return "GET"
}

// set makes a set of the words in a text.
func set(words string) map[string]bool {
	all := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

// curlFlags are the options without a value.
var curlFlags = set(`anyauth append basic ca-native compressed compressed-ssh create-dirs crlf digest disable disable-epsv
	fail fail-early fail-with-body false-start ftp-pasv get globoff head http0.9 http1.0 http1.1 http2
	http2-prior-knowledge http3 http3-only include insecure ipv4 ipv6 junk-session-cookies list-only location
	location-trusted manual negotiate netrc netrc-optional no-buffer ntlm parallel path-as-is post301 post302 post303
	progress-bar proxy-insecure proxytunnel raw remote-header-name remote-name remote-name-all remote-time remove-on-error retry-all-errors
	retry-connrefused show-error show-headers silent skip-existing ssl ssl-reqd sslv2 sslv3 styled-output
	suppress-connect-headers tcp-fastopen tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids
	trace-time use-ascii verbose version xattr`)

// curlOptions are those with a value.
var curlOptions = set(`abstract-unix-socket alpn alt-svc aws-sigv4 cacert capath cert cert-type ciphers config
	connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii
	data-binary data-raw data-urlencode dns-interface dns-servers doh-url dump-header ech engine etag-compare
	etag-save expect100-timeout form form-string happy-eyeballs-timeout-ms haproxy-clientip header hostpubsha256
	hsts interface ip-tos json keepalive-time key key-type limit-rate local-port max-filesize max-redirs max-time
	netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default
	proto-redir proxy proxy-header proxy-user range rate referer request request-target resolve retry retry-delay
	retry-max-time socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr time-cond tls-max tls13-ciphers
	trace trace-ascii unix-socket upload-file url url-query user user-agent variable vlan-priority write-out`)

// curlLetters are the options of a letter by their names.
var curlLetters = map[string]string{
	"0": "http1.0", "1": "tlsv1", "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6", "#": "progress-bar",
	"A": "user-agent", "B": "use-ascii", "C": "continue-at", "D": "dump-header", "E": "cert", "F": "form", "G": "get",
	"H": "header", "I": "head", "J": "remote-header-name", "K": "config", "L": "location", "N": "no-buffer",
	"O": "remote-name", "R": "remote-time", "S": "show-error", "T": "upload-file", "U": "proxy-user", "V": "version",
	"X": "request", "Y": "speed-limit", "Z": "parallel", "a": "append", "b": "cookie", "c": "cookie-jar", "d": "data",
	"e": "referer", "f": "fail", "g": "globoff", "i": "include", "j": "junk-session-cookies", "k": "insecure",
	"l": "list-only", "m": "max-time", "n": "netrc", "o": "output", "p": "proxytunnel", "q": "disable", "r": "range",
	"s": "silent", "u": "user", "v": "verbose", "w": "write-out", "x": "proxy", "y": "speed-time", "z": "time-cond",
}
