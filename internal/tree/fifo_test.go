//go:build unix

package tree

import (
	"errors"
	"io/fs"
	"net"
	"path/filepath"
	"syscall"
	"testing"
)

func TestWhatIsNeitherFileNorFolderIsAbsentAndDoesNotBlock(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o644); err != nil {
		t.Skip(err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Skip(err)
	}
	defer socket.Close()
	r := mustOpen(t, dir).Record(later())
	for _, name := range []string{"fifo", "s"} {
		if _, err := r.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if entries, err := r.ReadDir("."); len(entries) != 0 || err != nil {
		t.Errorf("listed %v (%v)", entries, err)
	}
}
