package explain_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
)

const module = "github.com/s3cors/s3cors"

func TestThePackageImportsNoNet(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.Standard}} {{.ImportPath}}", ".").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		kind, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		if kind == "true" {
			require.False(t, path == "net" || strings.HasPrefix(path, "net/"), "it imports %s", path)
			continue
		}
		own := path == module || strings.HasPrefix(path, module+"/internal/") || path == module+"/explain"
		require.True(t, own, "it imports %s", path)
	}
}

// plain is what a decision answers, in plain data.
type plain struct {
	Outcome string
	Rule    int
	Status  int
	Headers [][2]string
	Refusal *s3cors.Error
}

func plainOf(d s3cors.Decision) plain {
	p := plain{Outcome: d.Outcome().String(), Rule: d.Rule(), Status: d.Status(), Refusal: d.Refusal()}
	for name, value := range d.Headers() {
		p.Headers = append(p.Headers, [2]string{name, value})
	}
	return p
}

// policyOf is the policy of a subject whose configuration S3 accepts.
func policyOf(t *testing.T, s explain.Subject, opts ...s3cors.Option) *s3cors.Policy {
	t.Helper()
	if s.NoBucket {
		return s3cors.NoSuchBucket(opts...)
	}
	policy, err := s3cors.Compile(s.Configuration, opts...)
	require.NoError(t, err)
	return policy
}

// requireLaws holds an explanation to the laws of the package.
func requireLaws(t *testing.T, s explain.Subject, opts ...s3cors.Option) *explain.Explanation {
	t.Helper()
	before, err := json.Marshal(s.Configuration)
	require.NoError(t, err)
	e := explain.Explain(s, opts...)
	if !s.NoBucket && s.Configuration != nil && s.Configuration.Validate(opts...) != nil {
		require.Equal(t, "invalid-configuration", e.Outcome)
		require.Empty(t, e.Fixes)
		return e
	}
	decision := policyOf(t, s, opts...).Evaluate(s.Request)
	require.Empty(t, cmp.Diff(plainOf(decision), plainOf(e.Decision)))
	require.Equal(t, decision.Outcome().String(), e.Outcome)
	require.Equal(t, decision.Outcome() == s3cors.Granted, e.Granted())
	requireTrace(t, s, e, opts...)
	requireFixes(t, s, e, opts...)
	require.NotEmpty(t, e.Summary)
	require.NotEmpty(t, e.Reasons, e.Outcome)
	require.NotEmpty(t, e.NotJudged)
	printed, err := json.Marshal(e)
	require.NoError(t, err)
	require.True(t, json.Valid(printed))
	after, err := json.Marshal(s.Configuration)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "the configuration is as it was")
	return e
}

// requireTrace holds the verdicts on rules to the decision: the first that matches, or
// of Ceph the first that admits the origin, decides.
func requireTrace(t *testing.T, s explain.Subject, e *explain.Explanation, opts ...s3cors.Option) {
	t.Helper()
	if len(e.Rules) == 0 {
		return
	}
	require.Len(t, e.Rules, len(s.Configuration.CORSRules))
	decides := -1
	for i := range e.Rules {
		v := &e.Rules[i]
		require.Equal(t, v.Origin.OK, v.Origin.Nearest == nil || v.Origin.OK)
		if v.Matches() {
			decides = i
		}
		if v.Matches() || v.Origin.OK && s3cors.DialectOf(opts...) == s3cors.Ceph {
			break
		}
	}
	switch e.Decision.Outcome() {
	case s3cors.Granted, s3cors.NoMatch:
		require.Equal(t, e.Decision.Rule(), decides)
	}
}

// requireFixes applies every patch, and holds it to what the fix says.
func requireFixes(t *testing.T, s explain.Subject, e *explain.Explanation, opts ...s3cors.Option) {
	t.Helper()
	canonical, err := json.Marshal(s.Configuration)
	require.NoError(t, err)
	if s.Configuration == nil {
		canonical = []byte(`{"CORSRules":[]}`)
	}
	for _, f := range e.Fixes {
		require.Len(t, f.Patch, f.Edits)
		patch, err := json.Marshal(f.Patch)
		require.NoError(t, err)
		patched := applyPatch(t, canonical, patch)
		printed, err := json.Marshal(f.Configuration)
		require.NoError(t, err)
		require.JSONEq(t, string(printed), string(patched))
		c, err := s3cors.ParseJSON(patched, opts...)
		require.NoError(t, err, "%s", patched)
		policy, err := s3cors.Compile(c, opts...)
		require.NoError(t, err)
		require.Equal(t, s3cors.Granted, policy.Evaluate(s.Request).Outcome(), "%s", f.Text)
		fromXML, err := s3cors.ParseXML([]byte(f.XML), opts...)
		require.NoError(t, err)
		policy, err = s3cors.Compile(fromXML, opts...)
		require.NoError(t, err)
		require.Equal(t, s3cors.Granted, policy.Evaluate(s.Request).Outcome(), "%s", f.XML)
	}
	requireAFix(t, s, e)
}

// requireAFix holds the law of fixes: there is one whenever there is room for it.
func requireAFix(t *testing.T, s explain.Subject, e *explain.Explanation) {
	t.Helper()
	method := s.Request.Method
	if s.Request.RequestMethod != "" {
		method = s.Request.RequestMethod
	}
	if s.Request.EmptyRequestMethod && s.Request.RequestMethod == "" {
		return // which only Ceph takes for a method
	}
	switch e.Decision.Outcome() {
	case s3cors.NoMatch, s3cors.NotEnabled:
	default:
		return
	}
	size := 0
	if s.Configuration != nil {
		size = len(s.Configuration.AppendStoredXML(nil))
	}
	switch method {
	case "GET", "PUT", "POST", "DELETE", "HEAD":
		if size < 32<<10 {
			require.NotEmpty(t, e.Fixes, "%+v", s.Request)
		}
	default:
		require.Empty(t, e.Fixes)
		require.Contains(t, e.Summary, "No change of the configuration grants it")
	}
}
