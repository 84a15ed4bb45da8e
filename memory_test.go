package s3cors_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// fill returns the XML of one rule with as many origins as 64 KiB hold.
func fill(origin func(i int) string) []byte {
	var b strings.Builder
	b.WriteString("<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>")
	for i := 0; b.Len() < 65536-200; i++ {
		fmt.Fprintf(&b, "<AllowedOrigin>%s</AllowedOrigin>", origin(i))
	}
	b.WriteString("</CORSRule></CORSConfiguration>")
	return []byte(b.String())
}

// held returns how many bytes of heap one policy of the document keeps in use,
// the document and the configuration gone.
func held(t *testing.T, document []byte) int {
	t.Helper()
	if underRace {
		t.Skip("the detector has memory of its own")
	}
	n := 1 + 1<<19/len(document)
	policies := make([]*s3cors.Policy, n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one found out, the second one frees
	runtime.ReadMemStats(&before)
	for i := range policies {
		c, err := s3cors.Parse(document)
		require.NoError(t, err)
		policies[i], err = s3cors.Compile(c)
		require.NoError(t, err)
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(policies)
	return (int(after.HeapAlloc) - int(before.HeapAlloc)) / n
}

func TestAPolicyHoldsLessThanEightTimesItsDocument(t *testing.T) {
	documents := map[string][]byte{
		"100 rules":                       printed(t, &s3cors.Configuration{CORSRules: eachRule(100, "https://app-%d.example.com", "content-type", "x-amz-*")}),
		"origins as people list them":     fill(func(i int) string { return fmt.Sprintf("https://app-%d.example.com", i) }),
		"patterns as people write them":   fill(func(i int) string { return fmt.Sprintf("https://*.app-%d.example.com", i) }),
		"the shortest exact strings":      fill(func(i int) string { return fmt.Sprintf("%x", i) }),
		"the shortest prefixes":           fill(func(i int) string { return fmt.Sprintf("%x*", i) }),
		"the shortest suffixes":           fill(func(i int) string { return fmt.Sprintf("*%x", i) }),
		"prefixes with a suffix each":     fill(func(i int) string { return fmt.Sprintf("%x*%x", i, i) }),
		"many suffixes of a few prefixes": fill(func(i int) string { return fmt.Sprintf("%x*%x", i%16, i) }),
		"nested patterns":                 fill(func(i int) string { return strings.Repeat("a", i%40) + "*" + strings.Repeat("b", i/40) }),
	}
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			got := held(t, document)
			t.Logf("%d bytes for a document of %d: %.1f times", got, len(document), float64(got)/float64(len(document)))
			require.Less(t, got, 8*len(document))
		})
	}
}

func TestASmallPolicyHoldsLessThan4KiB(t *testing.T) {
	got := held(t, printed(t, &s3cors.Configuration{CORSRules: eachRule(2, "https://app-%d.example.com", "content-type", "x-amz-*")}))
	t.Logf("%d bytes", got)
	require.Less(t, got, 4096)
}

// shapes are documents that are built to cost their reader much, of about n bytes.
var shapes = map[string]func(n int) string{
	"an ordinary document": func(n int) string {
		return repeated("<CORSConfiguration>", "<CORSRule><AllowedOrigin>https://www.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>", "</CORSConfiguration>", n)
	},
	"a namespace of half the document, and attributes in it": func(n int) string {
		return repeated("<CORSConfiguration xmlns:a='"+strings.Repeat("u", n/2)+"'>", "<AllowedOrigin"+numbered(" a:a%02d=''", 64)+"/>", "</CORSConfiguration>", n)
	},
	"many prefixes of long names": func(n int) string {
		return repeated("<CORSConfiguration"+numbered(" xmlns:"+strings.Repeat("p", n/200)+"%d='u'", 60)+">", "<"+strings.Repeat("p", n/200)+"0:b/>", "</CORSConfiguration>", n)
	},
	"namespaces of line ends and references to them": func(n int) string {
		return repeated("<CORSConfiguration>", "<b xmlns:p='"+strings.Repeat("\n&#10;", n/200)+"'/>", "</CORSConfiguration>", n)
	},
	"many attributes": func(n int) string {
		return repeated("<CORSConfiguration>", "<CORSRule"+numbered(" a%d=''", 64)+"/>", "</CORSConfiguration>", n)
	},
	"elements nested deep": func(n int) string {
		return repeated("<CORSConfiguration>", strings.Repeat("<b>", 60)+strings.Repeat("</b>", 60), "</CORSConfiguration>", n)
	},
	"elements of long names": func(n int) string {
		return repeated("<CORSConfiguration>", "<"+strings.Repeat("b", n/20)+"/>", "</CORSConfiguration>", n)
	},
	"a comment": func(n int) string { return repeated("<CORSConfiguration><!--", "é", "--></CORSConfiguration>", n) },
	"references": func(n int) string {
		return repeated("<CORSConfiguration><CORSRule><ID>", "&#9;", "</ID></CORSRule></CORSConfiguration>", n)
	},
	"unknown elements": func(n int) string { return repeated("<CORSConfiguration>", "<b/>", "</CORSConfiguration>", n) },
	"unknown elements in a rule": func(n int) string {
		return repeated("<CORSConfiguration><CORSRule>", "<b/>", "</CORSRule></CORSConfiguration>", n)
	},
	"elements in a value": func(n int) string {
		return repeated("<CORSConfiguration><CORSRule><ID>", "<b/>", "</ID></CORSRule></CORSConfiguration>", n)
	},
	"numbers that are none": func(n int) string {
		return repeated("<CORSConfiguration>", "<CORSRule><MaxAgeSeconds>\"</MaxAgeSeconds></CORSRule>", "</CORSConfiguration>", n)
	},
	"text between elements": func(n int) string { return repeated("<CORSConfiguration>", "x<?y?>", "</CORSConfiguration>", n) },
	"empty rules":           func(n int) string { return repeated("<CORSConfiguration>", "<CORSRule/>", "</CORSConfiguration>", n) },
	"bad values": func(n int) string {
		return repeated("<CORSConfiguration><CORSRule>", "<ExposeHeader>* </ExposeHeader>", "</CORSRule></CORSConfiguration>", n)
	},
	"JSON of many values": func(n int) string {
		return repeated(`[{"AllowedOrigins":[""`, `,""`, `],"AllowedMethods":["GET"]}]`, n)
	},
	"JSON of many bad values": func(n int) string {
		return repeated(`[{"AllowedOrigins":["*"],"AllowedMethods":[""`, `,""`, `]}]`, n)
	},
	"JSON of many keys":                    func(n int) string { return repeated(`{"":0`, `,"":0`, "}", n) },
	"JSON of many keys in a rule":          func(n int) string { return repeated(`[{"":0`, `,"":0`, "}]", n) },
	"JSON of one long key":                 func(n int) string { return repeated(`{"`, "k", `":0}`, n) },
	"JSON of long keys":                    func(n int) string { return repeated(`{"a":0`, `,"`+strings.Repeat("k", n/20)+`":0`, "}", n) },
	"JSON nested deep":                     func(n int) string { return repeated("[0", ","+strings.Repeat("[", 60)+strings.Repeat("]", 60), "]", n) },
	"JSON of rules that are none":          func(n int) string { return repeated("[0", ",0", "]", n) },
	"JSON of stars without quotes":         func(n int) string { return repeated("[*", ",*", "]", n) },
	"JSON of single quotes":                func(n int) string { return repeated("[''", ",''", "]", n) },
	"JSON of trailing commas":              func(n int) string { return repeated("[[]", ",[1,]", "]", n) },
	"JSON of comments":                     func(n int) string { return repeated("[", "//\n", "]", n) },
	"JSON of characters that are not seen": func(n int) string { return repeated("[", "\u200b", "]", n) },
	"JSON of names without quotes":         func(n int) string { return repeated("{a:1", ",a:1", "}", n) },
	"JSON of another service":              func(n int) string { return repeated(`[{"origin":[]}`, `,{"origin":[]}`, "]", n) },
	"JSON of rules that are torn":          func(n int) string { return repeated(`[{}`, `,{"ID":""}`, "]", n) },
	"a document type of HTML":              func(n int) string { return repeated("<!DOCTYPE html>", "<p>", "", n) },
	"XML of open elements":                 func(n int) string { return repeated("<CORSConfiguration>", "<CORSRule></CORSRule>", "", n) },
	"XML that begins with comments":        func(n int) string { return repeated("", "<!-- -->", "<html/>", n) },
	"XML of elements that are foreign":     func(n int) string { return repeated("<CorsConfig>", "<Cors/>", "</CorsConfig>", n) },
	"lines of text":                        func(n int) string { return repeated("", "a b c\n", "", n) },
	"lines of YAML":                        func(n int) string { return repeated("a:\n", "- b: c\n", "", n) },
	"comments and nothing else":            func(n int) string { return repeated("", "# a\n", "", n) },
	"JSON of characters to be shown":       func(n int) string { return repeated(`[{"MaxAgeSeconds":"`, `\u0001`, `"}]`, n) },
}

// repeated puts as many pieces between head and tail as n bytes hold.
func repeated(head, piece, tail string, n int) string {
	return head + strings.Repeat(piece, max(0, n-len(head)-len(tail))/len(piece)) + tail
}

// allocated returns how many bytes reading a document allocates.
func allocated(document []byte) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s3cors.ParseDocument(document)
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestReadingAllocatesInProportionToTheDocument holds reading to 100 times the
// bytes of XML, and to 250 times those of JSON, whose values can be denser; there
// cannot be more than 16,384 of these (10/json-input-size). A hundred problems come
// on top.
func TestReadingAllocatesInProportionToTheDocument(t *testing.T) {
	if underRace {
		t.Skip("the detector has memory of its own")
	}
	for name, shape := range shapes {
		times, sizes := 100, []int{4 << 10, 16 << 10, 32 << 10, 64 << 10}
		if strings.HasPrefix(name, "JSON") {
			times, sizes = 250, append(sizes, 256<<10, 1<<20)
		}
		t.Run(name, func(t *testing.T) {
			for _, size := range sizes {
				document := []byte(shape(size))
				got := allocated(document)
				t.Logf("%d bytes: %.1f times", len(document), float64(got)/float64(len(document)))
				require.Less(t, got, times*len(document)+128<<10)
			}
		})
	}
}
