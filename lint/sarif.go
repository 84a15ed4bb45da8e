package lint

import (
	"encoding/json"
	"net/url"
	"strings"
)

// A File is a document with what was found in it.
type File struct {
	// Name is the path of the file, relative to where the reader of the log begins.
	Name   string
	Report *Report
}

// SARIF returns a log in the Static Analysis Results Interchange Format, version 2.1.0,
// of one run over some files, in UTF-8. Columns count Unicode code points. Errors and
// security findings are of level "error", warnings of level "warning", all others
// of level "note".
func SARIF(files []File) ([]byte, error) {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "s3cors lint", InformationURI: "https://github.com/s3cors/s3cors"}
	index := make(map[Code]int)
	for i, code := range Codes() {
		index[code] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, ruleOf(code))
	}
	for _, file := range files {
		for _, f := range file.Report.Findings {
			run.Results = append(run.Results, resultOf(file.Name, index[f.Code], f))
		}
	}
	return json.Marshal(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID            Code         `json:"id"`
	Short         sarifText    `json:"shortDescription"`
	Configuration sarifDefault `json:"defaultConfiguration"`
	Properties    *sarifTags   `json:"properties,omitempty"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

// sarifTags are what GitHub shows a finding as a security finding by.
type sarifTags struct {
	Tags     []string `json:"tags"`
	Severity string   `json:"security-severity"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    Code            `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
	Logical []sarifLogical `json:"logicalLocations"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

func ruleOf(code Code) sarifRule {
	r := sarifRule{ID: code, Short: sarifText{code.Title()}, Configuration: sarifDefault{levelOf(code.Severity())}}
	if code.Severity() == Security || code == PlainHTTP || code == WritesForAll {
		r.Properties = &sarifTags{[]string{"security"}, "5.0"}
	}
	return r
}

func resultOf(name string, rule int, f Finding) sarifResult {
	text := f.Message
	if f.Suggestion != "" {
		text += ": " + f.Suggestion
	}
	r := sarifResult{RuleID: f.Code, RuleIndex: rule, Level: levelOf(f.Severity), Message: sarifText{text}}
	var at sarifLocation
	at.Physical.Artifact.URI = uriOf(name)
	if f.Start.Line > 0 {
		at.Physical.Region = &sarifRegion{f.Start.Line, f.Start.Column, f.End.Line, f.End.Column}
	}
	at.Logical = []sarifLogical{{f.Path}}
	r.Locations = []sarifLocation{at}
	return r
}

// uriOf returns a relative reference (RFC 3986 section 4.2) to a file.
func uriOf(name string) string {
	u := url.URL{Path: strings.ReplaceAll(name, `\`, "/")}
	return strings.TrimPrefix(u.String(), "./")
}

func levelOf(s Severity) string {
	switch s {
	case Error, Security:
		return "error"
	case Warning:
		return "warning"
	}
	return "note"
}
