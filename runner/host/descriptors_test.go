//go:build linux || darwin

package host

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/davit-dev/davit/internal/limittest"
)

// With however few descriptors, a version file counts or there is no key: never a key as if the file were not
// there.
func TestPinsWithoutDescriptorsAreRightOrAnError(t *testing.T) {
	b := newBench(t)
	b.file(".tool-versions", "tool 1.3\n")
	want, err := b.runner().pinned(".")
	if err != nil {
		t.Fatal(err)
	}
	const enough = 4
	failed := 0
	for free := range enough {
		r := b.runner()
		limittest.Descriptors(t, free, func() {
			switch key, err := r.pinned("."); {
			case errors.Is(err, syscall.EMFILE):
				failed++
			case err != nil || key.key != want.key:
				t.Errorf("with %d descriptors: got %q (%v)", free, key.key, err)
			}
		})
	}
	if failed == 0 || failed == enough {
		t.Errorf("%d of %d failed", failed, enough)
	}
}

func TestLibrariesWithoutDescriptorsAreRightOrAnError(t *testing.T) {
	prefix := t.TempDir()
	for _, dir := range []string{"lib/python3.13/site-packages", "lib/node_modules",
		"lib/python3/dist-packages", "lib/other/site-packages"} {
		if err := os.MkdirAll(filepath.Join(prefix, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{prefix + "/lib/node_modules", prefix + "/lib/python3/dist-packages",
		prefix + "/lib/python3.13/site-packages"}
	found, err := inPrefix(prefix)
	if err != nil || !slices.Equal(found, want) {
		t.Errorf("got %q (%v)", found, err)
	}
	limittest.Descriptors(t, 0, func() {
		if found, err := inPrefix(prefix); !errors.Is(err, syscall.EMFILE) {
			t.Errorf("got %q (%v)", found, err)
		}
	})
}
