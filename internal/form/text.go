package form

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"sync"
)

// maxText is how much of a text is looked at that is neither XML nor JSON.
const maxText = 1 << 16

// ofText names a text that begins with neither "<", "{" nor "[".
func ofText(text []byte) Form {
	text = text[:min(len(text), maxText)]
	if bytes.IndexByte(text, 0) >= 0 && !bytes.ContainsAny(text, "<{") {
		return Binary
	}
	s := compiled()
	for _, b := range s.begins {
		if b.begins.Match(text) {
			return b.form
		}
	}
	switch {
	case s.escapedJSON.Match(text):
		return JSONString
	case s.scalar.Match(text):
		return JSONScalar
	case text[0] == '}' || text[0] == ']' || text[0] == ',':
		return JSONRest
	case text[0] == '"' || text[0] == '\'' || bytes.HasPrefix(text, []byte("“")):
		return JSONFragment
	case isBase64(text):
		return Base64
	}
	if f := s.ofLines(text); f != Unknown {
		return f
	}
	if at := lineOf(text, documentLine); at > 0 && Of(text[at:]) != Unknown {
		return Preceded
	}
	return Unknown
}

// signs are the expressions that tell texts apart. Those of package regexp take a
// time that is linear in the text.
type signs struct {
	begins []beginning // how a text begins, the first one counts

	scalar      *regexp.Regexp // one value of JSON
	escapedJSON *regexp.Regexp // a document as a string of JSON, or in the quotes of a shell

	// What lines of YAML, of settings, of code and of Terraform look like.
	yamlLine, yamlItem, yamlTemplate, settingLine, codeSign, serverSign, hclSign *regexp.Regexp
}

// A beginning is an expression for the beginning of texts of a form.
type beginning struct {
	form   Form
	begins *regexp.Regexp
}

// compiled returns the signs. They are compiled when the first text needs them, so
// that programs that only read XML and JSON do not pay for them.
var compiled = sync.OnceValue(func() *signs {
	return &signs{
		begins: []beginning{
			{Fenced, regexp.MustCompile("^(```|~~~)")},
			{HTTPRequest, regexp.MustCompile(`^(GET|HEAD|PUT|POST|DELETE|OPTIONS|PATCH) \S+( HTTP/|\r?\n[A-Za-z-]+:)`)},
			{HTTPResponse, regexp.MustCompile(`^HTTP/[0-9.]+ [0-9]{3}`)},
			{CurlCommand, regexp.MustCompile(`^[$%>]?\s*curl(\.exe)? `)},
			{ShellCommand, regexp.MustCompile(`^([$%>] \S|sudo |#!/|(aws|s3cmd|mc|rclone|gsutil|gcloud|wrangler|npx|b2|az|terraform|radosgw-admin|echo|cat|export|docker|kubectl) \S)`)},
			{HeaderFields, regexp.MustCompile(`(?i)^access-control-[a-z-]+\s*:`)},
			{WebServer, regexp.MustCompile(`(?i)^(add_header |more_set_headers |header (always )?(set|add|merge) |server \{|location [^\n]*\{|<IfModule)`)},
			{Patch, regexp.MustCompile(`^(diff --git |--- [^\n]+\n\+\+\+ |@@ -|Index: )`)},
			{EscapedXML, regexp.MustCompile(`^&lt;[?!A-Za-z]`)},
			{URLEncoded, regexp.MustCompile(`(?i)^%(7b|5b|3c)`)},
			{URL, regexp.MustCompile(`^[a-z][a-z0-9+]*://\S+$`)},
			{FileName, regexp.MustCompile(`^[^\s:=]+\.(json|xml|ya?ml|tf|txt)$`)},
			{ProgramCode, regexp.MustCompile(`^(const|let|var|import|from|export|module\.exports|exports\.|function|async|await|return|new|require|package|using|public|private|def|class|use|\$[A-Za-z_]+ *=|s3\.|client\.|cdk\.)[ .(A-Za-z_$]`)},
			{Shorthand, regexp.MustCompile(`^CORSRules=\S`)},
			{BrowserMessage, regexp.MustCompile(`(?i)^[^\n]*(blocked by CORS policy|Cross-Origin Request Blocked|not allowed by Access-Control|Access-Control-Allow-Origin'? header)`)},
			{S3Error, regexp.MustCompile(`^[^\n{<]*\b(MalformedXML|InvalidRequest|NoSuchCORSConfiguration|AccessForbidden|AccessDenied|NoSuchBucket)\b`)},
			{HCL, regexp.MustCompile(`^(resource|data|variable|module|provider|terraform|locals|output)\s+("[^"\n]*"\s*)*\{`)},
			{HCL, regexp.MustCompile(`^(cors_rule|cors|dynamic\s+"cors_rule")\s*(=\s*\[?\s*)?\{`)},
			{HCL, regexp.MustCompile(`^(allowed_(origins|methods|headers)|expose_headers|max_age_seconds|bucket|cors_rules?)\s*=`)},
		},
		scalar:       regexp.MustCompile(`^(true|false|null|-?[0-9][0-9.eE+-]*|"[^"\\\n]*")\s*$`),
		escapedJSON:  regexp.MustCompile(`^["']\s*(\\n|\s)*([{\[]|<[?!A-Za-z])`),
		yamlLine:     regexp.MustCompile(`(?m)^\s*(- )?["']?[A-Za-z][\w ./:-]*["']?:(\s|$)`),
		yamlItem:     regexp.MustCompile(`(?m)^\s*- \S`),
		yamlTemplate: regexp.MustCompile(`(?m)^(AWSTemplateFormatVersion|Transform|Resources)\s*:|^\s*(CorsConfiguration|CorsRules)\s*:`),
		settingLine:  regexp.MustCompile(`^\s*(export )?[A-Za-z][\w.-]*\s*=\s*\S`),
		codeSign:     regexp.MustCompile(`(?m)(=>|;\s*$|\bboto3\b|\bfunction\b|["']CORSRules["'] *(:|=>))`),
		serverSign:   regexp.MustCompile(`(?i)(add_header|Header (always )?set) +"?Access-Control`),
		hclSign:      regexp.MustCompile(`(?m)^\s*(cors_rule|resource\s+"[^"\n]*"\s+"[^"\n]*")\s*\{|^\s*allowed_origins\s*=`),
	}
})

// isBase64 reports whether a text is one long word of base64 that stands for XML or
// JSON.
func isBase64(text []byte) bool {
	head := make([]byte, 0, 64)
	for _, c := range text {
		switch {
		case c == '\r' || c == '\n':
		case isWord(c) || c == '+' || c == '/' || c == '=':
			if len(head) < cap(head) {
				head = append(head, c)
			}
		default:
			return false
		}
	}
	decoded, err := base64.StdEncoding.DecodeString(string(head[:len(head)/4*4]))
	if err != nil || len(decoded) < 12 {
		return false
	}
	decoded = bytes.TrimLeft(decoded, blanks)
	return len(decoded) > 0 && strings.IndexByte("<{[", decoded[0]) >= 0
}

// ofLines names a text by what its lines look like.
func (s *signs) ofLines(text []byte) Form {
	switch {
	case s.hclSign.Match(text):
		return HCL
	case s.serverSign.Match(text):
		return WebServer
	case bytes.HasPrefix(text, []byte("---")), bytes.HasPrefix(text, []byte("- ")), s.startsYAML(text):
		if s.yamlTemplate.Match(text) {
			return CloudFormationYAML
		}
		return YAML
	case s.settingLine.Match(text):
		if s.codeSign.Match(text) {
			return ProgramCode
		}
		return Properties
	case s.codeSign.Match(text) && bytes.ContainsAny(text, "{[("):
		return ProgramCode
	}
	return Unknown
}

// startsYAML reports whether the first line is one of YAML, and another one as well.
// "AllowedOrigins: [" is YAML, too; a sentence with a colon is not.
func (s *signs) startsYAML(text []byte) bool {
	line, rest, more := bytes.Cut(text, []byte("\n"))
	if documentLine(rest) && bytes.IndexByte(line, ' ') > 0 {
		return false // a sentence before a document
	}
	return s.yamlLine.Match(line) && (more && s.yamlLine.Match(rest) || s.yamlItem.Match(rest) || bytes.HasSuffix(bytes.TrimSpace(line), []byte(":")) || bytes.ContainsAny(text, "[{"))
}
