package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/report"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/corstest/wire"
)

// allVectors reads the vectors once. Nobody changes them.
var allVectors = sync.OnceValues(vectors.All)

// conformanceFlags are the flags of conformance.
type conformanceFlags struct {
	endpoint    string
	style       string
	region      string
	location    string
	credentials wire.Credentials
	insecure    bool

	bucket     string
	putCommand string
	run, skip  pattern
	lacks      needs
	dialect    s3cors.Dialect
	parallel   int
	timeout    wait
	settle     wait

	json        bool
	full        bool
	junit       string
	markdown    string
	baseline    string
	newBaseline string
}

func (f *conformanceFlags) flagSet() *flag.FlagSet {
	flags := flag.NewFlagSet("conformance", flag.ContinueOnError)
	f.timeout, f.settle = wait(wire.DefaultTimeout), wait(5*time.Second)

	flags.StringVar(&f.endpoint, "endpoint", "", "`URL` of the server, such as http://127.0.0.1:9000 (default:\nAWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL)")
	flags.StringVar(&f.style, "style", "path", "`STYLE` of addresses: path (http://host/bucket) or virtual\n(http://bucket.host; the connection goes to the endpoint)")
	flags.StringVar(&f.region, "region", "", "`REGION` that signatures name (default: AWS_REGION,\nAWS_DEFAULT_REGION, us-east-1)")
	flags.StringVar(&f.location, "location", "", "`NAME` of the LocationConstraint of buckets that are made (default:\nthey have none)")
	flags.StringVar(&f.credentials.AccessKeyID, "access-key", "", "`ID` of the access key (default: AWS_ACCESS_KEY_ID, which other\nusers of the machine cannot see)")
	flags.StringVar(&f.credentials.SecretAccessKey, "secret-key", "", "`SECRET` of the access key (default: AWS_SECRET_ACCESS_KEY, which\nother users of the machine cannot see)")
	flags.BoolVar(&f.insecure, "insecure", false, "accept any certificate")

	flags.StringVar(&f.bucket, "bucket", "", "`NAME` of an existing bucket to use instead of making some; its\nconfiguration is put back in the end")
	flags.StringVar(&f.putCommand, "put-command", "", "`COMMAND` for sh -c in place of PUT and DELETE ?cors, for servers\nthat have neither: it gives the bucket S3CORS_BUCKET the\nconfiguration in the file S3CORS_FILE, or takes it away if that is\nempty")
	flags.Var(&f.run, "run", "`REGEXP` of the ids of the vectors to ask, no others")
	flags.Var(&f.skip, "skip", "`REGEXP` of the ids of the vectors not to ask")
	flags.Var(&f.lacks, "lacks", "`NAMES`, with commas between them, of what the server does not have,\nsuch as accounts or PostObject; what needs it is skipped")
	dialectVar(flags, &f.dialect)
	flags.IntVar(&f.parallel, "parallel", 4, "`NUMBER` of buckets to use at the same time")
	flags.Var(&f.timeout, "timeout", "`TIME` in which an answer must be there")
	flags.Var(&f.settle, "settle", "`TIME` that a change of a configuration may take to have an effect")

	flags.BoolVar(&f.json, "json", false, "print a JSON object instead of a table")
	flags.BoolVar(&f.full, "full", false, "show every failure in full")
	flags.StringVar(&f.junit, "junit", "", "`FILE` to write as JUnit XML")
	flags.StringVar(&f.markdown, "markdown", "", "`FILE` to write as Markdown")
	flags.StringVar(&f.baseline, "baseline", "", "`FILE` that lists the vectors that are known to fail, an id on a\nline, with a reason behind a #")
	flags.StringVar(&f.newBaseline, "new-baseline", "", "`FILE` to write as a baseline that lists what failed")
	return flags
}

// complete takes what the flags do not say from the environment, and refuses what
// cannot be meant.
func (f *conformanceFlags) complete() error {
	f.endpoint = firstOf(f.endpoint, os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"))
	f.region = firstOf(f.region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1")
	if c := &f.credentials; c.AccessKeyID == "" && c.SecretAccessKey == "" {
		c.AccessKeyID, c.SecretAccessKey = os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
		c.SessionToken = os.Getenv("AWS_SESSION_TOKEN")
	}
	switch c := &f.credentials; {
	case f.endpoint == "":
		return errors.New("which server? -endpoint names it")
	case f.style != "path" && f.style != "virtual":
		return fmt.Errorf("-style: %q is neither path nor virtual", f.style)
	case (c.AccessKeyID == "") != (c.SecretAccessKey == ""):
		return errors.New("an access key and its secret belong together, and only one of them is given")
	case strings.ContainsAny(c.AccessKeyID+c.SecretAccessKey+c.SessionToken, "\r\n"):
		return errors.New("the credentials have more than one line")
	case f.parallel < 1:
		return fmt.Errorf("-parallel: it must be 1 at least, and is %d", f.parallel)
	}
	if f.credentials.AccessKeyID == "" {
		f.credentials = wire.Credentials{} // a token alone signs nothing
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func (f *conformanceFlags) wireOptions() wire.Options {
	return wire.Options{
		VirtualHosted: f.style == "virtual",
		Credentials:   f.credentials,
		Region:        f.region,
		Insecure:      f.insecure,
		Timeout:       time.Duration(f.timeout),
	}
}

// options are those of a run, with the number of vectors that they choose.
func (f *conformanceFlags) options() (opts conformance.Options, chosen int, err error) {
	opts = conformance.Options{
		Dialect: f.vectorDialect(), Run: f.run.Regexp, Skip: f.skip.Regexp, Lacks: f.lacks,
		Bucket: f.bucket, Location: f.location, Parallel: f.parallel, Settle: time.Duration(f.settle),
	}
	if f.putCommand != "" {
		opts.Put = putBy(f.putCommand, putTime)
	}
	if opts.Vectors, err = allVectors(); err != nil {
		return opts, 0, err
	}
	if err := f.lacks.check(opts.Vectors); err != nil {
		return opts, 0, err
	}
	all, err := conformance.Chosen(opts)
	if err == nil && len(all) == 0 {
		err = errors.New("-run and -skip leave no vector")
	}
	return opts, len(all), err
}

// vectorDialect is the name that the vectors have for the kind of server.
func (f *conformanceFlags) vectorDialect() string {
	if f.dialect == s3cors.Amazon {
		return ""
	}
	return f.dialect.String()
}

func (f *conformanceFlags) textOptions(color bool) report.TextOptions {
	o := report.TextOptions{Color: color}
	if f.full {
		o.Full = -1
	}
	return o
}

// A pattern is a flag with a regular expression; nil if it is not given.
type pattern struct{ *regexp.Regexp }

func (p *pattern) String() string {
	if p.Regexp == nil {
		return ""
	}
	return p.Regexp.String()
}

func (p *pattern) Set(text string) (err error) {
	p.Regexp, err = regexp.Compile(text)
	return err
}

// needs is a flag with the names of what a server does not have.
type needs []conformance.Need

func (n *needs) String() string {
	texts := make([]string, len(*n))
	for i, need := range *n {
		texts[i] = string(need)
	}
	return strings.Join(texts, ",")
}

func (n *needs) Set(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name == "" {
			return errors.New("a name is empty")
		}
		*n = append(*n, conformance.Need(name))
	}
	return nil
}

// check refuses a name of something that no vector needs.
func (n needs) check(all []vectors.Vector) error {
	known := needs{conformance.NeedAPI, conformance.NeedBuckets}
	for _, v := range all {
		for _, name := range v.Needs {
			known = append(known, conformance.Need(name))
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	for _, need := range n {
		if _, ok := slices.BinarySearch(known, need); !ok {
			return fmt.Errorf("-lacks: no vector needs %q; what they need is: %s", need, strings.ReplaceAll(known.String(), ",", ", "))
		}
	}
	return nil
}

// A wait is the time that a flag gives, which is positive.
type wait time.Duration

func (w *wait) String() string { return time.Duration(*w).String() }

func (w *wait) Set(text string) error {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return errors.New("a time is written as 500ms, 10s or 2m")
	case d <= 0:
		return errors.New("it must be more than 0")
	}
	*w = wait(d)
	return nil
}
