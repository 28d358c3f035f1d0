package host

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"mvdan.cc/sh/v3/interp"
)

// A listing is one call of the interpreter's ls. The library's prints absolute paths on Windows, and succeeds for a file
// that does not exist.
type listing struct {
	dir         string
	out, err    io.Writer
	all, folder bool // -A and -d
	failed      bool
}

// ls lists names, one a line. Of the options it has -1, -A and -d.
func ls(h interp.HandlerContext, args []string) error {
	l := &listing{dir: h.Dir, out: h.Stdout, err: h.Stderr}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		if wrong := strings.Trim(args[0][1:], "1Ad"); wrong != "" && args[0] != "--" {
			fmt.Fprintf(h.Stderr, "ls: the option -%s needs sh, which this system does not have\n", wrong)
			return interp.ExitStatus(2)
		}
		l.all = l.all || strings.Contains(args[0], "A")
		l.folder = l.folder || strings.Contains(args[0], "d")
		args = args[1:]
	}
	l.list(args)
	if l.failed {
		return interp.ExitStatus(2)
	}
	return nil
}

// list lists files first, and then what is in folders.
func (l *listing) list(names []string) {
	several := len(names) > 1
	if len(names) == 0 {
		names = []string{"."}
	}
	var folders []string
	for _, name := range names {
		info, err := os.Lstat(l.path(name))
		switch {
		case err != nil:
			l.fail(name, err)
		case l.folder || !info.IsDir():
			fmt.Fprintln(l.out, name)
		default:
			folders = append(folders, name)
		}
	}
	for _, name := range folders {
		if several {
			fmt.Fprintf(l.out, "%s:\n", name)
		}
		l.content(name)
	}
}

func (l *listing) content(folder string) {
	entries, err := os.ReadDir(l.path(folder))
	if err != nil {
		l.fail(folder, err)
	}
	for _, entry := range entries {
		if l.all || !strings.HasPrefix(entry.Name(), ".") {
			fmt.Fprintln(l.out, entry.Name())
		}
	}
}

func (l *listing) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(l.dir, name)
}

func (l *listing) fail(name string, err error) {
	l.failed = true
	fmt.Fprintf(l.err, "ls: %s: %v\n", name, rootCause(err))
}
