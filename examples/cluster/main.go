// Command cluster runs three S3 gateways over one store of CORS configurations: a key-value
// bucket of NATS JetStream with three replicas. A configuration that is put through one
// gateway is in force on all of them.
//
//	go run -C examples/cluster .              everything in this process, data in a temporary directory
//	go run -C examples/cluster . -nats URL    the gateways alone, over a cluster that is there
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
	"sync"
	"syscall"
	"time"
)

const nodes = 3

func main() {
	url := flag.String("nats", "", "`URL` of a cluster of NATS with JetStream (default: one in this process)")
	port := flag.Int("port", 8081, "`PORT` of the first gateway, on 127.0.0.1; the others have the next ones")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, *url, *port); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends, and writes to out how to try it. All that it has started has
// ended when it returns.
func run(ctx context.Context, out io.Writer, url string, port int) error {
	if url != "" {
		return serveAll(ctx, out, []string{url, url, url}, port)
	}
	directory, err := os.MkdirTemp("", "s3cors-cluster")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	servers, err := StartServers(nodes, directory, direct)
	if err != nil {
		return err
	}
	defer servers.Stop()
	return serveAll(ctx, out, []string{servers.URL(0), servers.URL(1), servers.URL(2)}, port)
}

// serveAll runs a gateway over each server of the store.
func serveAll(ctx context.Context, out io.Writer, urls []string, port int) error {
	ctx, end := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer end()
	failed := make(chan error, nodes)
	for i := range nodes {
		if err := serve(ctx, &running, urls[i], fmt.Sprintf("127.0.0.1:%d", port+i), failed); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, howTo, port, port+1, port+2)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

// direct has servers reach each other without anything in between.
func direct(_, _ int, address string) string { return address }

// serve starts a gateway, which runs until ctx ends. The store may be away at that time:
// the gateway then begins when it is there.
func serve(ctx context.Context, running *sync.WaitGroup, url, address string, failed chan<- error) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	store, err := Connect(url, nodes)
	if err != nil {
		listener.Close()
		return err
	}
	node := NewNode(store)
	running.Go(func() { node.Watch(ctx) })
	server := &http.Server{Handler: node, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute}
	running.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	})
	running.Go(func() {
		<-ctx.Done()
		_ = server.Close() // the process ends
		store.Close()
	})
	return nil
}

const howTo = `Three gateways over one store are at http://127.0.0.1:%[1]d, http://127.0.0.1:%[2]d and http://127.0.0.1:%[3]d.

Put a configuration through the first:

  curl -i -X PUT 'http://127.0.0.1:%[1]d/photos?cors' -H 'Content-MD5: 9ifQ0bXcqmrjf3K/3aHeOQ==' \
    -d '<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>'

Ask the others, as a browser would before a PUT:

  curl -i -X OPTIONS http://127.0.0.1:%[2]d/photos/cat.jpg -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT'
  curl -i -X OPTIONS http://127.0.0.1:%[3]d/photos/cat.jpg -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT'

Take it away through the third, and ask the first again:

  curl -i -X DELETE 'http://127.0.0.1:%[3]d/photos?cors'
  curl -i -X OPTIONS http://127.0.0.1:%[1]d/photos/cat.jpg -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT'

Ctrl-C ends it.
`
