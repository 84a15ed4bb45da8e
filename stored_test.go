package s3cors_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/oracle"
)

// asStored compiles what can be read of a document.
func asStored(t testing.TB, document string, opts ...s3cors.Option) (*s3cors.Policy, s3cors.Problems) {
	t.Helper()
	return s3cors.CompileStored(s3cors.ParseDocument([]byte(document)).Configuration(), opts...)
}

func getFrom(origin string) s3cors.Request { return s3cors.Request{Method: "GET", Origin: origin} }

func TestWhatAServerHasStoredCompilesAsFarAsItCanBeUnderstood(t *testing.T) {
	for _, row := range []struct {
		name, document string
		request        s3cors.Request
		want           [][2]string // nil: nothing is granted
		rows           []string    // of the problems
	}{
		{"an exposed star is left out, and its rule counts",
			`[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"ExposeHeaders":["ETag","*","x-amz-*","a b","x\r\ny","x-a"]}]`, getFrom("https://a"),
			[][2]string{{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "GET"}, {"Access-Control-Expose-Headers", "ETag, x-a"}, {"Vary", fullVary}},
			[]string{"1.2/expose-header-wildcard", "1.2/expose-header-wildcard", "1.2/expose-header-characters", "1.2/expose-header-characters"}},
		{"a method that S3 does not know is left out, and the others count",
			`[{"AllowedOrigins":["*"],"AllowedMethods":["get","PATCH","GET","*"]}]`, getFrom("https://a"),
			[][2]string{{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "GET"}, {"Vary", fullVary}},
			[]string{"1.2/method-case", "1.2/method-names", "1.2/method-names"}},
		{"such a method grants nothing", `[{"AllowedOrigins":["*"],"AllowedMethods":["get","*","PATCH"]}]`, getFrom("https://a"), nil,
			[]string{"1.2/method-case", "1.2/method-names", "1.2/method-names"}},
		{"nor does it when it is asked for", `[{"AllowedOrigins":["*"],"AllowedMethods":["PATCH","OPTIONS"]}]`,
			s3cors.Request{Method: "OPTIONS", Origin: "https://a", RequestMethod: "PATCH"}, nil, []string{"1.2/method-names", "1.2/method-names"}},
		{"an origin with two stars does not admit what a pattern would", `[{"AllowedOrigins":["https://*.a.*"],"AllowedMethods":["GET"]}]`, getFrom("https://b.a.c"), nil,
			[]string{"1.2/origin-two-wildcards"}},
		{"it admits what equals it", `[{"AllowedOrigins":["https://*.a.*"],"AllowedMethods":["GET"]}]`, getFrom("https://*.a.*"),
			[][2]string{{"Access-Control-Allow-Origin", "https://*.a.*"}, {"Access-Control-Allow-Methods", "GET"}, {"Access-Control-Allow-Credentials", "true"}, {"Vary", fullVary}},
			[]string{"1.2/origin-two-wildcards"}},
		{"two stars alone are no star", `[{"AllowedOrigins":["**"],"AllowedMethods":["GET"]}]`, getFrom("https://a"), nil, []string{"1.2/origin-two-wildcards"}},
		{"a header with two stars does not admit what a pattern would", `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"AllowedHeaders":["x-*-*"]}]`,
			s3cors.Request{Method: "GET", Origin: "https://a", RequestHeaders: "x-a-b"}, nil, []string{"1.2/allowed-header-two-wildcards"}},
		{"it admits what equals it, whatever the case", `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"AllowedHeaders":["X-*-*"]}]`,
			s3cors.Request{Method: "GET", Origin: "https://a", RequestHeaders: "x-*-*"},
			[][2]string{{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "GET"}, {"Access-Control-Allow-Headers", "x-*-*"}, {"Vary", fullVary}},
			[]string{"1.2/allowed-header-two-wildcards"}},
		{"a rule without origins is passed over", `[{"AllowedMethods":["GET"]},{"AllowedOrigins":["https://a"],"AllowedMethods":["GET"]}]`, getFrom("https://a"),
			[][2]string{{"Access-Control-Allow-Origin", "https://a"}, {"Access-Control-Allow-Methods", "GET"}, {"Access-Control-Allow-Credentials", "true"}, {"Vary", fullVary}},
			[]string{"1.1/no-allowed-origin"}},
		{"a rule without methods is passed over", `[{"AllowedOrigins":["*"]},{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`, getFrom("https://a"),
			[][2]string{{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "GET"}, {"Vary", fullVary}}, []string{"1.1/no-allowed-method"}},
		{"a list that could not be read is none", `[{"AllowedOrigins":"*","AllowedMethods":["GET"]}]`, getFrom("https://a"), nil, []string{"1.1/no-allowed-origin"}},
		{"a value that could not be read is empty, and admits nothing", `[{"AllowedOrigins":[5],"AllowedMethods":["GET"]}]`, getFrom("https://a"), nil, nil},
		{"an unknown member costs nothing", `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAge":5,"MaxAgeSeconds":"5"}]`, getFrom("https://a"),
			[][2]string{{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "GET"}, {"Vary", fullVary}}, nil},
		{"no rule at all is a configuration that grants nothing", `[]`, getFrom("https://a"), nil, []string{"1.1/zero-rules"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			policy, problems := asStored(t, row.document)
			require.Empty(t, cmp.Diff(row.want, answerOf(s3cors.ParseDocument([]byte(row.document)).CompileStored().Evaluate(row.request)).Headers))
			require.Equal(t, s3cors.StateConfigured, policy.State())
			require.Empty(t, cmp.Diff(row.want, answerOf(policy.Evaluate(row.request)).Headers))
			var rows []string
			for _, p := range problems {
				rows = append(rows, p.Row)
			}
			require.Equal(t, row.rows, rows)
		})
	}
}

func TestADocumentThatCannotBeReadIsUnavailable(t *testing.T) {
	const open = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>`
	for _, row := range []struct {
		name, document string
		want           s3cors.State
	}{
		{"that ends too early", open, s3cors.StateUnavailable},
		{"that ends too early, in JSON", `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}`, s3cors.StateUnavailable},
		{"of no byte", "", s3cors.StateUnavailable},
		{"that is too long", open + strings.Repeat(" ", 65536) + "</CORSConfiguration>", s3cors.StateUnavailable},
		{"that is too long in XML", `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"ID":"` + strings.Repeat("a", 65536) + `"}]`, s3cors.StateUnavailable},
		{"of another schema", "<Configuration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></Configuration>", s3cors.StateUnavailable},
		{"of another schema, in JSON", `{"Rules":[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]}`, s3cors.StateUnavailable},
		{"whose rules are no list", `{"CORSRules":{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}}`, s3cors.StateUnavailable},
		{"whose nested rules are no list", `{"CORSConfiguration":{"CORSRules":null}}`, s3cors.StateUnavailable},
		{"that nests nothing", `{"CORSConfiguration":[]}`, s3cors.StateUnavailable},
		{"without rules, which can be read", "<CORSConfiguration/>", s3cors.StateConfigured},
		{"without rules, in JSON", `{"CORSConfiguration":{"CORSRules":[]}}`, s3cors.StateConfigured},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := s3cors.ParseDocument([]byte(row.document))
			require.Equal(t, row.want == s3cors.StateUnavailable, d.Unreadable())
			require.Empty(t, d.Configuration().CORSRules)
			policy := d.CompileStored()
			require.Equal(t, row.want, policy.State())
			require.Empty(t, answerOf(policy.Evaluate(getFrom("https://a"))).Headers)
		})
	}
}

func TestOfAStoredConfigurationTheFirst128RulesCount(t *testing.T) {
	rule := func(i int) string {
		return fmt.Sprintf(`{"AllowedOrigins":["https://%d"],"AllowedMethods":["GET"]}`, i)
	}
	rules := make([]string, 200)
	for i := range rules {
		rules[i] = rule(i)
	}
	policy, problems := asStored(t, "["+strings.Join(rules, ",")+"]")
	require.Len(t, problems, 1)
	require.Equal(t, "1.1/number-of-rules", problems[0].Row)
	for i, want := range map[int]int{0: 0, 63: 63, 64: 64, 100: 100, 127: 127, 128: -1, 199: -1} {
		require.Equal(t, want, policy.Evaluate(getFrom(fmt.Sprintf("https://%d", i))).Rule(), i)
	}
}

func TestWhatS3AcceptsCompilesAsStoredToTheSame(t *testing.T) {
	compared := 0
	for _, v := range decisionVectors(t) {
		c, err := configOf(v, dialectOf(t, v)...)
		if err != nil || v.Bucket == "missing" {
			continue
		}
		policy, problems := s3cors.CompileStored(c, dialectOf(t, v)...)
		require.Nil(t, problems, v.ID)
		require.Empty(t, cmp.Diff(expected(v), answerOf(policy.Evaluate(requestOf(v)))), v.ID)
		compared++
	}
	require.Greater(t, compared, 300)
}

func TestAStoredConfigurationIsNotKept(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"**"}, AllowedMethods: []string{"GET"}}}}
	policy, _ := s3cors.CompileStored(c)
	c.CORSRules[0].AllowedOrigins[0] = "*"
	require.Equal(t, s3cors.NoMatch, policy.Evaluate(getFrom("https://a")).Outcome())
}

func TestAStoredConfigurationIsPrintedWhateverItHolds(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"**", "a\x01\xff<"}, AllowedMethods: []string{"get"}, ExposeHeaders: []string{"*"}}, {}}}
	require.Equal(t, `before <?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`+
		"<CORSRule><AllowedOrigin>**</AllowedOrigin><AllowedOrigin>a\ufffd\ufffd&lt;</AllowedOrigin><AllowedMethod>get</AllowedMethod><ExposeHeader>*</ExposeHeader></CORSRule>"+
		"<CORSRule></CORSRule></CORSConfiguration>", string(c.AppendStoredXML([]byte("before "))))
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></CORSConfiguration>`,
		string((*s3cors.Configuration)(nil).AppendStoredXML(nil)))
	require.Equal(t, "\x01<", string(c.AppendStoredXML([]byte("\x01")))[:2], "what stands before is not the configuration's")
}

// understood is what is left of a configuration when all is taken out that grants
// nothing; what has two stars becomes what no oracle takes for a pattern.
func understood(c *s3cors.Configuration) *s3cors.Configuration {
	sane := new(s3cors.Configuration)
	for i, rule := range c.CORSRules {
		rule.AllowedMethods = slices.DeleteFunc(slices.Clone(rule.AllowedMethods), func(m string) bool {
			return !slices.Contains([]string{"GET", "PUT", "POST", "DELETE", "HEAD"}, m)
		})
		rule.ExposeHeaders = slices.DeleteFunc(slices.Clone(rule.ExposeHeaders), func(name string) bool {
			return strings.Trim(name, "!#$%&'+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""
		})
		rule.AllowedOrigins = withoutManyStars(rule.AllowedOrigins)
		rule.AllowedHeaders = withoutManyStars(rule.AllowedHeaders)
		if i >= 128 {
			rule.AllowedMethods = nil
		}
		sane.CORSRules = append(sane.CORSRules, rule)
	}
	return sane
}

func withoutManyStars(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(s string) bool { return strings.Count(s, "*") > 1 })
}

func FuzzStoredConfigurationsGrantNoMoreThanTheirWords(f *testing.F) {
	for _, v := range documentVectors(f) {
		f.Add(v.Document, "GET", "https://example.com", "", "")
	}
	f.Add([]byte(`[{"AllowedOrigins":["https://*.a.*","*"],"AllowedMethods":["GET","get"],"ExposeHeaders":["*"]}]`), "OPTIONS", "https://a", "GET", "x-a")
	f.Fuzz(func(t *testing.T, document []byte, method, origin, requestMethod, requestHeaders string) {
		if strings.Count(origin, "*") > 1 || strings.Count(requestHeaders, "*") > 1 {
			return // which a value with two stars may equal
		}
		c := s3cors.ParseDocument(document).Configuration()
		policy, problems := s3cors.CompileStored(c)
		require.Equal(t, c.Validate() == nil, problems == nil)
		r := s3cors.Request{Method: method, Origin: origin, RequestMethod: requestMethod, RequestHeaders: requestHeaders}
		require.Empty(t, cmp.Diff(oracle.Evaluate(understood(c), false, r), answerOf(policy.Evaluate(r))))
	})
}
