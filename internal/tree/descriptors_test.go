//go:build linux || darwin

package tree

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"syscall"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/limittest"
)

// enough is how many files can be open in the tests below before all of it works.
const enough = 8

var planted = map[string]string{
	"a": "1", "dir/b": "2", "dir/deep/deeper/c": "3", "dir/deep/d": "4", ".gitignore": "*.log\n", "x.log": "",
	"dir/y.log":      "",
	"dir/.gitignore": "z\n", "dir/z": "",
}

func plantWithLink(t *testing.T) *Tree {
	tr := plant(t, planted)
	if err := os.Symlink("deep/d", filepath.Join(tr.Dir(), "dir", "link")); err != nil {
		t.Skip(err)
	}
	return tr
}

// With however few descriptors, a hash is right or an error. It must never be one of fewer files.
func TestHashWithoutDescriptorsIsAnError(t *testing.T) {
	tr := plantWithLink(t)
	names := []string{"a", "dir/b", "dir/deep/deeper/c", "dir/link", "none", "a/below"}
	want := sumsOf(t, tr.Index("", time.Now), names...)
	if len(want) != 4 {
		t.Fatalf("got %v", want)
	}
	failed := 0
	for free := range enough {
		limittest.Descriptors(t, free, func() {
			sums, err := tr.Index("", time.Now).Hash(names)
			switch {
			case errors.Is(err, syscall.EMFILE):
				failed++
			case err != nil || !maps.Equal(sums, want):
				t.Errorf("with %d descriptors: got %v (%v)", free, sums, err)
			}
		})
	}
	if failed == 0 || failed == enough {
		t.Errorf("%d of %d failed", failed, enough)
	}
}

func TestFilesWithoutDescriptorsAreAnError(t *testing.T) {
	tr := plant(t, planted)
	want := must(tr.Files(context.Background()))
	failed := 0
	for free := range enough {
		limittest.Descriptors(t, free, func() {
			entries, err := tr.Files(context.Background())
			switch {
			case errors.Is(err, syscall.EMFILE):
				failed++
			case err != nil || !reflect.DeepEqual(entries, want):
				t.Errorf("with %d descriptors: got %v (%v)", free, entries, err)
			}
		})
	}
	if failed == 0 || failed == enough {
		t.Errorf("%d of %d failed", failed, enough)
	}
}

// Git that cannot be started for lack of descriptors is not git that is missing.
func TestGitWithoutDescriptorsIsAnError(t *testing.T) {
	tr := plant(t, planted)
	git(t, tr.Dir(), "init", "-q")
	git(t, tr.Dir(), "add", ".")
	git(t, tr.Dir(), "commit", "-qm", "x")
	limittest.Descriptors(t, 0, func() {
		if entries, err := tr.Files(context.Background()); !errors.Is(err, syscall.EMFILE) {
			t.Errorf("files: got %v (%v)", entries, err)
		}
		if c, ok, err := tr.Commit(context.Background()); !errors.Is(err, syscall.EMFILE) {
			t.Errorf("commit: got %v, %v (%v)", c, ok, err)
		}
	})
}

// A plugin that could not look for lack of descriptors has seen neither a file nor its absence.
func TestARecordingWithoutDescriptorsIsAnError(t *testing.T) {
	tr := plantWithLink(t)
	record := func() ([]Observation, error) {
		r := tr.Record(later())
		for _, name := range []string{"a", "dir/link", "dir/none"} {
			if data, err := fs.ReadFile(r, name); err == nil && len(data) != 1 {
				t.Errorf("%s: got %q", name, data)
			}
		}
		_, _ = r.ReadDir("dir/deep") // what is wrong with it, the observations say
		return r.Observations()
	}
	want := must(record())
	failed := 0
	for free := range enough {
		limittest.Descriptors(t, free, func() {
			seen, err := record()
			switch {
			case errors.Is(err, syscall.EMFILE):
				failed++
			case err != nil || !reflect.DeepEqual(seen, want):
				t.Errorf("with %d descriptors: got %v (%v)", free, seen, err)
			}
		})
	}
	if failed == 0 || failed == enough {
		t.Errorf("%d of %d failed", failed, enough)
	}
	absent := []Observation{{Path: "new", Kind: Absent}}
	if !tr.Unchanged(absent) {
		t.Error("what is not there has changed")
	}
	put(t, tr.Dir(), "new", "")
	limittest.Descriptors(t, 0, func() {
		if tr.Unchanged(absent) {
			t.Error("what is there now is taken for absent")
		}
	})
}

func TestAFIFOInThePlaceOfAnIgnoreFileDoesNotBlock(t *testing.T) {
	tr := plant(t, map[string]string{"a": ""})
	if err := syscall.Mkfifo(filepath.Join(tr.Dir(), ".gitignore"), 0o644); err != nil {
		t.Skip(err)
	}
	_, others := list(t, tr)
	same(t, "others", others, "a")
}
