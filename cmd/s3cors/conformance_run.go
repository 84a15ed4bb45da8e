package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/internal/printable"
)

// An outcome is what a run ends with.
type outcome struct {
	results []conformance.Result
	err     error
}

// ask runs the vectors, until the run is over or a signal ends it. A status other than
// exitFine is that of a run that was interrupted, about which all is said.
func (t *tool) ask(target conformance.Target, opts conformance.Options, total int) ([]conformance.Result, int, error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)

	seen := newTraces(target, opts.Bucket)
	line := &progress{total: total, now: time.Now}
	if isTerminal(t.stderr) {
		line.terminal = t.stderr
	}
	opts.Report = line.add
	if opts.Put != nil {
		opts.Put = seen.noting(opts.Put)
	}
	over := make(chan outcome, 1)
	go func() {
		results, err := conformance.Run(ctx, seen, opts)
		over <- outcome{results, err}
	}()

	var caught os.Signal
	select {
	case o := <-over:
		line.clear()
		return o.results, exitFine, t.failed(o.err)
	case caught = <-signals:
	}
	cancel(fmt.Errorf("%v", caught))
	line.clear()
	t.note("%v: tidying up; a second one ends this at once", caught)
	select {
	case o := <-over:
		t.note("%v: %d of %d vectors were asked", caught, line.done, total)
		t.leftovers(o.err)
	case caught = <-signals:
		t.note("%v: what is left behind: %v", caught, seen)
	}
	return nil, statusOf(caught), nil
}

// failed reports what a run left behind, and returns the error because of which it is
// none, nil if there is none.
func (t *tool) failed(err error) error {
	t.leftovers(err)
	var none *conformance.NotRunError
	if errors.As(err, &none) {
		return none
	}
	return nil
}

// leftovers reports what could not be tidied up.
func (t *tool) leftovers(err error) {
	var left *conformance.LeftoverError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			t.leftovers(err)
		}
	} else if errors.As(err, &left) {
		t.note("%v", left)
	}
}

// note prints a line on standard error.
func (t *tool) note(format string, args ...any) {
	fmt.Fprintln(t.stderr, "s3cors: conformance: "+printable.String(fmt.Sprintf(format, args...)))
}

// statusOf is the exit status that a shell has for a program that a signal ended.
func statusOf(s os.Signal) int {
	if number, ok := s.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return exitFailed
}
