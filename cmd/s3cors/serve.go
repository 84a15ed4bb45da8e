package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/serve"
)

const serveUsage = `Usage: s3cors serve [-addr HOST:PORT] [-open]
       s3cors serve -export DIR

serve serves a page to paste a configuration into: what is wrong with it and how to mend
it, what a request gets and why. It prints the URL, and ends with a signal (Ctrl-C).
Only this machine can reach it, and nothing leaves the machine.

With -export it writes the page into a folder in place of that, for any host of files:
the same program runs in the browser then. That takes Go, and a checkout to run it in.

Flags:

`

// serve serves the page until a signal comes.
func (t *tool) serve(args []string) (int, error) {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	address := flags.String("addr", "127.0.0.1:0", "`HOST:PORT` to listen on, of loopback; port 0 is any that is free")
	open := flags.Bool("open", false, "open the page in the browser")
	folder := flags.String("export", "", "write the page without a server into `DIR`")
	err := t.parse(flags, serveUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() > 0:
		return 0, strayArgument("serve", flags.Arg(0))
	case given(flags)["export"] && flags.NFlag() > 1:
		return 0, errors.New("serve: -export stands alone")
	case given(flags)["export"]:
		if err := t.export(*folder); err != nil {
			return 0, fmt.Errorf("serve: %w", err)
		}
		return exitFine, nil
	}
	listener, err := serve.Listen(*address)
	if err != nil {
		return 0, fmt.Errorf("serve: %w", err)
	}
	url := "http://" + listener.Addr().String() + "/"
	fmt.Fprintln(t.stdout, url)
	if err := t.stdout.Flush(); err != nil {
		listener.Close()
		return 0, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var opened <-chan error // nil, from which nothing comes, if there is nothing to open
	if *open {
		opened = openBrowser(url)
	}
	return exitFine, t.serveUntil(ctx, listener, opened)
}

// serveUntil serves the page until the context ends, and what was asked then is
// answered. What comes of opening the browser is told, and changes nothing.
func (t *tool) serveUntil(ctx context.Context, listener net.Listener, opened <-chan error) error {
	server := serve.New(listener)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	for running := true; running; {
		select {
		case err := <-ended:
			return err
		case err := <-opened:
			if opened = nil; err != nil {
				t.report(fmt.Errorf("serve: the browser was not opened: %w: open the URL yourself", err))
			}
		case <-ctx.Done():
			running = false
		}
	}
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		server.Close()
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// openBrowser opens a URL as the desktop does. What came of it is sent once the command
// for it has ended.
func openBrowser(url string) <-chan error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	opened := make(chan error, 1)
	go func() {
		err := exec.Command(name, args...).Run()
		if exit := new(exec.ExitError); errors.As(err, &exit) { // which does not name the command
			err = fmt.Errorf("%s: %w", name, err)
		}
		opened <- err
	}()
	return opened
}
