//go:build unix

package plugins

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestWhatSomebodyElsePutIntoTheCacheIsNotUsed(t *testing.T) {
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("only root can give files to another user")
		}
		t.Skip("only root can give files to another user")
	}
	dir, cache := folder(t, watched), t.TempDir()
	h := newHost(t, Options{CacheDir: cache})
	if _, err := ask(t, h, plugin("watch"), dir); err != nil {
		t.Fatal(err)
	}
	if err := h.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	give := func(folder string) {
		filepath.WalkDir(filepath.Join(cache, folder), func(name string, _ fs.DirEntry, _ error) error {
			return os.Chown(name, 65534, 65534)
		})
	}
	for _, c := range []struct{ given, want string }{
		{"", FromMemo}, {"plans", FromCompiler}, {"compiled", FromInterpreter},
	} {
		if c.given != "" {
			give("plans")
			give(c.given)
		}
		if a, err := ask(t, newHost(t, Options{CacheDir: cache}), plugin("watch"), dir); err != nil ||
			a.From != c.want {
			t.Errorf("%q of another user: got one from %s (%v), wanted from %s", c.given, a.From, err, c.want)
		}
	}
}
