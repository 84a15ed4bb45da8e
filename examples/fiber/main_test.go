package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/examples/internal/store"
	"github.com/s3cors/s3cors/examples/internal/table"
)

// serve starts the application on loopback and returns its address.
func serve(t *testing.T, p policies) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	app := newApp(p)
	done := make(chan error)
	go func() { done <- app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
	t.Cleanup(func() {
		require.NoError(t, app.Shutdown())
		require.NoError(t, <-done)
	})
	return listener.Addr().String()
}

func TestItAnswersAsS3Does(t *testing.T) {
	table.Run(t, "http://"+serve(t, store.Policy))
}

func TestWhatPoliciesKeepsStaysAsItIs(t *testing.T) {
	var names []string
	address := serve(t, func(ctx context.Context, bucket string) (*s3cors.Policy, error) {
		names = append(names, bucket)
		return store.Policy(ctx, bucket)
	})
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	reader := bufio.NewReader(conn)
	// On one connection, so that fasthttp reads all of them into one buffer.
	for _, bucket := range []string{"aaaaaa", "bbbbbb", "cccccc"} {
		ask(t, conn, reader, "GET /"+bucket+"/cat.jpg HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\r\n\r\n")
	}
	require.Equal(t, []string{"aaaaaa", "bbbbbb", "cccccc"}, names)
}

func TestBlanksAroundAValueAreTheTransports(t *testing.T) {
	conn, err := net.Dial("tcp", serve(t, store.Policy))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	response := ask(t, conn, bufio.NewReader(conn), "GET /photos/cat.jpg HTTP/1.1\r\nHost: localhost\r\n"+
		"Origin: \t https://app.example.com\t \r\n\r\n")
	require.Equal(t, []string{"https://app.example.com"}, response.Header["Access-Control-Allow-Origin"])
}

func ask(t *testing.T, conn net.Conn, reader *bufio.Reader, request string) *http.Response {
	t.Helper()
	_, err := conn.Write([]byte(request))
	require.NoError(t, err)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return response
}
