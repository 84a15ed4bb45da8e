//go:build !unix

package work

import "time"

var started = time.Now()

// ProcessorTime returns what a clock tells, for want of something better.
func ProcessorTime() time.Duration { return time.Since(started) }
