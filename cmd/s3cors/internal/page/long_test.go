package page_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/page"
)

// long is a policy of 100 rules that has almost 64 KiB, of which S3 takes no more.
func long() string {
	var rules []string
	for i := range 100 {
		var origins []string
		for k := range 4 {
			origins = append(origins, fmt.Sprintf("\"https://app-%03d-%d.customers.example.com\"", i, k))
		}
		rules = append(rules, fmt.Sprintf("  {\n    \"ID\": \"rule %d\",\n    \"AllowedOrigins\": [%s],\n    \"AllowedMethods\": [\"GET\", \"PUT\", \"POST\"],\n    \"AllowedHeaders\": [\"content-type\", \"x-amz-*\"],\n    \"MaxAgeSeconds\": 600\n  }", i, strings.Join(origins, ", ")))
	}
	return "[\n" + strings.Join(rules, ",\n") + "\n]\n"
}

func TestALongPolicyIsShownWhole(t *testing.T) {
	v := called[view](t, "document", object{"document": long()})
	require.Len(t, v.Rules, 100)
	a := called[asked](t, "explain", object{"document": long(), "form": object{"origin": "https://app-099-9.customers.example.com", "method": "PUT"}})
	require.Contains(t, string(a.Exchanges[0].Explain), `{"rule":99,"id":"rule 99","origin":{"ok":false`)
}

// BenchmarkLong is what the program does when somebody pauses in a long policy.
func BenchmarkLong(b *testing.B) {
	for name, input := range map[string]object{
		"document": {"document": long()},
		"explain":  {"document": long(), "form": object{"origin": "https://app-099-9.customers.example.com", "method": "PUT", "headers": "content-type: a/b"}},
		"convert":  {"document": long(), "to": "xml"},
		"diff":     {"old": object{"document": long()}, "new": object{"document": strings.Replace(long(), "PUT", "HEAD", 1)}},
	} {
		b.Run(name, func(b *testing.B) {
			data, err := json.Marshal(input)
			require.NoError(b, err)
			for b.Loop() {
				_, err := page.Call(name, data)
				require.NoError(b, err)
			}
		})
	}
}
