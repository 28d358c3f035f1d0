package sdk

import (
	"io/fs"
	"os"
)

// root is the project: davit mounts it at "/".
func root() fs.FS { return os.DirFS("/") }
