package sdk

import (
	"io/fs"
	"os"
	"runtime/debug"
)

// A plugin runs for milliseconds and is often interpreted, where garbage collection would cost more than all
// else that it does. So memory is only collected near the limit that davit sets for a plugin, which is 256
// MiB.
func init() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(160 << 20)
}

// root returns the project: davit mounts it at "/".
func root() fs.FS { return os.DirFS("/") }
