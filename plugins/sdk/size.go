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
	maxFile     = 64 << 20 // of lock files and any other
)

// A sizeError says that a file is too large to be read.
type sizeError struct {
	name  string
	limit int64
}

func (e *sizeError) Error() string {
	return fmt.Sprintf("%s cannot be read: it is larger than %d MiB", e.name, e.limit>>20)
}

// sizeLimit returns how large a file may be, by its name, and whether a plan cannot do without it: what a project is
// made of is in its manifests and lock files, while a program that a script calls may be as large as it likes.
func sizeLimit(name string) (limit int64, needed bool) {
	base := strings.ToLower(path.Base(name))
	switch {
	case strings.Contains(base, "lock"), strings.Contains(base, "shrinkwrap"):
		return maxFile, true
	case slices.Contains(manifestKinds, path.Ext(base)), slices.Contains(manifestNames, base):
		return maxManifest, true
	}
	return maxFile, false
}

// Manifests and other configuration, by the ends of their names and by whole names.
var (
	manifestKinds = []string{".json", ".toml", ".yaml", ".yml", ".cfg", ".ini", ".mod", ".work", ".mk", ".just"}
	manifestNames = []string{"makefile", "gnumakefile", "justfile", "dockerfile", "containerfile", "pipfile"}
)

// tooLarge ends the plugin if it cannot do without a file.
func tooLarge(name string) error {
	limit, needed := sizeLimit(name)
	err := &sizeError{name, limit}
	if needed {
		panic(err)
	}
	return err
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
	limit, _ := sizeLimit(name)
	if info.Size() > limit {
		return nil, tooLarge(name)
	}
	var b bytes.Buffer
	b.Grow(int(info.Size()) + bytes.MinRead)
	if _, err = b.ReadFrom(io.LimitReader(f, limit+1)); int64(b.Len()) > limit {
		return nil, tooLarge(name)
	}
	return b.Bytes(), err
}
