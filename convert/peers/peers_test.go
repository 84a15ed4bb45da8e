package peers

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"
	yamlTwo "gopkg.in/yaml.v2"
	yamlThree "gopkg.in/yaml.v3"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
)

// awkward are values that readers take for something else, or that need an escape.
var awkward = []string{
	"*", "https://app.example.com", "https://*.example.com", "null", "Null", "~", "", " ", "yes", "No", "on", "true", "y", "n",
	"0", "007", "0x1f", "1e3", "1_000", "1:30", "190:20:30", "-1", ".inf", ".NaN", "2026-11-26", "=", "<<", "- a", "? b", "a: b", "a #b",
	"#c", "&d", "*e", "!f", "|", ">", "%g", "@h", "`i`", "{j}", "[k]", "'l'", `"m"`, `\n`, "n\no", "p\r\nq", "r\ts", "\u0000", "\u0007",
	"\u001b[2J", "\u007f", "\u0085", "\u00a0", "\u2028", "\ufeff", "\ufffd", "\ud7ff", "\U0001f600", "\U000e0001", "\U0010ffff", "é", "日本",
	"${a}", "%{b}", "$${c}", "%%{d}", "$$${e}", "%%%{f}", "$%{g}", "%${h}", "${", "%{", "$", "%", "$$", "{", "$ {", "a${b}c$${d}e%{f}",
	`\${g}`, `\\${h}`, `\u0041`, "${~i~}", "heredoc<<EOT", "//", "/*", "x-amz-*", "{{resolve", "{{resolve:ssm:a}}", "---", "...", "\t- x", "CON",
}

func draw(r *rand.Rand) *s3cors.Configuration {
	c := &s3cors.Configuration{CORSRules: make([]s3cors.Rule, 1+r.IntN(3))}
	for i := range c.CORSRules {
		rule := &c.CORSRules[i]
		rule.AllowedOrigins = values(r, 1)
		rule.AllowedMethods = []string{"PUT", "GET"}[:1+r.IntN(2)]
		rule.AllowedHeaders, rule.ExposeHeaders = values(r, 0), values(r, 0)
		if r.IntN(2) == 0 {
			id := awkward[r.IntN(len(awkward))]
			rule.ID = &id
		}
		if r.IntN(2) == 0 {
			age := []int64{0, 1, 3600, 1<<31 - 1}[r.IntN(4)]
			rule.MaxAgeSeconds = &age
		}
	}
	return c
}

func values(r *rand.Rand, least int) []string {
	var list []string
	for range least + r.IntN(4) {
		list = append(list, awkward[r.IntN(len(awkward))])
	}
	return list
}

// each calls f with some hundred configurations, all awkward values among them.
func each(t *testing.T, f func(*s3cors.Configuration)) {
	for _, value := range awkward {
		f(&s3cors.Configuration{CORSRules: []s3cors.Rule{{ID: &value, AllowedOrigins: []string{value}, AllowedMethods: []string{"GET"}}}})
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		f(draw(r))
	}
}

func write(t *testing.T, c *s3cors.Configuration, format convert.Format) []byte {
	written, err := convert.Write(c, convert.WriteOptions{Format: format, Bucket: "photos"})
	require.NoError(t, err)
	if written.Text == nil {
		require.NotEmpty(t, written.Losses)
	}
	return written.Text
}

// readBack is what convert itself reads of what it writes, which its own tests check.
func readBack(t *testing.T, c *s3cors.Configuration, format convert.Format) *s3cors.Configuration {
	read, err := convert.Read(write(t, c, format), convert.ReadOptions{})
	require.NoError(t, err)
	require.NotNil(t, read.Configuration)
	require.Empty(t, read.Losses)
	return read.Configuration
}

func same(t *testing.T, want, got *s3cors.Configuration, text []byte) {
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("(-convert +peer):\n%s\n%s", diff, text)
	}
}

func TestTerraformReadsTheResource(t *testing.T) {
	each(t, func(c *s3cors.Configuration) {
		text := write(t, c, convert.Terraform)
		if text == nil {
			return
		}
		file, diagnostics := hclparse.NewParser().ParseHCL(text, "cors.tf")
		require.False(t, diagnostics.HasErrors(), "%v\n%s", diagnostics, text)
		same(t, readBack(t, c, convert.TerraformJSON), resource(t, file.Body, text), text)
		require.Equal(t, string(hclwrite.Format(text)), string(text))
	})
}

func TestTerraformReadsTheResourceInJSON(t *testing.T) {
	each(t, func(c *s3cors.Configuration) {
		text := write(t, c, convert.TerraformJSON)
		if text == nil {
			return
		}
		file, diagnostics := hclparse.NewParser().ParseJSON(text, "cors.tf.json")
		require.False(t, diagnostics.HasErrors(), "%v\n%s", diagnostics, text)
		same(t, readBack(t, c, convert.TerraformJSON), resource(t, file.Body, text), text)
	})
}

// What Terraform changes by itself is told.
func TestTerraformNormalisesText(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"https://e\u0301.example", "\ufeffa"}, AllowedMethods: []string{"GET"}}}}
	written, err := convert.Write(c, convert.WriteOptions{Format: convert.Terraform, Bucket: "photos"})
	require.NoError(t, err)
	require.Equal(t, "CORSRules[0].AllowedOrigins[1]", written.Losses[0].Path)
	require.Equal(t, "CORSRules[0].AllowedOrigins[0]", written.Notes[0].Path)
	file, diagnostics := hclparse.NewParser().ParseHCL(written.Text, "cors.tf")
	require.False(t, diagnostics.HasErrors())
	require.Equal(t, []string{"https://\u00e9.example"}, resource(t, file.Body, written.Text).CORSRules[0].AllowedOrigins)
}

// resource reads the one resource of a file as Terraform does, by its schema.
func resource(t *testing.T, body hcl.Body, text []byte) *s3cors.Configuration {
	content, diagnostics := body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "resource", LabelNames: []string{"type", "name"}}}})
	require.False(t, diagnostics.HasErrors(), "%v\n%s", diagnostics, text)
	require.Len(t, content.Blocks, 1)
	require.Equal(t, []string{"aws_s3_bucket_cors_configuration", "cors"}, content.Blocks[0].Labels)
	content, diagnostics = content.Blocks[0].Body.Content(&hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "bucket", Required: true}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "cors_rule"}},
	})
	require.False(t, diagnostics.HasErrors(), "%v\n%s", diagnostics, text)
	require.Equal(t, "photos", evaluate(t, content.Attributes["bucket"]).AsString())
	c := &s3cors.Configuration{}
	for _, block := range content.Blocks {
		c.CORSRules = append(c.CORSRules, rule(t, block.Body, text))
	}
	return c
}

func rule(t *testing.T, body hcl.Body, text []byte) s3cors.Rule {
	var r s3cors.Rule
	lists := map[string]*[]string{
		"allowed_origins": &r.AllowedOrigins, "allowed_methods": &r.AllowedMethods,
		"allowed_headers": &r.AllowedHeaders, "expose_headers": &r.ExposeHeaders,
	}
	schema := &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "id"}, {Name: "max_age_seconds"}}}
	for name := range lists {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	content, diagnostics := body.Content(schema)
	require.False(t, diagnostics.HasErrors(), "%v\n%s", diagnostics, text)
	for name, attribute := range content.Attributes {
		value := evaluate(t, attribute)
		switch name {
		case "id":
			id := value.AsString()
			r.ID = &id
		case "max_age_seconds":
			age, _ := value.AsBigFloat().Int64()
			r.MaxAgeSeconds = &age
		default:
			for _, item := range value.AsValueSlice() {
				*lists[name] = append(*lists[name], item.AsString())
			}
		}
	}
	return r
}

func evaluate(t *testing.T, attribute *hcl.Attribute) cty.Value {
	value, diagnostics := attribute.Expr.Value(&hcl.EvalContext{})
	require.False(t, diagnostics.HasErrors(), "%v", diagnostics)
	return value
}

// Both readers must find strings and numbers where JSON has them, as CloudFormation's
// does.
func TestReadersOfYAMLFindWhatTheJSONSays(t *testing.T) {
	each(t, func(c *s3cors.Configuration) {
		var want, three any
		text := write(t, c, convert.CloudFormationYAML)
		if text == nil {
			return
		}
		require.NoError(t, json.Unmarshal(write(t, c, convert.CloudFormation), &want))
		require.NoError(t, yamlThree.Unmarshal(text, &three), "%s", text)
		if diff := cmp.Diff(want, plain(three)); diff != "" {
			t.Fatalf("YAML 1.2 (-json +yaml):\n%s\n%s", diff, text)
		}
		var two any
		require.NoError(t, yamlTwo.Unmarshal(text, &two), "%s", text)
		if diff := cmp.Diff(want, plain(two)); diff != "" {
			t.Fatalf("YAML 1.1 (-json +yaml):\n%s\n%s", diff, text)
		}
	})
}

// plain returns a value of YAML with the types of encoding/json.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = plain(v[name])
		}
		return v
	case map[any]any:
		named := make(map[string]any)
		for name, value := range v {
			named[fmt.Sprint(name)] = plain(value)
		}
		return named
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	case int:
		return float64(v)
	}
	return v
}
