//go:build !wasip1

package sdk

import (
	"io/fs"
	"os"
)

// root returns the project: a plugin that runs natively is started in it.
func root() fs.FS { return os.DirFS(".") }
