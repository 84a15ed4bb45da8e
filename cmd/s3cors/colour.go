package main

import "os"

// wantsColour reports whether output goes to a terminal whose user has not asked for
// plain text (https://no-color.org).
func wantsColour(w any) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// isTerminal reports whether what is written is seen by a person.
func isTerminal(w any) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull) // the one device that is often there in place of a terminal
	return err != nil || !os.SameFile(info, null)
}
