//go:build !linux

package host

import "os"

// suspend does nothing: this system has no way to wait for a process to be stopped, so Ctrl-Z stops the
// process alone.
func suspend(*os.File, int) {}
