package explain

import (
	"bytes"
	"encoding/json"
	"log/slog"

	"github.com/s3cors/s3cors"
)

// schema is the version of the JSON. It changes when a member goes, or changes its
// meaning; new members do not change it.
const schema = 1

// The shapes of the JSON; the order of members is part of it. No array is null.
type (
	jsonExplanation struct {
		Schema    int          `json:"schema"`
		Kind      Kind         `json:"kind"`
		Outcome   string       `json:"outcome"`
		Rule      *int         `json:"rule"`
		Granted   bool         `json:"granted"`
		Status    *int         `json:"status"`
		Headers   [][2]string  `json:"headers"`
		Error     *jsonError   `json:"error"`
		Summary   string       `json:"summary"`
		Rules     []jsonRule   `json:"rules"`
		Reasons   []jsonReason `json:"reasons"`
		Fixes     []jsonFix    `json:"fixes"`
		Browser   *jsonBrowser `json:"browser"`
		Elsewhere []jsonHint   `json:"elsewhere"`
		NotJudged []jsonHint   `json:"notJudged"`
	}
	jsonRule struct {
		Rule    int         `json:"rule"`
		ID      *string     `json:"id"`
		Origin  any         `json:"origin"`
		Method  jsonOK      `json:"method"`
		Headers jsonHeaders `json:"headers"`
	}
	jsonOK struct {
		OK bool `json:"ok"`
	}
	jsonHeaders struct {
		OK      bool     `json:"ok"`
		Missing []string `json:"missing"`
	}
	jsonAdmitted struct {
		OK bool   `json:"ok"`
		By string `json:"by"`
	}
	jsonNotAdmitted struct {
		OK      bool         `json:"ok"`
		Nearest *jsonNearest `json:"nearest"`
	}
	jsonNearest struct {
		Value   string `json:"value"`
		Path    string `json:"path"`
		Differs []Code `json:"differs"`
	}
	jsonReason struct {
		Code  Code    `json:"code"`
		Rule  *int    `json:"rule"`
		Path  *string `json:"path"`
		Value string  `json:"value"`
		Text  string  `json:"text"`
	}
	jsonFix struct {
		Rule   *int                  `json:"rule"`
		Edits  int                   `json:"edits"`
		Patch  []Operation           `json:"patch"`
		Config *s3cors.Configuration `json:"config"`
		XML    string                `json:"xml"`
		Text   string                `json:"text"`
	}
	jsonBrowser struct {
		Preflight bool     `json:"preflight"`
		Passes    bool     `json:"passes"`
		Readable  bool     `json:"readable"`
		Headers   []string `json:"headers"`
		Why       Why      `json:"why"`
		Console   *string  `json:"console"`
	}
	jsonHint struct {
		Code Code   `json:"code"`
		Text string `json:"text"`
	}
)

// MarshalJSON returns the explanation as one object, in the shape that README.md of
// the command states.
func (e *Explanation) MarshalJSON() ([]byte, error) {
	printed := jsonExplanation{Schema: schema, Kind: e.Kind, Outcome: e.Outcome, Granted: e.Granted(), Summary: e.Summary,
		Headers: [][2]string{}, Elsewhere: jsonHints(e.Elsewhere), NotJudged: jsonHints(e.NotJudged)}
	printed.Rule, printed.Status = index(e.Decision.Rule()), nonzero(e.Decision.Status())
	printed.Error = (*jsonError)(e.Decision.Refusal())
	if e.Refusal != nil {
		printed.Rule, printed.Status, printed.Error = nil, nonzero(e.Refusal.Status), (*jsonError)(e.Refusal)
	}
	if e.Decision.Carries(200) {
		for name, value := range e.Decision.Headers() {
			printed.Headers = append(printed.Headers, [2]string{name, value})
		}
	}
	printed.Rules, printed.Reasons, printed.Fixes = jsonRules(e.Rules), jsonReasons(e.Reasons), jsonFixes(e.Fixes)
	if b := e.Browser; b != nil {
		printed.Browser = &jsonBrowser{b.Preflight, b.Passes, b.Readable, append([]string{}, b.Headers...), b.Why, nonempty(b.Console)}
	}
	return encode(printed)
}

// encode returns v as JSON, with <, > and & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func jsonRules(rules []RuleVerdict) []jsonRule {
	all := make([]jsonRule, len(rules))
	for i := range rules {
		v := &rules[i]
		all[i] = jsonRule{Rule: v.Rule, ID: v.ID, Method: jsonOK{v.Method}, Headers: jsonHeaders{len(v.Missing) == 0, append([]string{}, v.Missing...)}}
		switch near := v.Origin.Nearest; {
		case v.Origin.OK:
			all[i].Origin = jsonAdmitted{true, v.Origin.By}
		case near == nil:
			all[i].Origin = jsonNotAdmitted{}
		default:
			all[i].Origin = jsonNotAdmitted{Nearest: &jsonNearest{near.Value, near.Path, near.Differs}}
		}
	}
	return all
}

func jsonReasons(reasons []Reason) []jsonReason {
	all := make([]jsonReason, len(reasons))
	for i, r := range reasons {
		all[i] = jsonReason{r.Code, index(r.Rule), nonempty(r.Path), r.Value, r.Text}
	}
	return all
}

func jsonFixes(fixes []Fix) []jsonFix {
	all := make([]jsonFix, len(fixes))
	for i, f := range fixes {
		all[i] = jsonFix{index(f.Rule), f.Edits, f.Patch, f.Configuration, f.XML, f.Text}
	}
	return all
}

func jsonHints(hints []Hint) []jsonHint {
	all := make([]jsonHint, len(hints))
	for i, h := range hints {
		all[i] = jsonHint(h)
	}
	return all
}

// index is the index of a rule, null for none.
func index(i int) *int {
	if i < 0 {
		return nil
	}
	return &i
}

func nonzero(i int) *int {
	if i == 0 {
		return nil
	}
	return &i
}

func nonempty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// A jsonError is S3's error as an object: Code, Message, and what further elements it
// has, in the order of the XML.
type jsonError s3cors.Error

// MarshalJSON returns the object.
func (e *jsonError) MarshalJSON() ([]byte, error) {
	members := append([]s3cors.Element{{Name: "Code", Value: e.Code}, {Name: "Message", Value: e.Message}}, e.Elements...)
	var b bytes.Buffer
	for i, m := range members {
		name, err := encode(m.Name)
		if err != nil {
			return nil, err
		}
		value, err := encode(m.Value)
		if err != nil {
			return nil, err
		}
		b.WriteByte("{,"[min(i, 1)])
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// LogValue returns the explanation for a line of a log: what is decided, the codes of
// the reasons, and the summary.
func (e *Explanation) LogValue() slog.Value {
	codes := make([]string, len(e.Reasons))
	for i := range e.Reasons {
		codes[i] = string(e.Reasons[i].Code)
	}
	return slog.GroupValue(
		slog.String("kind", string(e.Kind)),
		slog.String("outcome", e.Outcome),
		slog.Int("rule", e.Decision.Rule()),
		slog.Any("reasons", codes),
		slog.String("summary", e.Summary),
	)
}
