package conformance

import (
	"fmt"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// judgePut compares the answer to the PUT ?cors of a document with what is expected of
// it. It is used for the configuration of a decision, too, if S3 refuses that.
func judgePut(v *vectors.Vector, res *Response) []Diff {
	var d differences
	d.texts(rankStatus, "status", status(*v.Expect.Status), status(res.Status))
	if v.Expect.Error != nil {
		d.errorBody(v.Dialect, v.Expect.Error, res.Body)
	}
	return d.list()
}

// judgeGet compares the answer to the GET ?cors that follows.
func judgeGet(v *vectors.Vector, res *Response) []Diff {
	var d differences
	d.texts(rankStatus, "status", "200", status(res.Status))
	if v.Expect.XML != "" {
		d.texts(rankBytes, "xml", v.Expect.XML, string(res.Body))
	}
	if v.Expect.Config != nil {
		d.config(v.Expect.Config, res.Body)
	}
	if v.Expect.Rules != 0 {
		d.texts(rankConfig, "config", fmt.Sprintf("%d rules", v.Expect.Rules), rulesIn(res.Body))
	}
	return d.list()
}

// rulesIn is the number of rules of a configuration that is too long to be shown.
func rulesIn(body []byte) string {
	if len(body) == 0 {
		return Absent
	}
	c, err := configFromXML(body)
	if err != nil {
		return NotRead
	}
	return fmt.Sprintf("%d rules", len(c.Rules))
}
