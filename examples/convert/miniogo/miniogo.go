// Package miniogo converts between configurations and those of minio-go.
//
// Minio-go sends no empty value: a MaxAgeSeconds of 0 and an empty ID stand for
// absent ones, and empty strings vanish from lists. S3 keeps all of these apart,
// so a configuration that has them cannot be converted without a loss, and is
// not.
package miniogo

import (
	"errors"
	"fmt"
	"slices"

	"github.com/minio/minio-go/v7/pkg/cors"

	"github.com/s3cors/s3cors"
)

// FromConfig returns the configuration that c stands for; nil, a bucket without
// one, for nil, as GetBucketCors and Compile have it. A MaxAgeSeconds of 0 and
// an empty ID are absent ones. It shares nothing with c, and is not validated.
func FromConfig(c *cors.Config) *s3cors.Configuration {
	if c == nil {
		return nil
	}
	converted := new(s3cors.Configuration)
	for _, rule := range c.CORSRules {
		r := s3cors.Rule{
			AllowedOrigins: slices.Clone(rule.AllowedOrigin),
			AllowedMethods: slices.Clone(rule.AllowedMethod),
			AllowedHeaders: slices.Clone(rule.AllowedHeader),
			ExposeHeaders:  slices.Clone(rule.ExposeHeader),
		}
		if rule.ID != "" {
			r.ID = new(rule.ID)
		}
		if rule.MaxAgeSeconds != 0 {
			r.MaxAgeSeconds = new(int64(rule.MaxAgeSeconds))
		}
		converted.CORSRules = append(converted.CORSRules, r)
	}
	return converted
}

// ToConfig returns what stands for c in minio-go; nil for nil, which makes
// SetBucketCors remove the configuration. It shares nothing with c. The error
// names every value that minio-go cannot send: what is there but empty or 0, and
// a MaxAgeSeconds that is no int. There is no Config then.
func ToConfig(c *s3cors.Configuration) (*cors.Config, error) {
	if c == nil {
		return nil, nil
	}
	var rules []cors.Rule
	var errs []error
	for i, rule := range c.CORSRules {
		for _, path := range unsendable(rule) {
			errs = append(errs, fmt.Errorf("CORSRules[%d].%s: minio-go cannot send this value", i, path))
		}
		r := cors.Rule{
			AllowedOrigin: slices.Clone(rule.AllowedOrigins),
			AllowedMethod: slices.Clone(rule.AllowedMethods),
			AllowedHeader: slices.Clone(rule.AllowedHeaders),
			ExposeHeader:  slices.Clone(rule.ExposeHeaders),
		}
		if rule.ID != nil {
			r.ID = *rule.ID
		}
		if rule.MaxAgeSeconds != nil {
			r.MaxAgeSeconds = int(*rule.MaxAgeSeconds)
		}
		rules = append(rules, r)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return cors.NewConfig(rules), nil
}

// unsendable returns the paths, in the rule, of what minio-go cannot send.
func unsendable(rule s3cors.Rule) []string {
	var paths []string
	if rule.ID != nil && *rule.ID == "" {
		paths = append(paths, "ID")
	}
	for _, list := range []struct {
		name   string
		values []string
	}{
		{"AllowedOrigins", rule.AllowedOrigins},
		{"AllowedMethods", rule.AllowedMethods},
		{"AllowedHeaders", rule.AllowedHeaders},
		{"ExposeHeaders", rule.ExposeHeaders},
	} {
		for i, value := range list.values {
			if value == "" {
				paths = append(paths, fmt.Sprintf("%s[%d]", list.name, i))
			}
		}
	}
	if age := rule.MaxAgeSeconds; age != nil && (*age == 0 || int64(int(*age)) != *age) {
		paths = append(paths, "MaxAgeSeconds")
	}
	return paths
}
