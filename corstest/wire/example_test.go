package wire_test

import (
	"context"
	"fmt"
	"os"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/wire"
)

// A program that asks a server what it does otherwise than S3.
func Example() {
	endpoint, err := wire.New("http://127.0.0.1:9000", wire.Options{
		Credentials: wire.Credentials{
			AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
			SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		},
	})
	if err != nil {
		panic(err)
	}
	defer endpoint.Close()
	results, err := conformance.Run(context.Background(), endpoint, conformance.Options{})
	if err != nil {
		panic(err)
	}
	for _, r := range results {
		if r.Verdict == conformance.Fail && conformance.LevelOf(r.Vector) == conformance.Must {
			fmt.Println(r.Vector.ID, r.Vector.Title, r.Diffs)
		}
	}
}
