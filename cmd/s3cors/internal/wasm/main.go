//go:build js && wasm

// This program is the view model of the page for a browser, where "s3cors serve -export"
// puts it in the place of a server. It hands a function to JavaScript and waits.
package main

import (
	"syscall/js"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/page"
)

func main() {
	js.Global().Set("s3cors", js.FuncOf(func(_ js.Value, args []js.Value) any {
		output, err := page.Call(args[0].String(), []byte(args[1].String()))
		if err != nil {
			return map[string]any{"error": err.Error()}
		}
		return map[string]any{"output": string(output)}
	}))
	select {}
}
