package main

import (
	"net/http"
	"strconv"

	"github.com/s3cors/s3cors"
)

// What the gateway itself refuses, in S3's words.

func notImplemented() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
		Message: "This functionality is not implemented."}
}

// headerNotImplemented names the field at fault in lower case.
func headerNotImplemented(name string) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
		Message:  "A header you provided implies functionality that is not implemented",
		Elements: []s3cors.Element{{Name: "Header", Value: name}}}
}

// methodNotAllowed is 10/not-allowed-elsewhere.
func methodNotAllowed(method string, target s3cors.Target) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed",
		Message:  "The specified method is not allowed against this resource.",
		Elements: []s3cors.Element{{Name: "Method", Value: method}, {Name: "ResourceType", Value: resourceTypes[target]}}}
}

var resourceTypes = map[s3cors.Target]string{
	s3cors.TargetObject: "OBJECT", s3cors.TargetBucket: "BUCKET", s3cors.TargetService: "SERVICE",
}

func noSuchUpload() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotFound, Code: "NoSuchUpload",
		Message: "The specified upload does not exist. The upload ID may be invalid, or the upload may have been " +
			"aborted or completed."}
}

func badRequest(code, message string, elements ...s3cors.Element) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusBadRequest, Code: code, Message: message, Elements: elements}
}

func invalidURI() *s3cors.Error {
	return badRequest("InvalidURI", "Couldn't parse the specified URI.")
}

func invalidBucketName(bucket string) *s3cors.Error {
	return badRequest("InvalidBucketName", "The specified bucket is not valid.",
		s3cors.Element{Name: "BucketName", Value: bucket})
}

func entityTooLarge() *s3cors.Error {
	return badRequest("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
		s3cors.Element{Name: "MaxSizeAllowed", Value: strconv.Itoa(maxObjectBytes)})
}

func missingContentLength() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusLengthRequired, Code: "MissingContentLength",
		Message: "You must provide the Content-Length HTTP header."}
}

// headerTooLarge is 10/too-large.
func headerTooLarge() *s3cors.Error {
	return badRequest("RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size.",
		s3cors.Element{Name: "MaxSizeAllowed", Value: strconv.Itoa(maxHeaderBytes)})
}
