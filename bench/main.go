// Command bench does the same work with s3cors and with its peers, in one run,
// and prints how long each took:
//
//	go run -C bench . [-quick] [-write]
//
// It builds the benchmarks of package suite several times, each time with the
// functions laid out otherwise in memory, checks that all engines give S3's
// verdicts, runs the binaries by turns, and reports medians over all runs.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// A plan is how much is measured.
type plan struct {
	layouts   int           // binaries, each with another layout of its functions
	passes    int           // runs of each binary, interleaved
	benchtime time.Duration // of each case in each run
	buckets   []int         // sizes of the fleets whose memory is measured
}

var (
	full  = plan{layouts: 5, passes: 2, benchtime: 20 * time.Millisecond, buckets: []int{10_000, 1_000_000}}
	quick = plan{layouts: 2, passes: 1, benchtime: 5 * time.Millisecond, buckets: []int{10_000}}
)

func main() {
	isQuick := flag.Bool("quick", false, "measure in half a minute, roughly, and without the fleet of a million buckets")
	write := flag.Bool("write", false, "write RESULTS.md and the plots")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run -C bench . [-quick] [-write]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	p := full
	if *isQuick {
		p = quick
	}
	if err := run(p, *write, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures, prints the report to out and tells progress to log.
func run(p plan, write bool, out, log io.Writer) error {
	m, err := measure(p, log)
	if err != nil {
		return err
	}
	report := m.markdown()
	if _, err := io.WriteString(out, report); err != nil || !write {
		return err
	}
	if err := os.WriteFile("RESULTS.md", []byte(report), 0o644); err != nil {
		return err
	}
	return m.writePlots("plots")
}
