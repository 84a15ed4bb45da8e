// Package awssdk converts between configurations and the rules of
// aws-sdk-go-v2.
//
// The two say the same, but for MaxAgeSeconds, which is an int32 in the SDK: S3
// stores larger numbers. Reading such a configuration from a server, the SDK
// itself cuts the number down without an error, before any conversion.
package awssdk

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3cors/s3cors"
)

// FromRules returns the configuration with the given rules, such as those of a
// GetBucketCorsOutput. It shares nothing with them, and is not validated.
func FromRules(rules []types.CORSRule) *s3cors.Configuration {
	c := new(s3cors.Configuration)
	for _, rule := range rules {
		r := s3cors.Rule{
			ID:             clone(rule.ID),
			AllowedOrigins: slices.Clone(rule.AllowedOrigins),
			AllowedMethods: slices.Clone(rule.AllowedMethods),
			AllowedHeaders: slices.Clone(rule.AllowedHeaders),
			ExposeHeaders:  slices.Clone(rule.ExposeHeaders),
		}
		if rule.MaxAgeSeconds != nil {
			r.MaxAgeSeconds = new(int64(*rule.MaxAgeSeconds))
		}
		c.CORSRules = append(c.CORSRules, r)
	}
	return c
}

// ToRules returns the rules of a configuration, for a types.CORSConfiguration;
// nil for nil. They share nothing with it. The error names every MaxAgeSeconds
// that is no int32; there are no rules then.
func ToRules(c *s3cors.Configuration) ([]types.CORSRule, error) {
	if c == nil {
		return nil, nil
	}
	var rules []types.CORSRule
	var errs []error
	for i, rule := range c.CORSRules {
		r := types.CORSRule{
			ID:             clone(rule.ID),
			AllowedOrigins: slices.Clone(rule.AllowedOrigins),
			AllowedMethods: slices.Clone(rule.AllowedMethods),
			AllowedHeaders: slices.Clone(rule.AllowedHeaders),
			ExposeHeaders:  slices.Clone(rule.ExposeHeaders),
		}
		if age := rule.MaxAgeSeconds; age != nil {
			if *age < math.MinInt32 || *age > math.MaxInt32 {
				errs = append(errs, fmt.Errorf("CORSRules[%d].MaxAgeSeconds: %d does not fit in 32 bits", i, *age))
			}
			r.MaxAgeSeconds = new(int32(*age))
		}
		rules = append(rules, r)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return rules, nil
}

func clone(s *string) *string {
	if s == nil {
		return nil
	}
	return new(*s)
}
