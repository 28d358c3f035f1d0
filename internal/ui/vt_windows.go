package ui

import (
	"os"

	"golang.org/x/sys/windows"
)

// understandsEscapes switches on the escape sequences of the console, which older ones do not follow by
// default.
func understandsEscapes(f *os.File) bool {
	var mode uint32
	console := windows.Handle(f.Fd())
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
