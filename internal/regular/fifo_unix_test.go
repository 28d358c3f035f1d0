//go:build unix

package regular

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFSOpensNoFIFO checks that a reader of a file system of a project does not wait for what is no file.
func TestFSOpensNoFIFO(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "Makefile"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := fs.ReadFile(FS(root), "Makefile"); err == nil || !strings.Contains(err.Error(), "it is a FIFO, not a file") {
		t.Errorf("got %v", err)
	}
	if text, err := fs.ReadFile(FS(root), "file"); err != nil || string(text) != "text" {
		t.Errorf("got %q, %v", text, err)
	}
	if names, err := fs.ReadDir(FS(root), "."); err != nil || len(names) != 2 {
		t.Errorf("got %v, %v", names, err)
	}
}
