// Package store stands for the storage server that each example puts CORS in
// front of. It has three buckets: Photos with a CORS configuration, Private
// without one, and Broken, whose configuration cannot be read.
package store

import (
	"context"
	"errors"
	"net/http"

	"github.com/s3cors/s3cors"
)

// The buckets that exist.
const (
	Photos  = "photos"
	Private = "private"
	Broken  = "broken"
)

var photos = mustCompile(&s3cors.Configuration{CORSRules: []s3cors.Rule{
	{
		AllowedOrigins: []string{"https://app.example.com"},
		AllowedMethods: []string{"GET", "PUT"},
		AllowedHeaders: []string{"content-type", "x-amz-*"},
		ExposeHeaders:  []string{"ETag", "x-amz-request-id"},
		MaxAgeSeconds:  new(int64(3000)),
	},
	{
		AllowedOrigins: []string{"*"},
		AllowedMethods: []string{"GET"},
	},
}})

func mustCompile(c *s3cors.Configuration) *s3cors.Policy {
	policy, err := s3cors.Compile(c)
	if err != nil {
		panic(err)
	}
	return policy
}

// Policy returns the policy of a bucket. It fails for Broken.
func Policy(_ context.Context, bucket string) (*s3cors.Policy, error) {
	switch bucket {
	case Photos:
		return photos, nil
	case Private:
		return nil, nil
	case Broken:
		return nil, errors.New("the disk is on fire")
	}
	return s3cors.NoSuchBucket(), nil
}

// Object returns the answer to a request for an object: each bucket has one,
// cat.jpg.
func Object(bucket, key string) (status int, contentType string, body []byte) {
	switch {
	case bucket != Photos && bucket != Private && bucket != Broken:
		return failure("NoSuchBucket", "The specified bucket does not exist")
	case key != "cat.jpg":
		return failure("NoSuchKey", "The specified key does not exist.")
	}
	return http.StatusOK, "image/jpeg", []byte("a cat in " + bucket)
}

func failure(code, message string) (int, string, []byte) {
	err := s3cors.Error{Status: http.StatusNotFound, Code: code, Message: message}
	return err.Status, "application/xml", err.AppendXML(nil, s3cors.IDs{})
}
