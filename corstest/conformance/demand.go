package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A refusal is the answer to a request that had to succeed.
type refusal struct {
	what string
	res  *Response
}

func (e *refusal) Error() string { return e.what + ": the server said " + said(e.res) }

// bucketGone reports whether an error says that a bucket is not there any more.
func bucketGone(err error) bool {
	var e *refusal
	return errors.As(err, &e) && errorCode(e.res) == "NoSuchBucket"
}

// A request that prepares something is repeated if the server says that it is busy.
const (
	maxBusy   = 3
	busyPause = 100 * time.Millisecond
)

// demand sends a request that has to succeed.
func (r *run) demand(ctx context.Context, what string, req *Request) error {
	for n := 0; ; n++ {
		res, err := r.send(ctx, req)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", what, err)
		case res.Status < 300:
			return nil
		case n == maxBusy || !isBusy(res):
			return &refusal{what, res}
		}
		if err := sleep(ctx, busyPause<<n); err != nil {
			return err
		}
	}
}

// isBusy reports whether an answer asks for patience, as S3 does (SlowDown, and
// OperationAborted while a change of the same bucket goes on).
func isBusy(res *Response) bool {
	return res.Status == 503 || res.Status == 409 && errorCode(res) == "OperationAborted"
}

// said is a refusal in a few words.
func said(res *Response) string {
	elements, err := readError(res.Body)
	if err != nil || len(elements) == 0 {
		return fmt.Sprintf("%d", res.Status)
	}
	text := fmt.Sprintf("%d %s", res.Status, joined(lines(elements, "Code")))
	if message := lines(elements, "Message"); message != nil && message[0] != "" {
		text += ": " + message[0]
	}
	return text
}

// errorCode is the code of an error; "" if the answer has none.
func errorCode(res *Response) string {
	elements, _ := readError(res.Body)
	if codes := lines(elements, "Code"); codes != nil {
		return codes[0]
	}
	return ""
}
