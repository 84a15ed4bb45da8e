package main

import (
	"bytes"
	"encoding/xml"
	"maps"
	"net/http"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// An answer makes what gofakes3 answers into what S3 does: the ids of the request
// are ours, XML has its type, and errors have S3's form and a message, without
// which clients can tell their users nothing. It waits for no body that was not
// read.
type answer struct {
	http.ResponseWriter
	ids     s3cors.IDs
	bucket  string
	options []s3cors.Option
	request *http.Request
	body    *patientBody // of the request
	before  http.Header  // what was set in front of gofakes3
	refused int          // the status of an error,
	held    bytes.Buffer // whose body is held back
	started bool
	cut     bool // it failed after it had started; nothing more may be sent
}

func newAnswer(w http.ResponseWriter, r *http.Request, ids s3cors.IDs, body *patientBody) *answer {
	return &answer{ResponseWriter: w, ids: ids, request: r, body: body, before: w.Header().Clone()}
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) WriteHeader(status int) {
	switch {
	case status >= http.StatusBadRequest && a.started:
		a.cut = true
	case status >= http.StatusBadRequest:
		a.refused = status
	default:
		a.start()
		a.ResponseWriter.WriteHeader(status)
	}
}

// start sets what the header lacks, and takes out what says nothing.
func (a *answer) start() {
	if a.started {
		return
	}
	a.started = true
	h := a.Header()
	h.Set("X-Amz-Request-Id", a.ids.RequestID)
	h.Set("X-Amz-Id-2", a.ids.HostID)
	if h.Get("X-Amz-Delete-Marker") == "false" { // S3 says true or nothing
		h.Del("X-Amz-Delete-Marker")
	}
	if etag := h.Get(etagField); etag != "" {
		h.Set("ETag", etag)
		h.Del(etagField)
	}
	a.leaveBody()
}

func (a *answer) leaveBody() {
	if !a.body.ended {
		corshttp.LeaveBody(a.ResponseWriter, a.request)
	}
}

// maxErrorBytes bounds what is read of an error of gofakes3.
const maxErrorBytes = 64 << 10

func (a *answer) Write(p []byte) (int, error) {
	if a.cut {
		return len(p), nil
	}
	if a.refused != 0 {
		a.held.Write(p[:min(len(p), maxErrorBytes-a.held.Len())])
		return len(p), nil
	}
	a.start()
	if a.Header().Get("Content-Type") == "" { // objects all have one
		a.Header().Set("Content-Type", "application/xml")
	}
	return a.ResponseWriter.Write(p)
}

// finish answers with the error that was held back, or lets the server answer
// where gofakes3 said nothing at all.
func (a *answer) finish() {
	if a.cut {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
	if a.refused == 0 {
		a.start()
		return
	}
	var said struct {
		Code, Message string
	}
	// What is no XML leaves said empty.
	_ = xml.Unmarshal(a.held.Bytes(), &said)
	a.refuse(backendError(a.refused, said.Code, said.Message))
}

// refuse answers with an error, without what was to go with an object. Whatever
// became of a body that stalled, it is the reason.
func (a *answer) refuse(err *s3cors.Error) {
	if a.body.stalled {
		err = corsserver.RequestTimeout()
	}
	a.started = true
	h := a.Header()
	clear(h)
	maps.Copy(h, a.before)
	a.leaveBody()
	corshttp.WriteError(a.ResponseWriter, err.InBucket(a.bucket, a.options...), a.ids, a.options...)
}

// backendError returns S3's error for one of gofakes3, which knows few messages.
func backendError(status int, code, message string) *s3cors.Error {
	if code == "" {
		code = codes[status]
	}
	if known, ok := statuses[code]; ok {
		status = known
	}
	if text, ok := messages[code]; ok && !strings.HasSuffix(message, badChecksum) {
		message = text
	}
	switch {
	case code == "":
		code, message = "InternalError", internalError().Message
	case message == "":
		message = http.StatusText(status)
	}
	return &s3cors.Error{Status: status, Code: code, Message: message}
}

// codes are for answers that have no body, those to HEAD.
var codes = map[int]string{
	http.StatusNotFound:                     "NoSuchKey",
	http.StatusPreconditionFailed:           "PreconditionFailed",
	http.StatusRequestedRangeNotSatisfiable: "InvalidRange",
}

// statuses are S3's where gofakes3 has another.
var statuses = map[string]int{"MethodNotAllowed": http.StatusMethodNotAllowed}

// messages are S3's, by code.
var messages = map[string]string{
	"BadDigest":          "The Content-MD5 you specified did not match what we received.",
	"BucketNotEmpty":     "The bucket you tried to delete is not empty",
	"IncompleteBody":     "You did not provide the number of bytes specified by the Content-Length HTTP header",
	"InternalError":      internalError().Message,
	"InvalidDigest":      "The Content-MD5 you specified was invalid.",
	"InvalidPart":        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
	"InvalidPartOrder":   "The list of parts was not in ascending order. Parts must be ordered by part number.",
	"InvalidRange":       "The requested range is not satisfiable",
	"KeyTooLongError":    "Your key is too long",
	"MalformedXML":       "The XML you provided was not well-formed or did not validate against our published schema",
	"MetadataTooLarge":   "Your metadata headers exceed the maximum allowed metadata size.",
	"NoSuchBucket":       "The specified bucket does not exist",
	"NoSuchKey":          "The specified key does not exist.",
	"NoSuchUpload":       noSuchUpload().Message,
	"NoSuchVersion":      "The specified version does not exist.",
	"PreconditionFailed": "At least one of the pre-conditions you specified did not hold",
}
