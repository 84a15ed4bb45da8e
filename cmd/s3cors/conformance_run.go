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

// ask runs the vectors, until the run is over or a signal ends it. It returns exitFine
// for a run that is over, and the status to end with for one that a signal ended: about
// that all is said then.
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

	select {
	case o := <-over:
		line.clear()
		none := whyNot(o.err)
		if none != nil {
			t.leftovers(o.err, seen, certain) // one line is enough if nothing was made
		} else {
			t.leftovers(o.err, seen, possible)
		}
		return o.results, exitFine, none
	case first := <-signals:
		cancel(fmt.Errorf("%v", first))
		line.clear()
		t.note("%v: tidying up; a second signal ends this at once", first)
		select {
		case o := <-over:
			t.note("%v: ended behind %d of %d vectors", first, line.done, total)
			t.leftovers(o.err, seen, possible)
			return nil, statusOf(first), nil
		case second := <-signals:
			t.note("%v: may be left behind: %v", second, seen)
			return nil, statusOf(second), nil
		}
	}
}

// whyNot returns the reason why not one vector was asked, nil if there is none.
func whyNot(err error) error {
	var none *conformance.NotRunError
	if errors.As(err, &none) {
		return none
	}
	return nil
}

// leftovers reports the buckets that could not be tidied up, as far as that much is
// known of them: a bucket that a server refused to make is none.
func (t *tool) leftovers(err error, seen *traces, least trace) {
	var left *conformance.LeftoverError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			t.leftovers(err, seen, least)
		}
	} else if errors.As(err, &left) && seen.of(left.Bucket) >= least {
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
