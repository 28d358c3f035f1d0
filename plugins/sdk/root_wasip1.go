package sdk

import (
	"io/fs"
	"os"
	"runtime/debug"
)

// A plugin lives for milliseconds and is often interpreted, where collecting garbage costs more than all else that it does. So
// memory is only collected when it nears what davit lets a plugin have, which is 256 MiB.
func init() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(160 << 20)
}

// root is the project: davit mounts it at "/".
func root() fs.FS { return os.DirFS("/") }
