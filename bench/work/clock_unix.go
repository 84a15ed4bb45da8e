//go:build unix

package work

import (
	"syscall"
	"time"
)

// ProcessorTime returns how long processors have worked for this process. Where other
// processes want the same processors, it grows more slowly than a clock.
func ProcessorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it knows no error for these arguments
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
