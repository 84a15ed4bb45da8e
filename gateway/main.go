// Command gateway is an S3 server with Amazon S3's bucket CORS: gofakes3, which
// stores buckets and objects, behind s3cors. It has no authentication.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/s3cors/s3cors"
)

func main() {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second signal ends the program at once.
	context.AfterFunc(ctx, restore)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// grace is how long requests may take that are being served when the gateway is
// told to stop: a person waits at the terminal.
const grace = 500 * time.Millisecond

// run is the program; it returns its exit status: 0 once ctx has ended and all is
// put away, 1 if it fails, 2 for wrong usage.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("gateway", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:9000", "`address` to listen on; port 0 is any free one")
	dir := flags.String("dir", "", "`directory` to keep everything in, which is made if it is not there; without it, all is kept in memory")
	host := flags.String("host", "", "base `name` of virtual-hosted addresses, such as s3.localhost for bucket.s3.localhost; path style always works")
	cacheSafe := flags.Bool("cache-safe", false, "send Vary on all answers, which S3 does not, so that no cache keeps one without CORS headers for everybody")
	var dialect s3cors.Dialect
	flags.TextVar(&dialect, "dialect", s3cors.Amazon, "`kind` of server whose CORS it has: aws, ceph, or ceph-main, which is Ceph's main branch")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "gateway: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	g := gateway{Host: *host, Idle: 30 * time.Second, Log: log.New(stderr, "gateway: ", log.LstdFlags)}
	g.Options = []s3cors.Option{s3cors.WithDialect(dialect)}
	if *cacheSafe {
		g.Options = append(g.Options, s3cors.VaryAlways())
	}
	if err := g.listenAndServe(ctx, *addr, *dir, stdout); err != nil {
		fmt.Fprintln(stderr, "gateway:", err)
		return 1
	}
	return 0
}

// listenAndServe serves until ctx ends.
func (g gateway) listenAndServe(ctx context.Context, addr, dir string, stdout io.Writer) (err error) {
	storage, err := openStorage(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, storage.Close()) }()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	if err := printBanner(stdout, listener.Addr(), dir, g.Host); err != nil {
		return err
	}
	return serve(ctx, newServer(g.handler(storage), g.Log), listener)
}

// newServer returns a server with limits. It has no overall timeouts, since
// objects are large and clients are slow: patient sets them for every read and
// write.
func newServer(handler http.Handler, errors *log.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ErrorLog:          errors,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		// Far more than S3 accepts, so that S3's answer can be given
		// (10/too-large); what is larger still is net/http's to refuse.
		MaxHeaderBytes: 1 << 20,
		// Or net/http answers "OPTIONS *" itself, which is a preflight.
		DisableGeneralOptionsHandler: true,
	}
}

// serve serves until ctx ends, then lets requests finish.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}
