package lint

import (
	"bytes"
	"encoding/json"
)

// MarshalJSON returns the finding as "s3cors lint -json" prints it. Its members are
// code, severity, rule (null for the document), row (left out for what S3 accepts),
// path, line, column, endLine and endColumn (0 where nothing was read), message,
// suggestion (left out if there is none) and patch (likewise).
func (f Finding) MarshalJSON() ([]byte, error) {
	shown := struct {
		Code       Code        `json:"code"`
		Severity   Severity    `json:"severity"`
		Rule       *int        `json:"rule"`
		Row        string      `json:"row,omitempty"`
		Path       string      `json:"path"`
		Line       int         `json:"line"`
		Column     int         `json:"column"`
		EndLine    int         `json:"endLine"`
		EndColumn  int         `json:"endColumn"`
		Message    string      `json:"message"`
		Suggestion string      `json:"suggestion,omitempty"`
		Patch      []Operation `json:"patch,omitempty"`
	}{f.Code, f.Severity, nil, f.Row, f.Path, f.Start.Line, f.Start.Column, f.End.Line, f.End.Column, f.Message, f.Suggestion, f.Patch}
	if f.Rule >= 0 {
		shown.Rule = &f.Rule
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // the caller's encoder does as the caller wants
	err := encoder.Encode(shown)
	return b.Bytes(), err
}
