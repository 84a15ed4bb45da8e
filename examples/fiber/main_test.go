package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/examples/internal/store"
	"github.com/s3cors/s3cors/examples/internal/table"
	"github.com/stretchr/testify/require"
)

// serve starts an application on loopback and returns its address.
func serve(t *testing.T, app *fiber.App) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error)
	go func() { done <- app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
	t.Cleanup(func() {
		require.NoError(t, app.Shutdown())
		require.NoError(t, <-done)
	})
	return listener.Addr().String()
}

// apps are the two ways to wire it.
func apps() map[string]*fiber.App {
	inside := fiber.New(config)
	inside.Use(use(&corsfasthttp.Server{Policies: store.Policy}))
	route(inside)
	return map[string]*fiber.App{
		"in front of all":        newApp(&corsfasthttp.Server{Policies: store.Policy}),
		"in front of its routes": inside,
	}
}

func TestItAnswersAsS3Does(t *testing.T) {
	for name, app := range apps() {
		t.Run(name, func(t *testing.T) { table.Run(t, "http://"+serve(t, app)) })
	}
}

// TestAnErrorOfFiberCanBeRead has fiber's ErrorHandler answer.
func TestAnErrorOfFiberCanBeRead(t *testing.T) {
	for name, app := range apps() {
		t.Run(name, func(t *testing.T) {
			app.Put("/photos/fails", func(fiber.Ctx) error { return fiber.ErrTeapot })
			response := ask(t, serve(t, app), "PUT /photos/fails HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\r\n\r\n")
			require.Equal(t, fiber.StatusTeapot, response.StatusCode)
			require.Equal(t, []string{"https://app.example.com"}, response.Header["Access-Control-Allow-Origin"])
		})
	}
}

func TestInFrontOfAllItSeesWhatFiberAnswersItself(t *testing.T) {
	const fields = " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\r\nAccess-Control-Request-Method: PUT\r\n\r\n"
	for name, app := range apps() {
		t.Run(name, func(t *testing.T) {
			address := serve(t, app)
			want, allowed := 403, []string{"https://app.example.com"}
			if name != "in front of all" {
				want, allowed = 404, nil
			}
			require.Equal(t, want, ask(t, address, "OPTIONS *"+fields).StatusCode)
			response := ask(t, address, "FETCH /photos/cat.jpg"+fields)
			require.Equal(t, 501, response.StatusCode)
			require.Equal(t, allowed, response.Header["Access-Control-Allow-Origin"])
		})
	}
}

func ask(t *testing.T, address, request string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response
}
