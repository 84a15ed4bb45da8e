package main

import (
	"bytes"
	"encoding/xml"
	"net/http"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
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
	refused int          // the status of an error,
	held    bytes.Buffer // whose body is held back
	started bool
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) WriteHeader(status int) {
	if status >= http.StatusBadRequest && !a.started {
		a.refused = status
		return
	}
	a.start()
	a.ResponseWriter.WriteHeader(status)
}

// start sets what the header lacks.
func (a *answer) start() {
	if a.started {
		return
	}
	a.started = true
	h := a.Header()
	h.Set("X-Amz-Request-Id", a.ids.RequestID)
	h.Set("X-Amz-Id-2", a.ids.HostID)
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

// refuse answers with an error.
func (a *answer) refuse(err *s3cors.Error) {
	a.leaveBody()
	corshttp.WriteError(a.ResponseWriter, err.InBucket(a.bucket, a.options...), a.ids, a.options...)
}

// backendError returns S3's error for one of gofakes3, which knows few messages.
func backendError(status int, code, message string) *s3cors.Error {
	if code == "" {
		code = codes[status]
	}
	if text, ok := messages[code]; ok {
		message = text
	}
	switch {
	case code == "":
		code, message = "InternalError", messages["InternalError"]
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

// messages are S3's, by code.
var messages = map[string]string{
	"BadDigest":           "The Content-MD5 you specified did not match what we received.",
	"BucketAlreadyExists": "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
	"BucketNotEmpty":      "The bucket you tried to delete is not empty",
	"IncompleteBody":      "You did not provide the number of bytes specified by the Content-Length HTTP header",
	"InternalError":       "We encountered an internal error. Please try again.",
	"InvalidDigest":       "The Content-MD5 you specified was invalid.",
	"InvalidPart":         "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
	"InvalidPartOrder":    "The list of parts was not in ascending order. Parts must be ordered by part number.",
	"InvalidRange":        "The requested range is not satisfiable",
	"KeyTooLongError":     "Your key is too long",
	"MetadataTooLarge":    "Your metadata headers exceed the maximum allowed metadata size.",
	"NoSuchBucket":        "The specified bucket does not exist",
	"NoSuchKey":           "The specified key does not exist.",
	"NoSuchUpload":        noSuchUpload().Message,
	"NoSuchVersion":       "The specified version does not exist.",
}
