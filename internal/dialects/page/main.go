// The page command writes docs/dialects.md, at the root of the module.
package main

import (
	"fmt"
	"os"

	"github.com/s3cors/s3cors/internal/dialects"
)

func main() {
	page, err := dialects.Page()
	if err == nil {
		err = os.WriteFile("docs/dialects.md", []byte(page), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}
