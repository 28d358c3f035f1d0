//go:build unix

package regular

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
)

// files make what is at the path "f" of a folder; each gives what Read and ReadInside say, "" for its content.
var files = map[string]struct {
	create       func(name string) error
	read, inside string
}{
	"a file":   {func(name string) error { return os.WriteFile(name, []byte("text"), 0o644) }, "", ""},
	"a FIFO":   {func(name string) error { return syscall.Mkfifo(name, 0o644) }, "it is a FIFO, not a file", ""},
	"a folder": {func(name string) error { return os.Mkdir(name, 0o755) }, "it is a folder", ""},
	"a sparse file": {func(name string) error {
		return errors.Join(os.WriteFile(name, nil, 0o644), os.Truncate(name, 10<<30))
	}, "it is larger than 1 MiB", ""},
	"a byte too much": {func(name string) error {
		return os.WriteFile(name, []byte(strings.Repeat("a", Config+1)), 0o644)
	}, "it is larger than 1 MiB", ""},
	"a link to a device": {func(name string) error { return os.Symlink("/dev/zero", name) },
		"it is a device, not a file", "it is a link that leads out of the project"},
	"a link out": {func(name string) error { return os.Symlink("../outside", name) }, "",
		"it is a link that leads out of the project"},
	"a link by folders": {func(name string) error {
		return errors.Join(os.Symlink("..", name+"-up"), os.Symlink("f-up/outside", name))
	}, "", "it is a link that leads out of the project"},
	"a link inside": {func(name string) error {
		return errors.Join(os.WriteFile(name+"-2", []byte("text"), 0o644), os.Symlink("f-2", name))
	}, "", ""},
	"a link to a FIFO": {func(name string) error {
		return errors.Join(syscall.Mkfifo(name+"-2", 0o644), os.Symlink("f-2", name))
	}, "it is a FIFO, not a file", ""},
}

func TestOnlyFilesAreRead(t *testing.T) {
	for title, c := range files {
		t.Run(title, func(t *testing.T) {
			up := t.TempDir()
			dir := filepath.Join(up, "project")
			if err := errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(up, "outside"), []byte("text"), 0o644),
				c.create(filepath.Join(dir, "f"))); err != nil {
				t.Fatal(err)
			}
			data, err := Read(filepath.Join(dir, "f"), Config)
			holds(t, data, err, c.read)
			if c.inside == "" {
				c.inside = c.read
			}
			data, err = ReadInside(dir, "f", Config)
			holds(t, data, err, c.inside)
		})
	}
	t.Logf("%d kinds tried", len(files))
}

func holds(t *testing.T, data []byte, err error, reason string) {
	t.Helper()
	if reason == "" {
		if err != nil || string(data) != "text" {
			t.Errorf("got %q (%v)", data, err)
		}
		return
	}
	if err == nil || Reason(err) != reason || fault.Of(err) != fault.FailedPrecondition ||
		!strings.HasSuffix(err.Error(), "f cannot be read: "+reason) {
		t.Errorf("got %q (%v), wanted %q", data, err, reason)
	}
}

func TestWhatIsMissingIsMissing(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("nowhere", filepath.Join(dir, "dangling")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"none", "dangling", "none/below"} {
		_, one := Read(filepath.Join(dir, name), Config)
		_, other := ReadInside(dir, name, Config)
		if !errors.Is(one, fs.ErrNotExist) || !errors.Is(other, fs.ErrNotExist) {
			t.Errorf("%s: %v, %v", name, one, other)
		}
	}
}

// A file of a system that has no size is read as far as the limit.
func TestAFileWithoutASizeIsBounded(t *testing.T) {
	const name = "/proc/self/maps"
	if _, err := os.Stat(name); err != nil {
		t.Skip(err)
	}
	if _, err := Read(name, 10); err == nil || Reason(err) != "it is larger than 0 KiB" {
		t.Error(err)
	}
}
