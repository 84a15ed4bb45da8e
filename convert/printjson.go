package convert

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/s3cors/s3cors"
)

// indented prints a value as the AWS CLI does: four spaces for each level.
func indented(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	encoder.Encode(v) // which fails for no value that is given here
	return b.Bytes()
}

// mapped makes a rule of a format of each rule.
func mapped[T any](a *adapter, f func(s3cors.Rule) T) []T {
	rules := make([]T, 0, len(a.rules))
	for _, rule := range a.rules {
		rules = append(rules, f(rule))
	}
	return rules
}

// A cliRule has the members in the order of the AWS CLI.
type cliRule struct {
	ID             *string  `json:"ID,omitempty"`
	AllowedHeaders []string `json:"AllowedHeaders,omitempty"`
	AllowedMethods []string `json:"AllowedMethods,omitempty"`
	AllowedOrigins []string `json:"AllowedOrigins,omitempty"`
	ExposeHeaders  []string `json:"ExposeHeaders,omitempty"`
	MaxAgeSeconds  *int64   `json:"MaxAgeSeconds,omitempty"`
}

func toCLI(r s3cors.Rule) cliRule {
	return cliRule{r.ID, r.AllowedHeaders, r.AllowedMethods, r.AllowedOrigins, r.ExposeHeaders, r.MaxAgeSeconds}
}

func printJSON(a *adapter) []byte {
	return indented(struct{ CORSRules []cliRule }{mapped(a, toCLI)})
}

func printArray(a *adapter) []byte { return indented(mapped(a, toCLI)) }

type cloudFormationRule struct {
	ID             *string  `json:"Id,omitempty"`
	AllowedHeaders []string `json:"AllowedHeaders,omitempty"`
	AllowedMethods []string `json:"AllowedMethods,omitempty"`
	AllowedOrigins []string `json:"AllowedOrigins,omitempty"`
	ExposedHeaders []string `json:"ExposedHeaders,omitempty"`
	MaxAge         *int64   `json:"MaxAge,omitempty"`
}

func printCloudFormation(a *adapter) []byte {
	type rules struct{ CorsRules []cloudFormationRule }
	return indented(struct{ CorsConfiguration rules }{rules{mapped(a, func(r s3cors.Rule) cloudFormationRule {
		return cloudFormationRule{r.ID, r.AllowedHeaders, r.AllowedMethods, r.AllowedOrigins, r.ExposeHeaders, r.MaxAgeSeconds}
	})}})
}

type terraformRule struct {
	ID             *string  `json:"id,omitempty"`
	AllowedHeaders []string `json:"allowed_headers,omitempty"`
	AllowedMethods []string `json:"allowed_methods,omitempty"`
	AllowedOrigins []string `json:"allowed_origins,omitempty"`
	ExposeHeaders  []string `json:"expose_headers,omitempty"`
	MaxAgeSeconds  *int64   `json:"max_age_seconds,omitempty"`
}

func printTerraformJSON(a *adapter) []byte {
	type body struct {
		Bucket string          `json:"bucket"`
		Rules  []terraformRule `json:"cors_rule"`
	}
	rules := mapped(a, func(r s3cors.Rule) terraformRule {
		if r.ID != nil {
			id := escapeTemplate(*r.ID)
			r.ID = &id
		}
		for _, l := range lists(&r) {
			*l.values = escapeAll(*l.values)
		}
		return terraformRule(toCLI(r))
	})
	resource := map[string]map[string]body{terraformType: {terraformName: {escapeTemplate(a.bucket()), rules}}}
	return indented(map[string]any{"resource": resource})
}

// What Terraform's resource is called.
const (
	terraformType = "aws_s3_bucket_cors_configuration"
	terraformName = "cors"
)

// bucket returns the name of the bucket, or what stands in its place.
func (a *adapter) bucket() string {
	if a.o.Bucket == "" {
		return "BUCKET"
	}
	return a.o.Bucket
}

func escapeAll(values []string) []string {
	var escaped []string
	for _, value := range values {
		escaped = append(escaped, escapeTemplate(value))
	}
	return escaped
}

// escapeTemplate keeps Terraform from reading an expression or a directive in a string.
func escapeTemplate(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
}

type r2Rule struct {
	ID      *string `json:"id,omitempty"`
	Allowed struct {
		Origins []string `json:"origins,omitempty"`
		Methods []string `json:"methods,omitempty"`
		Headers []string `json:"headers,omitempty"`
	} `json:"allowed"`
	ExposeHeaders []string `json:"exposeHeaders,omitempty"`
	MaxAgeSeconds *int64   `json:"maxAgeSeconds,omitempty"`
}

func printR2(a *adapter) []byte {
	return indented(map[string]any{"rules": mapped(a, func(r s3cors.Rule) r2Rule {
		rule := r2Rule{ID: r.ID, ExposeHeaders: r.ExposeHeaders, MaxAgeSeconds: r.MaxAgeSeconds}
		rule.Allowed.Origins, rule.Allowed.Methods, rule.Allowed.Headers = r.AllowedOrigins, r.AllowedMethods, r.AllowedHeaders
		return rule
	})})
}

type gcsRule struct {
	Origin         []string `json:"origin,omitempty"`
	Method         []string `json:"method,omitempty"`
	ResponseHeader []string `json:"responseHeader,omitempty"`
	MaxAgeSeconds  *int64   `json:"maxAgeSeconds,omitempty"`
}

func printGCS(a *adapter) []byte {
	return indented(mapped(a, func(r s3cors.Rule) gcsRule {
		return gcsRule{r.AllowedOrigins, r.AllowedMethods, r.AllowedHeaders, r.MaxAgeSeconds}
	}))
}

type b2Rule struct {
	Name              *string  `json:"corsRuleName,omitempty"`
	AllowedOrigins    []string `json:"allowedOrigins,omitempty"`
	AllowedHeaders    []string `json:"allowedHeaders,omitempty"`
	AllowedOperations []string `json:"allowedOperations,omitempty"`
	ExposeHeaders     []string `json:"exposeHeaders,omitempty"`
	MaxAgeSeconds     *int64   `json:"maxAgeSeconds,omitempty"`
}

func printB2(a *adapter) []byte {
	return indented(mapped(a, func(r s3cors.Rule) b2Rule {
		rule := b2Rule{Name: r.ID, AllowedHeaders: r.AllowedHeaders, ExposeHeaders: r.ExposeHeaders, MaxAgeSeconds: r.MaxAgeSeconds}
		for _, origin := range r.AllowedOrigins {
			if origin == "https://*" { // with any port, which B2 has another word for
				origin = "https"
			}
			rule.AllowedOrigins = append(rule.AllowedOrigins, origin)
		}
		for _, method := range r.AllowedMethods {
			rule.AllowedOperations = append(rule.AllowedOperations, "s3_"+strings.ToLower(method))
		}
		return rule
	}))
}
