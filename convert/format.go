package convert

import (
	"fmt"
	"strings"
)

// A Format is a form in which people write bucket CORS. The zero value is no format: Read
// tells the format by the content then.
type Format uint8

const (
	// XML is what S3 itself reads: <CORSConfiguration>.
	XML Format = iota + 1
	// JSON is {"CORSRules": […]}, of the AWS CLI and the SDKs. Read also takes the SDKs'
	// parameters, with Bucket beside CORSConfiguration, and their responses, with
	// ResponseMetadata beside CORSRules.
	JSON
	// Array is […], of S3's console.
	Array
	// CloudFormation is the property CorsConfiguration of AWS::S3::Bucket in JSON, also
	// that of SAM and the Serverless framework. Read also takes whole resources and
	// whole templates.
	CloudFormation
	// CloudFormationYAML is the same in YAML. It can only be written.
	CloudFormationYAML
	// CDK is the array of the AWS CDK, with names in camelCase. It can only be read.
	CDK
	// Terraform is the resource aws_s3_bucket_cors_configuration in HCL, Terraform's own
	// language. It can only be written.
	Terraform
	// TerraformJSON is the same in Terraform's JSON. Read also takes what "terraform
	// show -json" prints, and state files.
	TerraformJSON
	// R2 is {"rules": […]}, of Cloudflare's API and wrangler.
	R2
	// GCS is the array of Google Cloud Storage in JSON. Read also takes a bucket, or
	// several, as Google's tools print them.
	GCS
	// GCSXML is <CorsConfig>, of the XML API of Google Cloud Storage.
	GCSXML
	// B2 is the array of Backblaze's own API. Read also takes a bucket, or several, as
	// Backblaze's tools print them.
	B2
)

// A trait is what is known of a format.
type trait struct {
	name  string
	words string // with its article
	read  bool
	write bool
}

var traits = [...]trait{
	XML:                {"xml", "S3's XML", true, true},
	JSON:               {"json", "the JSON of the AWS CLI", true, true},
	Array:              {"array", "the array of S3's console", true, true},
	CloudFormation:     {"cloudformation", "CloudFormation in JSON", true, true},
	CloudFormationYAML: {"cloudformation-yaml", "CloudFormation in YAML", false, true},
	CDK:                {"cdk", "the array of the CDK", true, false},
	Terraform:          {"terraform", "Terraform in HCL", false, true},
	TerraformJSON:      {"terraform-json", "Terraform in JSON", true, true},
	R2:                 {"r2", "the JSON of Cloudflare R2", true, true},
	GCS:                {"gcs", "the JSON of Google Cloud Storage", true, true},
	GCSXML:             {"gcs-xml", "the XML of Google Cloud Storage", true, true},
	B2:                 {"b2", "the JSON of Backblaze B2", true, true},
}

func (f Format) trait() trait {
	if int(f) < len(traits) {
		return traits[f]
	}
	return trait{}
}

// String returns the name of the format, such as "cloudformation-yaml", or "" for the
// zero value.
func (f Format) String() string {
	if f != 0 && f.trait().name == "" {
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
	return f.trait().name
}

// Title says what the format is in a few words, with their article, such as "the JSON of
// the AWS CLI"; it returns "" for the zero value.
func (f Format) Title() string { return f.trait().words }

// Readable reports whether Read reads the format.
func (f Format) Readable() bool { return f.trait().read }

// Writable reports whether Write writes the format.
func (f Format) Writable() bool { return f.trait().write }

// Formats returns all formats, in the order of their constants.
func Formats() []Format {
	var all []Format
	for f := XML; int(f) < len(traits); f++ {
		all = append(all, f)
	}
	return all
}

// MarshalText returns what String does. It never fails.
func (f Format) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes; an empty text is the zero value. It fails
// for any other text, and leaves f as it was then.
func (f *Format) UnmarshalText(text []byte) error {
	for i := range traits {
		if traits[i].name == string(text) {
			*f = Format(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no format: the formats are %s", text, names(func(trait) bool { return true }))
}

// names lists the names of the formats that are wanted.
func names(wanted func(trait) bool) string {
	var list []string
	for _, t := range traits[XML:] {
		if wanted(t) {
			list = append(list, t.name)
		}
	}
	return strings.Join(list, ", ")
}
