// The s3cors command answers, as Amazon S3 would, what a bucket's CORS
// configuration makes of a request, says why, and looks after configurations and
// the servers that have them.
//
//	s3cors eval        evaluate one request, or with -jsonl a stream of them
//	s3cors explain     say why a request is granted or not, and what would help
//	s3cors check       find what S3 would refuse a configuration for
//	s3cors lint        find what S3 accepts and nobody meant, and mend it
//	s3cors convert     write a configuration in another format
//	s3cors diff        tell what a bucket does otherwise with another configuration
//	s3cors serve       serve a page on this machine to paste a configuration into
//	s3cors conformance ask a server, and find what it does otherwise
//
// The README beside this file states the formats to the letter.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/s3cors/s3cors/internal/printable"
)

// The exit statuses of the command.
const (
	exitFine    = 0 // granted; every document valid; the stream is read
	exitRefused = 1 // not granted; refused; a document that S3 would refuse; not conformant
	exitFailed  = 2 // wrong usage; something could not be read or written; nothing could be asked
)

const usage = `s3cors answers as Amazon S3's bucket CORS would.

Usage:

  s3cors eval [flags]                     evaluate one request, or with -jsonl a stream
  s3cors explain [flags]                  say why a request is granted or not, and what
                                          would help
  s3cors check [flags] FILE…              find what S3 would refuse a configuration for
  s3cors lint [flags] FILE…               find what S3 accepts and nobody meant, and
                                          mend it
  s3cors convert -to FORMAT [flags] FILE  write a configuration in another format
  s3cors diff [flags] OLD NEW             tell what a bucket does otherwise with another
                                          configuration
  s3cors serve [flags]                    serve a page on this machine to paste a
                                          configuration into
  s3cors conformance -endpoint URL        ask a server, and find what it does otherwise
  s3cors help [COMMAND]                   print this, or the flags of a command

Exit status: 0 fine, 1 not granted, refused, found or not alike, 2 wrong usage or
unreadable file.
`

// verbs are the commands.
var verbs = map[string]func(*tool, []string) (int, error){
	"eval": (*tool).eval, "explain": (*tool).explain, "check": (*tool).check, "lint": (*tool).lint,
	"convert": (*tool).convert, "diff": (*tool).diff, "serve": (*tool).serve, "conformance": (*tool).conformance,
}

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the command, without its process. It returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	t := &tool{stdin: stdin, stdout: bufio.NewWriter(stdout), stderr: stderr, colour: wantsColour(stdout)}
	status, err := t.dispatch(args)
	if flushed := t.stdout.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		t.report(err)
		return exitFailed
	}
	return status
}

// A tool is one run of the command.
type tool struct {
	stdin  io.Reader
	stdout *bufio.Writer
	stderr io.Writer
	colour bool // standard output is a terminal that may show colours
}

// dispatch runs the verb that args begin with. An error is one of usage, reading
// or writing, and not yet reported.
func (t *tool) dispatch(args []string) (int, error) {
	if len(args) == 0 {
		return 0, errors.New(`which command? "s3cors help" lists them`)
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return t.help(args[1:])
	}
	run, ok := verbs[args[0]]
	if !ok {
		return 0, unknownCommand(args[0])
	}
	return run(t, args[1:])
}

func unknownCommand(name string) error {
	return fmt.Errorf(`unknown command %q; "s3cors help" lists them`, name)
}

// help prints the usage of the command, or that of the verb in args.
func (t *tool) help(args []string) (int, error) {
	if len(args) == 0 {
		_, err := t.stdout.WriteString(usage)
		return exitFine, err
	}
	if len(args) > 1 {
		return 0, strayArgument("help", args[1])
	}
	run, ok := verbs[args[0]]
	if !ok {
		return 0, unknownCommand(args[0])
	}
	return run(t, []string{"-help"})
}

// report prints an error on a line of standard error, behind what standard
// output has to say before it.
func (t *tool) report(err error) {
	t.stdout.Flush() // an error stays in the Writer, for run to find
	fmt.Fprintln(t.stderr, "s3cors: "+printable.String(err.Error()))
}

// parse reads the flags of a verb. It returns flag.ErrHelp after printing help,
// where that was asked for.
func (t *tool) parse(flags *flag.FlagSet, usage string, args []string) error {
	flags.SetOutput(io.Discard) // it would print usage after every error
	err := flags.Parse(args)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(t.stdout)
		fmt.Fprint(t.stdout, usage)
		flags.PrintDefaults()
		return flag.ErrHelp
	}
	return fmt.Errorf("%s: %w", flags.Name(), err)
}

// given returns the names of the flags that were given.
func given(flags *flag.FlagSet) map[string]bool {
	names := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { names[f.Name] = true })
	return names
}

func strayArgument(verb, argument string) error {
	return fmt.Errorf("%s: stray argument %q", verb, argument)
}
