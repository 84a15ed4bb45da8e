package main

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// POST of an object by a form in a browser: fields, of which some are what header
// fields are to PUT, and then the file.

const (
	// maxFormFields is S3's limit for what stands in front of the file.
	maxFormFields = 20 << 10
	// maxFormHeads bounds what is read for it, with the heads of the parts.
	maxFormHeads = 4 * maxFormFields
	// maxFormCount bounds the parts, those behind the file included, which S3
	// ignores.
	maxFormCount = 1000
)

// A form is what was sent.
type form struct {
	values   map[string]string // by name in lower case
	order    []string          // the names, as they came
	filename string
	content  []byte
}

// postForm is POST of a bucket.
func (h handlers) postForm(c call) error {
	if err := h.requireBucket(c.address.Bucket); err != nil {
		return err
	}
	boundary, err := formBoundary(c.header.Get("Content-Type"))
	if err != nil {
		return err
	}
	f, err := readForm(c.request.Body, boundary, c.address.Bucket)
	if err != nil {
		return err
	}
	if err := f.checkSums(); err != nil {
		return err
	}
	meta, err := metadataOf(f.header())
	if err != nil {
		return err
	}
	key, content := f.values["key"], bytes.NewReader(f.content)
	if err := h.put(c.address.Bucket, key, meta, "", content, content.Size(), nil); err != nil {
		return err
	}
	f.answer(c, key)
	return nil
}

func formBoundary(contentType string) (string, error) {
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" {
		return "", &s3cors.Error{Status: http.StatusPreconditionFailed, Code: "PreconditionFailed",
			Message:  "At least one of the pre-conditions you specified did not hold",
			Elements: []s3cors.Element{{Name: "Condition", Value: "Bucket POST must be of the enclosure-type multipart/form-data"}}}
	}
	if parameters["boundary"] == "" {
		return "", malformedForm()
	}
	return parameters["boundary"], nil
}

// readForm reads a form and holds it against its policy, before it reads the file
// and after.
func readForm(body io.Reader, boundary, bucket string) (*form, error) {
	head := &boundedReader{source: body, left: maxFormHeads}
	parts := multipart.NewReader(head, boundary)
	f := &form{values: make(map[string]string)}
	file, err := f.readFields(parts)
	if err != nil {
		return nil, formError(err)
	}
	head.left = maxObjectBytes + maxFormHeads
	f.expand()
	if f.values["key"] == "" {
		return nil, invalidArgument("Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
			"key", "")
	}
	policy := &postPolicy{largest: maxObjectBytes}
	if encoded, ok := f.values["policy"]; ok {
		read, refusal := readPolicy(encoded)
		if refusal == nil {
			refusal = read.check(f, bucket, time.Now())
		}
		if refusal != nil {
			return nil, refusal
		}
		policy = read
	}
	if err := f.readFile(file, parts, policy); err != nil {
		return nil, formError(err)
	}
	return f, nil
}

// readFields reads the fields in front of the file, and returns the file.
func (f *form) readFields(parts *multipart.Reader) (file *multipart.Part, err error) {
	size := 0
	for range maxFormCount {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return nil, notOneFile(0)
		}
		if err != nil {
			return nil, err
		}
		name := strings.ToLower(p.FormName())
		if name == "" {
			return nil, malformedForm()
		}
		if name == "file" {
			_, parameters, _ := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
			f.filename = parameters["filename"]
			return p, nil
		}
		value, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		if size += len(name) + len(value); size > maxFormFields {
			return nil, errFormTooLong
		}
		if _, ok := f.values[name]; !ok {
			f.order = append(f.order, name)
		}
		f.values[name] = string(value)
	}
	return nil, errFormTooLong
}

// expand replaces ${filename} in the fields. Of a path, the last part is the name.
func (f *form) expand() {
	name := f.filename[strings.LastIndexAny(f.filename, `/\`)+1:]
	for field, value := range f.values {
		if !isExempt(field) {
			f.values[field] = strings.ReplaceAll(value, "${filename}", name)
		}
	}
}

// readFile reads the file, and counts those behind it.
func (f *form) readFile(file io.Reader, parts *multipart.Reader, policy *postPolicy) error {
	var err error
	if f.content, err = io.ReadAll(io.LimitReader(file, max(policy.largest, 0)+1)); err != nil {
		return err
	}
	if refusal := policy.checkSize(int64(len(f.content))); refusal != nil {
		return refusal
	}
	files := 1
	for range maxFormCount {
		p, err := parts.NextRawPart()
		switch {
		case err == io.EOF && files == 1:
			return nil
		case err == io.EOF:
			return notOneFile(files)
		case err != nil:
			return err
		case strings.EqualFold(p.FormName(), "file"):
			files++
		}
	}
	return errFormTooLong
}

// header returns the fields as those of the header of a PUT.
func (f *form) header() http.Header {
	header := make(http.Header)
	for name, value := range f.values {
		header.Set(name, value)
	}
	return header
}

// checkSums compares the file with the checksums that the form declares.
func (f *form) checkSums() error {
	header := f.header()
	sums, refusal := declaredSums(header)
	if refusal != nil {
		return refusal
	}
	for _, s := range sums {
		s.hash.Write(f.content)
		if err := s.verify(nil); err != nil {
			return err
		}
	}
	want := header.Get("Content-Md5")
	if sum := md5.Sum(f.content); want != "" && want != base64.StdEncoding.EncodeToString(sum[:]) {
		return gofakes3.ErrBadDigest
	}
	return nil
}

// answer answers as the form asks.
func (f *form) answer(c call, key string) {
	sum := md5.Sum(f.content)
	etag, location := gofakes3.FormatETag(sum[:]), c.location(key)
	header := c.writer.Header()
	header.Set("ETag", etag)
	header.Set("Location", location)
	if to := f.redirect(c.address.Bucket, key, etag); to != "" {
		header.Set("Location", to)
		c.writer.WriteHeader(http.StatusSeeOther)
		return
	}
	switch status, _ := strconv.Atoi(f.values["success_action_status"]); status {
	case http.StatusCreated:
		c.writeXMLStatus(status, struct {
			XMLName                     xml.Name `xml:"PostResponse"`
			Location, Bucket, Key, ETag string
		}{Location: location, Bucket: c.address.Bucket, Key: key, ETag: etag})
	case http.StatusOK:
		c.writer.WriteHeader(status)
	default:
		c.writer.WriteHeader(http.StatusNoContent)
	}
}

// redirect returns where the form wants the browser to go; "" if it does not say,
// or not with a URL.
func (f *form) redirect(bucket, key, etag string) string {
	to, ok := f.values["success_action_redirect"]
	if !ok {
		to = f.values["redirect"] // its old name
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "bucket=" + url.QueryEscape(bucket) + "&key=" + url.QueryEscape(key) + "&etag=" + url.QueryEscape(etag)
	return u.String()
}

// A boundedReader fails when more is read than may be.
type boundedReader struct {
	source io.Reader
	left   int64
}

var errFormTooLong = errors.New("the fields of the form are too long")

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errFormTooLong
	}
	n, err := b.source.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// formError returns what to answer to a form that cannot be read.
func formError(err error) error {
	var refusal *s3cors.Error
	var told gofakes3.Error
	switch {
	case errors.As(err, &refusal), errors.As(err, &told):
		return err
	case errors.Is(err, errFormTooLong):
		return corsserver.BadRequest("MaxPostPreDataLengthExceeded",
			"Your POST request fields preceding the upload file were too large.",
			s3cors.Element{Name: "MaxPostPreDataLengthBytes", Value: strconv.Itoa(maxFormFields)})
	}
	return malformedForm()
}

func malformedForm() error {
	return corsserver.BadRequest("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
}

func notOneFile(count int) error {
	return invalidArgument("POST requires exactly one file upload per request.", "file", strconv.Itoa(count))
}
