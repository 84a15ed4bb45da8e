package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/s3cors/s3cors/bench/suite"
)

// A measurement is all that the report says.
type measurement struct {
	plan     plan
	started  time.Time
	cpu      string
	cores    int
	samples  samples
	holdings []suite.Holding
}

// measure builds, checks and runs the benchmarks.
func measure(p plan, log io.Writer) (*measurement, error) {
	m := &measurement{plan: p, started: time.Now(), cores: runtime.NumCPU(), samples: make(samples)}
	dir, err := os.MkdirTemp("", "s3cors-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binaries, err := build(dir, p.layouts, log)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(log, "checking that all give the same verdicts")
	if _, err := execute(binaries[0], "-test.run=."); err != nil {
		return nil, err
	}
	for pass := range p.passes {
		for i, binary := range binaries {
			fmt.Fprintf(log, "pass %d of %d, layout %d of %d\n", pass+1, p.passes, i+1, len(binaries))
			if err := m.benchmark(binary); err != nil {
				return nil, err
			}
		}
	}
	fmt.Fprintln(log, "measuring memory")
	m.holdings = suite.Holdings()
	return m, nil
}

// build links the tests of package suite several times. Where a function happens
// to lie can change its speed by a tenth; a random layout each time turns that
// error into one that a median removes.
func build(dir string, layouts int, log io.Writer) ([]string, error) {
	var binaries []string
	for seed := 1; seed <= layouts; seed++ {
		fmt.Fprintf(log, "building layout %d of %d\n", seed, layouts)
		binary := filepath.Join(dir, fmt.Sprintf("suite-%d.test", seed))
		if _, err := execute("go", "test", "-c", "-o", binary, fmt.Sprintf("-ldflags=-randlayout=%d", seed), "./suite"); err != nil {
			return nil, err
		}
		binaries = append(binaries, binary)
	}
	return binaries, nil
}

// benchmark runs every case once: all but Parallel on one processor, so that an
// engine pays for its garbage itself.
func (m *measurement) benchmark(binary string) error {
	benchtime := "-test.benchtime=" + m.plan.benchtime.String()
	serial, err := execute(binary, "-test.run=^$", "-test.bench=.", "-test.skip=^BenchmarkParallel", benchtime, "-test.cpu=1")
	if err != nil {
		return err
	}
	if err := m.add(serial, 1); err != nil {
		return err
	}
	for _, procs := range m.processors() {
		parallel, err := execute(binary, "-test.run=^$", "-test.bench=^BenchmarkParallel", benchtime, fmt.Sprintf("-test.cpu=%d", procs))
		if err != nil {
			return err
		}
		if err := m.add(parallel, procs); err != nil {
			return err
		}
	}
	return nil
}

// processors are those that Parallel runs on: one, and all.
func (m *measurement) processors() []int {
	if m.cores == 1 {
		return []int{1}
	}
	return []int{1, m.cores}
}

func (m *measurement) add(output []byte, procs int) error {
	cpu, err := m.samples.add(output, procs)
	m.cpu = cmp.Or(cpu, m.cpu)
	return err
}

// execute returns what a command printed; its errors include that.
func execute(name string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	command := exec.Command(name, args...)
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s%s", command, err, out, stderr.Bytes())
	}
	return out, nil
}
