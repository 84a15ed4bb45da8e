package explain

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/internal/printable"
)

// Text returns the explanation for people, on several lines. The last one ends with a
// line feed. With colour it has the escapes of a terminal for that.
func (e *Explanation) Text(colour bool) string {
	p := printer{colour: colour}
	p.verdict(e)
	p.rules(e.Rules)
	p.reasons(e.Reasons)
	p.fixes(e.Fixes)
	p.browser(e.Browser)
	p.elsewhere(e.Elsewhere)
	p.hints("not judged", e.NotJudged)
	return p.b.String()
}

// The marks, which also tell without colour.
const (
	good = "✓"
	bad  = "✗"
)

// The escapes of ECMA-48 for what is marked.
const (
	green = "\x1b[32m"
	red   = "\x1b[31m"
	bold  = "\x1b[1m"
	plain = "\x1b[0m"
)

// A printer puts together lines. What a request or a document holds is made printable.
type printer struct {
	b      strings.Builder
	colour bool
}

func (p *printer) paint(colour, text string) string {
	if !p.colour {
		return text
	}
	return colour + text + plain
}

func (p *printer) mark(ok bool) string {
	if ok {
		return p.paint(green, good)
	}
	return p.paint(red, bad)
}

func (p *printer) line(format string, args ...any) {
	for i := range args {
		if text, ok := args[i].(shown); ok {
			args[i] = printable.String(string(text))
		}
	}
	fmt.Fprintf(&p.b, format+"\n", args...)
}

// A shown is text of others.
type shown string

func (p *printer) heading(text string) { p.line("\n%s", p.paint(bold, text)) }

func (p *printer) verdict(e *Explanation) {
	status := ""
	switch {
	case e.Refusal != nil:
		status = fmt.Sprintf(", the document is refused: %d %s", e.Refusal.Status, e.Refusal.Code)
	case e.Decision.Refusal() != nil:
		status = fmt.Sprintf(", %d %s", e.Decision.Status(), e.Decision.Refusal().Code)
	}
	p.line("%s %s (%s%s)", p.mark(e.Granted()), p.paint(bold, e.Outcome), string(e.Kind), status)
	p.line("  %s", shown(e.headline))
}

func (p *printer) rules(rules []RuleVerdict) {
	if len(rules) == 0 {
		return
	}
	p.heading("rules")
	for i := range rules {
		v := &rules[i]
		name := fmt.Sprintf("rule %d", v.Rule)
		if v.ID != nil {
			name += " (" + *v.ID + ")"
		}
		p.line("  %s %s: origin %s%s, method %s, headers %s%s", p.mark(v.Matches()), shown(name),
			p.mark(v.Origin.OK), shown(byEntry(&v.Origin)), p.mark(v.Method), p.mark(len(v.Missing) == 0), shown(listed(v.Missing)))
	}
}

// byEntry is the entry that admits the origin, or comes nearest to that.
func byEntry(o *OriginVerdict) string {
	switch {
	case o.OK:
		return " " + o.By
	case o.Nearest == nil:
		return ""
	}
	codes := make([]string, len(o.Nearest.Differs))
	for i, code := range o.Nearest.Differs {
		codes[i] = strings.TrimPrefix(string(code), "origin-")
	}
	return fmt.Sprintf(" %q (%s)", o.Nearest.Value, strings.Join(codes, ", "))
}

func listed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " " + strings.Join(names, ", ")
}

func (p *printer) reasons(reasons []Reason) {
	if len(reasons) == 0 {
		return
	}
	p.heading("why")
	for _, r := range reasons {
		place := ""
		if r.Path != "" {
			place = " at " + r.Path
		}
		p.line("  %s%s", string(r.Code), shown(place))
		p.line("    %s", shown(r.Text))
	}
}

func (p *printer) fixes(fixes []Fix) {
	if len(fixes) == 0 {
		return
	}
	p.heading("fix")
	for i, f := range fixes[:min(len(fixes), mostShown)] {
		if i == 0 {
			p.line("  %s", shown(f.Text))
			patch, err := encode(f.Patch)
			if err == nil {
				p.line("    %s", shown(patch))
			}
			continue
		}
		p.line("  or: %s", shown(f.Text))
	}
}

// mostShown is how many fixes the text has.
const mostShown = 4

func (p *printer) browser(b *Browser) {
	if b == nil {
		return
	}
	p.heading("browser")
	if b.Preflight {
		p.line("  %s asks first, with a preflight", p.mark(b.Passes))
	} else {
		p.line("  %s sends the request without a preflight", p.mark(b.Passes))
	}
	if b.Readable {
		p.line("  %s the script can read the response and, of its headers, %s", p.mark(b.Why == WhyOK), shown(strings.Join(b.Headers, ", ")))
	} else {
		p.line("  %s the script can read nothing (%s)", p.mark(false), string(b.Why))
	}
	if b.Console != "" {
		p.line("  Chromium prints: %s", shown(b.Console))
	}
}

// mostHints is how many hints the text has in full.
const mostHints = 3

func (p *printer) elsewhere(hints []Hint) {
	p.hints("look elsewhere", hints[:min(len(hints), mostHints)])
	if len(hints) <= mostHints {
		return
	}
	var codes []string
	for _, h := range hints[mostHints:] {
		codes = append(codes, string(h.Code))
	}
	p.line("  less likely: %s", strings.Join(codes, ", "))
}

func (p *printer) hints(title string, hints []Hint) {
	if len(hints) == 0 {
		return
	}
	p.heading(title)
	for _, h := range hints {
		p.line("  %s: %s", string(h.Code), shown(h.Text))
	}
}
