package suite

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"

	miniocors "github.com/minio/minio-go/v7/pkg/cors"
	"github.com/versity/versitygw/auth"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
)

// A document is a configuration with its name.
type document struct {
	name  string
	rules []s3cors.Rule
}

// documents are configurations by the size of what GET ?cors prints of them.
func documents() []document {
	return []document{
		{"2 rules", work.RulesOf(2, "https://app-%d.example.com", "*")},
		{"100 rules", work.RulesOf(100, "https://app-%d.example.com", "content-type", "x-amz-*")},
		{"64 KiB", fullRules("")},
	}
}

// fullRules are 100 rules that take nearly all of the 65,536 bytes that S3 allows
// (1.1/body-size); tag goes into the origins, to tell buckets apart.
func fullRules(tag string) []s3cors.Rule {
	var rules []s3cors.Rule
	for i := range 100 {
		rules = append(rules, work.Rule(work.Numbered(7, fmt.Sprintf("https://*.o%%d-%02d%s.example.com", i, tag)), "x-amz-*", "content-type"))
	}
	return rules
}

func (d document) xml() []byte {
	return must((&s3cors.Configuration{CORSRules: d.rules}).AppendXML(nil))
}

func (d document) json() []byte {
	return must((&s3cors.Configuration{CORSRules: d.rules}).AppendJSON(nil))
}

// A reader reads a document and returns how many rules it has.
type reader struct {
	name, about string
	format      func(document) []byte
	read        func([]byte) (int, error)
}

func readers() []reader {
	return []reader{
		{"s3cors XML", "ParseXML, all diagnostics on", document.xml, func(data []byte) (int, error) {
			c, err := s3cors.ParseXML(data)
			return rulesIn(c), err
		}},
		{"s3cors XML, compiled", "ParseXML and Compile", document.xml, func(data []byte) (int, error) {
			c, err := s3cors.ParseXML(data)
			if err != nil {
				return 0, err
			}
			_, err = s3cors.Compile(c)
			return rulesIn(c), err
		}},
		{"s3cors JSON", "ParseJSON, all diagnostics on", document.json, func(data []byte) (int, error) {
			c, err := s3cors.ParseJSON(data)
			return rulesIn(c), err
		}},
		{"minio-go", "cors.ParseBucketCorsConfig, which checks nothing", document.xml, func(data []byte) (int, error) {
			c, err := miniocors.ParseBucketCorsConfig(bytes.NewReader(data))
			if err != nil {
				return 0, err
			}
			return len(c.CORSRules), nil
		}},
		{"versitygw", "auth.ParseCORSOutput and Validate", document.xml, func(data []byte) (int, error) {
			c, err := auth.ParseCORSOutput(data)
			if err != nil {
				return 0, err
			}
			return len(c.Rules), c.Validate()
		}},
		{"encoding/xml", "xml.Unmarshal into a struct", document.xml, func(data []byte) (int, error) {
			var c plainConfiguration
			err := xml.Unmarshal(data, &c)
			return len(c.CORSRules), err
		}},
		{"encoding/json", "json.Unmarshal into a struct", document.json, func(data []byte) (int, error) {
			var c s3cors.Configuration
			err := json.Unmarshal(data, &c)
			return len(c.CORSRules), err
		}},
	}
}

func rulesIn(c *s3cors.Configuration) int {
	if c == nil {
		return 0
	}
	return len(c.CORSRules)
}

// A plainConfiguration is what one writes for encoding/xml.
type plainConfiguration struct {
	XMLName   xml.Name `xml:"CORSConfiguration"`
	CORSRules []struct {
		ID             *string  `xml:"ID"`
		AllowedOrigins []string `xml:"AllowedOrigin"`
		AllowedMethods []string `xml:"AllowedMethod"`
		AllowedHeaders []string `xml:"AllowedHeader"`
		ExposeHeaders  []string `xml:"ExposeHeader"`
		MaxAgeSeconds  *int64   `xml:"MaxAgeSeconds"`
	} `xml:"CORSRule"`
}

// Parse is reading documents: bytes into a configuration.
func Parse() Family {
	f := Family{Name: "Parse", Title: "Reading documents"}
	for _, r := range readers() {
		f.Engines = append(f.Engines, Engine{Name: r.name, About: r.about})
	}
	for _, d := range documents() {
		for _, r := range readers() {
			f.Cases = append(f.Cases, Case{
				Family: f.Name, Workload: d.name, Engine: r.name, Granted: true, Bytes: len(r.format(d)),
				Prepare: func() Run { return r.run(d) },
			})
		}
	}
	return f
}

// run counts a document as read if all of its rules came out.
func (r reader) run(d document) Run {
	data := r.format(d)
	return func(n int) int {
		read := 0
		for range n {
			if rules, err := r.read(data); err == nil && rules == len(d.rules) {
				read++
			}
		}
		return read
	}
}

// Compile is making a policy of a configuration.
func Compile() Family {
	f := Family{Name: "Compile", Title: "Compiling", Engines: []Engine{{Name: "s3cors", About: "Compile, which validates"}}}
	for _, d := range documents() {
		c := &s3cors.Configuration{CORSRules: d.rules}
		f.Cases = append(f.Cases, Case{Family: f.Name, Workload: d.name, Engine: "s3cors", Granted: true, Prepare: func() Run {
			return func(n int) int {
				compiled := 0
				for range n {
					if _, err := s3cors.Compile(c); err == nil {
						compiled++
					}
				}
				return compiled
			}
		}})
	}
	return f
}
