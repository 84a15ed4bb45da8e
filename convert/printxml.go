package convert

import (
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
)

// An xmlPrinter prints elements, two spaces for each level.
type xmlPrinter struct {
	strings.Builder
	depth int
}

const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

func (p *xmlPrinter) indent() { p.WriteString(strings.Repeat("  ", p.depth)) }

// open begins an element that holds elements; tag may have attributes.
func (p *xmlPrinter) open(tag string) {
	p.indent()
	p.WriteString("<" + tag + ">\n")
	p.depth++
}

func (p *xmlPrinter) close(name string) {
	p.depth--
	p.indent()
	p.WriteString("</" + name + ">\n")
}

// values prints an element for each value.
func (p *xmlPrinter) values(name string, values ...string) {
	for _, value := range values {
		p.indent()
		p.WriteString("<" + name + ">" + xmlEscapes.Replace(value) + "</" + name + ">\n")
	}
}

// list prints an element that holds one for each value, if there are any.
func (p *xmlPrinter) list(name, item string, values []string) {
	if len(values) == 0 {
		return
	}
	p.open(name)
	p.values(item, values...)
	p.close(name)
}

// printXML prints S3's XML, in the order of GET ?cors.
func printXML(a *adapter) []byte {
	var p xmlPrinter
	p.WriteString(xmlDeclaration)
	p.open(`CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`)
	for _, rule := range a.rules {
		p.open("CORSRule")
		if rule.ID != nil {
			p.values("ID", *rule.ID)
		}
		p.values("AllowedOrigin", rule.AllowedOrigins...)
		p.values("AllowedMethod", rule.AllowedMethods...)
		if rule.MaxAgeSeconds != nil {
			p.values("MaxAgeSeconds", strconv.FormatInt(*rule.MaxAgeSeconds, 10))
		}
		p.values("ExposeHeader", rule.ExposeHeaders...)
		p.values("AllowedHeader", rule.AllowedHeaders...)
		p.close("CORSRule")
	}
	p.close("CORSConfiguration")
	if p.Len() > s3cors.MaxDocumentBytes(s3cors.WithDialect(a.o.Dialect)) { // without white space it may fit
		c := s3cors.Configuration{CORSRules: a.rules}
		return append(c.AppendStoredXML(nil), '\n')
	}
	return []byte(p.String())
}

// printGCSXML prints the XML of Google Cloud Storage.
func printGCSXML(a *adapter) []byte {
	var p xmlPrinter
	p.WriteString(xmlDeclaration)
	p.open("CorsConfig")
	for _, rule := range a.rules {
		p.open("Cors")
		p.list("Origins", "Origin", rule.AllowedOrigins)
		p.list("Methods", "Method", rule.AllowedMethods)
		p.list("ResponseHeaders", "ResponseHeader", rule.AllowedHeaders)
		if rule.MaxAgeSeconds != nil {
			p.values("MaxAgeSec", strconv.FormatInt(*rule.MaxAgeSeconds, 10))
		}
		p.close("Cors")
	}
	p.close("CorsConfig")
	return []byte(p.String())
}
