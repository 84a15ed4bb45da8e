// Command bench does the same work with s3cors and with its peers, in one run,
// and prints how long each took:
//
//	go run -C bench . [-quick] [-write] [-against COMMIT] [-scale]
//
// It builds the benchmarks of package suite several times, each time with the
// functions laid out otherwise in memory, checks that all engines give S3's
// verdicts, runs the binaries by turns, and reports medians over all runs.
//
// With -against it builds an older commit as well, and measures both by turns. With
// -scale it measures what many buckets take.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/s3cors/s3cors/bench/suite"
)

// A plan is how much is measured.
type plan struct {
	layouts   int           // binaries, each with another layout of its functions
	passes    int           // runs of each binary, interleaved
	benchtime time.Duration // of each case in each run
	against   sliced
	scale     suite.Load
}

var (
	full = plan{
		layouts: 5, passes: 2, benchtime: 20 * time.Millisecond,
		against: sliced{layouts: 6, rounds: 12, benchtime: 10 * time.Millisecond},
		scale:   suite.Load{Buckets: 1_000_000, Replaced: 50_000, Paced: 10 * time.Second},
	}
	quick = plan{
		layouts: 2, passes: 1, benchtime: 5 * time.Millisecond,
		against: sliced{layouts: 2, rounds: 5, benchtime: 5 * time.Millisecond},
		scale:   suite.Load{Buckets: 10_000, Replaced: 2_000, Paced: time.Second},
	}
)

// parts are what somebody asked for.
type parts struct {
	peers   bool   // everything that is compared with peers
	scale   bool   // what many buckets take
	against string // the commit to compare with, "" for none
	write   bool   // RESULTS.md, the plots, and the figures of the project's README
}

func main() {
	var p parts
	isQuick := flag.Bool("quick", false, "measure less: what takes minutes takes a fraction of a minute, and says less")
	flag.StringVar(&p.against, "against", "", "compare with this `commit`, and print that alone")
	flag.BoolVar(&p.scale, "scale", false, "measure what many buckets take, and print that alone")
	flag.BoolVar(&p.write, "write", false, "measure everything, and write RESULTS.md, the plots and the figures of the project's README; with -against that as well")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run -C bench . [-quick] [-write] [-against COMMIT] [-scale]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	p.peers = p.write || !p.scale && p.against == ""
	p.scale = p.scale || p.peers
	much := full
	if *isQuick {
		much = quick
	}
	if err := run(much, p, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures, prints the report to out and tells progress to log.
func run(much plan, p parts, out, log io.Writer) error {
	r, err := measureParts(much, p, log)
	if err != nil {
		return err
	}
	report := r.markdown()
	if _, err := io.WriteString(out, report); err != nil || !p.write {
		return err
	}
	if err := os.WriteFile("RESULTS.md", []byte(report), 0o644); err != nil {
		return err
	}
	if err := writeFigures("../README.md", report); err != nil {
		return err
	}
	return r.peers.writePlots("plots")
}

func measureParts(much plan, p parts, log io.Writer) (r results, err error) {
	if p.peers {
		if r.peers, err = measure(much, log); err != nil {
			return r, err
		}
	}
	if p.against != "" {
		if r.against, err = against(p.against, much.against, log); err != nil {
			return r, err
		}
	}
	if p.scale {
		fmt.Fprintln(log, "measuring what many buckets take")
		r.scale, err = suite.MeasureLoad(much.scale)
	}
	return r, err
}
