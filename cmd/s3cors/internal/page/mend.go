package page

import (
	"errors"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/lint"
)

// A mending says which findings to mend, by their indexes.
type mending struct {
	policy
	Findings []int `json:"findings"`
}

// A changed is a document after a change.
type changed struct {
	Document string `json:"document"`
	Note     string `json:"note"` // what else to know; "" if nothing
}

// mend applies the remedies of findings. It looks for them again, so that nothing of a
// patch comes from outside.
func mend(in mending) (*changed, error) {
	d := in.foreign()
	if d != nil && d.Configuration == nil {
		return nil, errGone
	}
	var report *lint.Report
	if d != nil {
		report = lint.CheckConfiguration(d.Configuration, in.lintOptions())
	} else {
		report = lint.Check([]byte(in.Document), in.lintOptions())
	}
	var chosen []lint.Finding
	for _, i := range in.Findings {
		if i < 0 || i >= len(report.Findings) || report.Findings[i].Patch == nil {
			return nil, errGone
		}
		chosen = append(chosen, report.Findings[i])
	}
	c, err := in.mended(d, chosen)
	switch {
	case errors.Is(err, lint.ErrNotInPlace):
		return nil, &InputError{"this cannot be changed in the text as it stands: change it by hand"}
	case err != nil:
		return nil, err
	case c.Document == in.Document:
		return nil, &InputError{"the remedy would leave a rule without what it needs: change it by hand"}
	}
	return c, nil
}

var errGone = &InputError{"the document has no such finding any more"}

// mended applies the remedies of findings; d is the document if it is a foreign one.
func (p *policy) mended(d *convert.Document, findings []lint.Finding) (*changed, error) {
	if d != nil {
		return newForeignText(p, d).change(findings)
	}
	fixed, err := lint.Fix([]byte(p.Document), findings, p.lintOptions())
	return &changed{Document: string(fixed)}, err
}

// An application says which fix of which exchange to apply.
type application struct {
	formed
	Exchange int `json:"exchange"`
	Fix      int `json:"fix"`
}

// apply applies a fix that explain has found. It looks for it again.
func apply(in application) (*changed, error) {
	fix, err := in.fix()
	if err != nil {
		return nil, err
	}
	if d := in.foreign(); d != nil && d.Configuration != nil {
		return in.applyForeign(fix, d)
	}
	if text, ok := in.inPlace(fix); ok {
		return &changed{Document: text}, nil
	}
	format := convert.Array
	if d, err := in.read(); err == nil && d.Format.Writable() {
		format = d.Format
	}
	written, err := convert.Write(fix.Configuration, convert.WriteOptions{Format: format, Dialect: in.Dialect})
	if err != nil || written.Text == nil {
		return nil, &InputError{"this cannot be changed in the text as it stands: change it by hand"}
	}
	c := &changed{Document: string(written.Text)}
	if !in.isNone() {
		c.Note = anew
	}
	return c, nil
}

// fix is the fix that is meant.
func (in *application) fix() (*explain.Fix, error) {
	out, err := explainForm(in.formed)
	if err != nil {
		return nil, err
	}
	if in.Exchange < 0 || in.Exchange >= len(out.Exchanges) {
		return nil, &InputError{"there is no such request any more"}
	}
	explained, _, err := in.answer(out.Exchanges[in.Exchange].Line)
	if err != nil {
		return nil, err
	}
	if in.Fix < 0 || in.Fix >= len(explained.Fixes) {
		return nil, &InputError{"there is no such fix any more"}
	}
	return &explained.Fixes[in.Fix], nil
}

// applyForeign applies a fix in a document of another product.
func (in *application) applyForeign(fix *explain.Fix, d *convert.Document) (*changed, error) {
	f := newForeignText(&in.policy, d)
	var c *changed
	var err error
	if findings := findingsOf(fix); fix.Rule >= 0 && alike(lint.Apply(d.Configuration, findings), fix.Configuration) {
		c, err = f.change(findings)
	} else if text, ok := f.addRule(fix.Configuration); ok {
		c = &changed{Document: text}
	} else {
		c, err = f.write(fix.Configuration)
	}
	if err != nil {
		return nil, &InputError{err.Error() + ": turn it into S3's JSON first"}
	}
	return c, nil
}

// findingsOf is a fix as findings. Each operation is about a list of its own, as if there
// were a finding for each.
func findingsOf(fix *explain.Fix) []lint.Finding {
	var findings []lint.Finding
	for _, op := range fix.Patch {
		findings = append(findings, lint.Finding{Patch: []lint.Operation{{Op: op.Op, Path: op.Path, Value: op.Value}}})
	}
	return findings
}

// inPlace applies a fix in the text, where all else stays as it stands. It returns false
// if that cannot be done.
func (in *application) inPlace(fix *explain.Fix) (string, bool) {
	data, option := []byte(in.Document), s3cors.WithDialect(in.Dialect)
	if fix.Rule < 0 || len(s3cors.ParseDocument(data, option).Problems()) > 0 {
		return "", false
	}
	fixed, err := lint.Fix(data, findingsOf(fix), lint.Options{Dialect: in.Dialect})
	if err != nil {
		return "", false
	}
	// The proof is that the text says what the fix says.
	config := s3cors.ParseDocument(fixed, option).Configuration()
	printed, err := config.AppendXML(nil, option)
	return string(fixed), err == nil && string(printed) == fix.XML
}
