package buildkit

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestRoom(t *testing.T) {
	outside := t.TempDir()
	tests := []struct {
		name     string
		make     func(root *os.Root) error
		refused  bool
		replaced bool
	}{
		{"nothing", func(*os.Root) error { return nil }, false, true},
		{"folder", func(r *os.Root) error { return r.MkdirAll("a/b", 0o777) }, false, true},
		{"file", func(r *os.Root) error { return r.WriteFile("a", nil, 0o666) }, false, true},
		{"dangling", func(r *os.Root) error { return r.Symlink("nowhere", "a") }, false, false},
		{"link to a file", func(r *os.Root) error { return errors.Join(r.WriteFile("x", nil, 0o666), r.Symlink("x", "a")) }, false, true},
		{"link to a folder", func(r *os.Root) error { return errors.Join(r.Mkdir("x", 0o777), r.Symlink("x", "a")) }, false, false},
		{"link out", func(r *os.Root) error { return r.Symlink(outside, "a") }, true, false},
		{"link to the folder above", func(r *os.Root) error { return r.Symlink("..", "a") }, true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root, err := os.OpenRoot(t.TempDir())
			if err == nil {
				err = test.make(root)
			}
			if err != nil {
				t.Fatal(err)
			}
			p := &room{root: root}
			_, refused := errors.AsType[*outwards](p.folder(filepath.Join("a", "b", "c")))
			if refused != test.refused {
				t.Errorf("refused: got %v, wanted %v", refused, test.refused)
			}
			info, err := root.Lstat("a")
			if err != nil || info.IsDir() != test.replaced {
				t.Errorf("replaced: got %v, %v, wanted %v", info, err, test.replaced)
			}
			if made, err := root.Stat("a/b/c"); !refused && (err != nil || !made.IsDir()) {
				t.Errorf("there is no folder: %v", err)
			}
		})
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
		t.Errorf("written outside: %v, %v", left, err)
	}
}

func TestAFileReplacesAFolder(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(root.MkdirAll("a/b", 0o777), root.WriteFile("aside", []byte("1"), 0o666)); err != nil {
		t.Fatal(err)
	}
	if err := (&room{root: root}).rename("aside", "a"); err != nil {
		t.Fatal(err)
	}
	if text, err := root.ReadFile("a"); err != nil || string(text) != "1" {
		t.Errorf("got %q, %v", text, err)
	}
}
