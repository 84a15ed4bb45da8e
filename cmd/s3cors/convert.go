package main

import (
	"errors"
	"flag"
	"fmt"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/convert"
)

const convertUsage = `Usage: s3cors convert -to FORMAT [flags] FILE

convert reads a CORS configuration in one format ("-" is standard input), and prints it
in another:

  echo '[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]' | s3cors convert -to terraform -

It reads xml, json, array, cloudformation, cdk, terraform-json, r2, gcs, gcs-xml and b2.
It writes xml, json, array, cloudformation, cloudformation-yaml, terraform,
terraform-json, r2, gcs, gcs-xml and b2. YAML and HCL are written, not read.

What is lost on the way is told, and then nothing is written unless -lossy is given:

  file:line:column: path: lost: what becomes of it ("value")

PUT ?cors replaces all rules of a bucket. To add rules to those that it has:

  aws s3api get-bucket-cors --bucket BUCKET | s3cors convert -to json -merge new.json -

Exit status: 0 converted, 1 something is lost or S3 would refuse the configuration,
2 wrong usage or unreadable file.

Flags:

`

// convertFlags are the flags of convert.
type convertFlags struct {
	from, to convert.Format
	output   string
	merge    string
	resource string
	bucket   string
	lossy    bool
	asJSON   bool
	dialect  s3cors.Dialect
}

func (c *convertFlags) flagSet() *flag.FlagSet {
	flags := flag.NewFlagSet("convert", flag.ContinueOnError)
	flags.TextVar(&c.from, "from", convert.Format(0), "`FORMAT` of FILE (default: what its content looks like)")
	flags.TextVar(&c.to, "to", convert.Format(0), "`FORMAT` to write")
	flags.StringVar(&c.output, "o", "", "write to `FILE`, whole or not at all, in place of standard output")
	flags.StringVar(&c.merge, "merge", "", "add the rules of another `FILE`, in any format, behind those of\nFILE; rules that are there already are left out")
	flags.StringVar(&c.resource, "resource", "", "`NAME` of the bucket or resource to read, where FILE has several")
	flags.StringVar(&c.bucket, "bucket", "", "`NAME` of the bucket, for terraform and terraform-json")
	flags.BoolVar(&c.lossy, "lossy", false, "write even if something is lost")
	flags.BoolVar(&c.asJSON, "json", false, "print a JSON object on a line: the output, and what is lost")
	dialectVar(flags, &c.dialect)
	return flags
}

// convert converts the document that args name.
func (t *tool) convert(args []string) (int, error) {
	var c convertFlags
	flags := c.flagSet()
	err := t.parse(flags, convertUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() == 0:
		return 0, errors.New(`convert: which file? "-" is standard input`)
	case flags.NArg() > 1:
		return 0, strayArgument("convert", flags.Arg(1))
	}
	if c.output == standardInput { // the name of standard output here
		c.output = ""
	}
	if err := c.check(flags.Arg(0)); err != nil {
		return 0, fmt.Errorf("convert: %w", err)
	}
	r, err := t.conversion(&c, flags.Arg(0))
	if err != nil {
		return 0, err
	}
	return t.finishConversion(&c, r)
}

// check refuses flags that do not go together.
func (c *convertFlags) check(file string) error {
	switch {
	case c.to == 0:
		return errors.New("-to says which format to write")
	case !c.to.Writable():
		return fmt.Errorf("-to: %s is read, not written", c.to)
	case c.from != 0 && !c.from.Readable():
		return fmt.Errorf("-from: %s is written, not read", c.from)
	case c.merge == standardInput && file == standardInput:
		return errors.New("one of FILE and -merge can be standard input, not both")
	case c.bucket != "" && c.to != convert.Terraform && c.to != convert.TerraformJSON:
		return fmt.Errorf("-bucket: %s names no bucket", c.to)
	}
	return nil
}

// conversion reads, merges and writes.
func (t *tool) conversion(c *convertFlags, file string) (*result.Conversion, error) {
	document, err := t.readAny(file, convert.ReadOptions{Format: c.from, Resource: c.resource, Dialect: c.dialect}, "by -resource NAME")
	if err != nil {
		return nil, err
	}
	r := &result.Conversion{File: file, From: document.Format}
	r.Add(file, document)
	config := document.Configuration
	if c.merge != "" {
		if config, err = t.merged(c, r, config); err != nil {
			return nil, err
		}
	}
	return r, r.Write(config, convert.WriteOptions{Format: c.to, Bucket: c.bucket, Dialect: c.dialect})
}

// merged returns the configuration with the rules of the other document added, nil if
// one of both could not be read whole.
func (t *tool) merged(c *convertFlags, r *result.Conversion, base *s3cors.Configuration) (*s3cors.Configuration, error) {
	other, err := t.readAny(c.merge, convert.ReadOptions{Dialect: c.dialect}, "by converting it alone first, with -resource NAME")
	if err != nil {
		return nil, err
	}
	r.Add(c.merge, other)
	if base == nil || other.Configuration == nil {
		return nil, nil
	}
	config, notes := convert.Merge(base, other.Configuration)
	other.Locate(notes)
	r.Remark(c.merge, nil, notes)
	r.Limits = convert.Limits(config, c.dialect)
	return config, nil
}

// readAny reads the document in a file, in any format. Errors begin with its name. How
// says how one of several configurations is chosen.
func (t *tool) readAny(name string, o convert.ReadOptions, how string) (*convert.Document, error) {
	data, err := t.read(name, convert.MaxBytes+1)
	if err != nil {
		return nil, err
	}
	document, err := convert.Read(data, o)
	var several *convert.AmbiguousError
	var place *convert.PlaceError
	switch {
	case errors.As(err, &place):
		return nil, fmt.Errorf("%s:%w", name, err)
	case errors.As(err, &several):
		return nil, fmt.Errorf("%s: %w (%s)", name, err, how)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return document, nil
}
