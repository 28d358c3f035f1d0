package sdk

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Limits of the files that a plugin reads, in bytes.
const (
	maxManifest = 1 << 20
	maxFile     = 64 << 20 // of lock files and sources
)

// A sizeError says that a file is too large to be read. The plugin ends with it.
type sizeError struct {
	name  string
	limit int64
}

func (e *sizeError) Error() string {
	return fmt.Sprintf("%s cannot be read: it is larger than %d MiB", e.name, e.limit>>20)
}

// sizeLimit returns how large a file may be, by its name.
func sizeLimit(name string) int64 {
	base := strings.ToLower(path.Base(name))
	manifest := slices.Contains([]string{"", ".json", ".toml", ".yaml", ".yml", ".cfg", ".ini", ".mod", ".work", ".mk"}, path.Ext(base))
	if manifest && !strings.Contains(base, "lock") && !strings.Contains(base, "shrinkwrap") {
		return maxManifest
	}
	return maxFile
}

// read returns the content of a file.
func (p *Project) read(name string) ([]byte, error) {
	f, err := p.FS.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	limit := sizeLimit(name)
	if info.Size() > limit {
		panic(&sizeError{name, limit})
	}
	var b bytes.Buffer
	b.Grow(int(info.Size()) + bytes.MinRead)
	if _, err = b.ReadFrom(io.LimitReader(f, limit+1)); int64(b.Len()) > limit {
		panic(&sizeError{name, limit})
	}
	return b.Bytes(), err
}
