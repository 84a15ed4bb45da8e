package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

// A sliced plan is how the working tree is measured against an older commit. Many short
// slices by turns, so that whatever else the machine does hits all sides alike.
type sliced struct {
	layouts   int           // binaries of each side, each with another layout of its functions
	rounds    int           // of each layout
	benchtime time.Duration // of a slice
}

// against measures the working tree, an older commit of it, and the peers of package suite
// on all contests.
func against(commit string, p sliced, log io.Writer) (*comparison, error) {
	// An interrupt ends what runs, and the loop; the worktree is removed then as well.
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := os.MkdirTemp("", "s3cors-against-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	tree := filepath.Join(dir, "older")
	if _, err := execute("git", "worktree", "add", "--detach", tree, commit); err != nil {
		return nil, err
	}
	defer execute("git", "worktree", "remove", "--force", tree)
	sides, err := buildSides(dir, tree, p.layouts, log)
	if err != nil {
		return nil, err
	}
	c := &comparison{commit: commit, plan: p, samples: make(samples)}
	for round := range p.rounds {
		for layout := range p.layouts {
			if err := interrupted.Err(); err != nil {
				return nil, err
			}
			fmt.Fprintf(log, "round %d of %d, layout %d of %d\n", round+1, p.rounds, layout+1, p.layouts)
			if err := c.round(sides, layout); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// sides are the binaries of all layouts: of package work with the working tree and with
// the older commit, and of package suite, where the peers are.
type sides struct{ newer, older, peers []string }

func buildSides(dir, olderTree string, layouts int, log io.Writer) (*sides, error) {
	newerTree, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	var s sides
	if s.newer, err = buildWork(dir, newer, newerTree, layouts, log); err != nil {
		return nil, err
	}
	if s.older, err = buildWork(dir, older, olderTree, layouts, log); err != nil {
		return nil, err
	}
	s.peers, err = build(dir, layouts, log)
	return &s, err
}

// buildWork builds package work as it is here with the s3cors of a tree, in a module that
// has nothing else. Its results have the name of the engine.
func buildWork(dir, engine, tree string, layouts int, log io.Writer) ([]string, error) {
	dir = filepath.Join(dir, "work-"+engine)
	if err := os.CopyFS(filepath.Join(dir, "work"), os.DirFS("work")); err != nil {
		return nil, err
	}
	module := fmt.Sprintf("module github.com/s3cors/s3cors/bench\n\ngo 1.26.0\n\n"+
		"require github.com/s3cors/s3cors v0.0.0\n\nreplace github.com/s3cors/s3cors => %s\n", tree)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o644); err != nil {
		return nil, err
	}
	var tags string
	if _, err := os.Stat(filepath.Join(tree, "corshttp", "server.go")); err != nil {
		tags = "before_server"
	}
	var binaries []string
	for seed := 1; seed <= layouts; seed++ {
		fmt.Fprintf(log, "building layout %d of %d, %s\n", seed, layouts, engine)
		binary := filepath.Join(dir, fmt.Sprintf("work-%d.test", seed))
		link := fmt.Sprintf("-ldflags=-randlayout=%d -X=github.com/s3cors/s3cors/bench/work.Engine=%s", seed, engine)
		_, err := execute("go", "test", "-C", dir, "-c", "-o", binary, "-tags="+tags, link, "./work")
		if err != nil {
			return nil, err
		}
		binaries = append(binaries, binary)
	}
	return binaries, nil
}

// round measures one slice of everything, contest by contest, so that what is compared is
// measured within a moment.
func (c *comparison) round(s *sides, layout int) error {
	for _, contest := range contests() {
		for _, slice := range []struct {
			binary  string
			engines []string
		}{
			{s.newer[layout], []string{newer}},
			{s.older[layout], []string{older}},
			{s.peers[layout], contest.peers()},
		} {
			if err := c.slice(&contest, slice.binary, slice.engines); err != nil {
				return err
			}
		}
	}
	return nil
}

// slice runs a binary on a contest, for these engines. What it prints must have a result of
// each.
func (c *comparison) slice(of *contest, binary string, engines []string) error {
	if len(engines) == 0 {
		return nil
	}
	output, err := execute(binary, "-test.run=^$", "-test.bench="+of.pattern(engines), "-test.benchtime="+c.plan.benchtime.String(), "-test.cpu=1")
	if err != nil {
		return err
	}
	slice := make(samples)
	if _, err := slice.add(output, 1); err != nil {
		return err
	}
	for _, engine := range engines {
		s := slice[of.key(engine)]
		if s == nil {
			return fmt.Errorf("%s printed no result of %s", binary, of.key(engine))
		}
		c.samples.extend(of.key(engine), s)
	}
	return nil
}
