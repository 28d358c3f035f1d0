package buildkit

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestOutputWriter(t *testing.T) {
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
		{"link to a file", func(r *os.Root) error {
			return errors.Join(r.WriteFile("x", nil, 0o666),
				r.Symlink("x", "a"))
		}, false, true},
		{"link to a folder", func(r *os.Root) error {
			return errors.Join(r.Mkdir("x", 0o777),
				r.Symlink("x", "a"))
		}, false, false},
		{"link out", func(r *os.Root) error { return r.Symlink(outside, "a") }, true, false},
		{"link to the folder above", func(r *os.Root) error { return r.Symlink("..", "a") }, true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := opened(t)
			if err := test.make(root); err != nil {
				t.Fatal(err)
			}
			p := &outputWriter{root: root}
			_, refused := errors.AsType[*outsideError](p.makeFolder(filepath.Join("a", "b", "c")))
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

func TestAFileInTheWayOfAFolder(t *testing.T) {
	for _, test := range []struct {
		declared []string
		want     string
	}{
		{[]string{"out"}, "new"},
		{[]string{"out/a"}, "old"},
	} {
		root := opened(t)
		if err := errors.Join(root.MkdirAll("out/a", 0o777), root.WriteFile("out/a/b", []byte("old"), 0o666),
			root.WriteFile("aside", []byte("new"), 0o666)); err != nil {
			t.Fatal(err)
		}
		p := &outputWriter{root: root, declared: test.declared}
		_, refused := errors.AsType[*occupiedError](p.rename("aside", filepath.Join("out", "a")))
		if want := test.want == "old"; refused != want {
			t.Errorf("refused: got %v, wanted %v", refused, want)
		}
		name := map[bool]string{false: "out/a", true: "out/a/b"}[refused]
		if text, err := root.ReadFile(name); err != nil || string(text) != test.want {
			t.Errorf("got %q, %v, wanted %q", text, err, test.want)
		}
	}
}

func TestAbandonedFilesAreRemoved(t *testing.T) {
	root := opened(t)
	ended := exec.Command("git", "--version")
	if err := errors.Join(ended.Run(), root.Mkdir("out", 0o777)); err != nil {
		t.Fatal(err)
	}
	half, live := fmt.Sprintf("out/.a.davit-%d",
		ended.Process.Pid), filepath.ToSlash(temporaryPath(filepath.Join("out", "a")))
	for _, name := range []string{half, live, "out/a.davit-1", "out/a"} {
		if err := root.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&outputWriter{root: root}).makeFolder("out"); err != nil {
		t.Fatal(err)
	}
	if _, err := root.Stat(half); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", half, err)
	}
	for _, name := range []string{live, "out/a.davit-1", "out/a"} {
		if _, err := root.Stat(name); err != nil {
			t.Error(err)
		}
	}
}

func opened(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}
