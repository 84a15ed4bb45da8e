package main

import (
	"net/http/httptest"
	"testing"

	"github.com/s3cors/s3cors/examples/internal/table"
)

func TestItAnswersAsS3Does(t *testing.T) {
	server := httptest.NewServer(newHandler())
	t.Cleanup(server.Close)
	table.Run(t, server.URL)
}
