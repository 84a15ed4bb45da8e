package main

import (
	"net/http"
	"strconv"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// What the gateway itself refuses, in S3's words.

func notImplemented() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
		Message: "This functionality is not implemented."}
}

func internalError() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusInternalServerError, Code: "InternalError",
		Message: "We encountered an internal error. Please try again."}
}

func invalidArgument(message, name, value string) *s3cors.Error {
	return corsserver.BadRequest("InvalidArgument", message,
		s3cors.Element{Name: "ArgumentName", Value: name}, s3cors.Element{Name: "ArgumentValue", Value: value})
}

func noSuchUpload() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotFound, Code: "NoSuchUpload",
		Message: "The specified upload does not exist. The upload ID may be invalid, or the upload may have been " +
			"aborted or completed."}
}

func invalidURI() *s3cors.Error {
	return corsserver.BadRequest("InvalidURI", "Couldn't parse the specified URI.")
}

func invalidBucketName(bucket string) *s3cors.Error {
	return corsserver.BadRequest("InvalidBucketName", "The specified bucket is not valid.",
		s3cors.Element{Name: "BucketName", Value: bucket})
}

func entityTooLarge() *s3cors.Error {
	return corsserver.BadRequest("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
		s3cors.Element{Name: "MaxSizeAllowed", Value: strconv.Itoa(maxObjectBytes)})
}

func missingContentLength() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusLengthRequired, Code: "MissingContentLength",
		Message: "You must provide the Content-Length HTTP header."}
}

// headerTooLarge is 10/too-large.
func headerTooLarge() *s3cors.Error {
	return corsserver.BadRequest("RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size.",
		s3cors.Element{Name: "MaxSizeAllowed", Value: strconv.Itoa(maxHeaderBytes)})
}
