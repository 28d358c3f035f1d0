package buildkit

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// walked returns what a build would send of its folders: the files, and the sum of everything else.
func walked(t *testing.T, f *folder, image plan.Image) (files []string, sum string) {
	t.Helper()
	c := &folderDigest{sum: sha256.New()}
	for _, name := range contextNames(image) {
		if err := c.addFolder(t.Context(), f.dir, image, name); err != nil {
			t.Fatal(err)
		}
	}
	return c.files, fmt.Sprintf("%x", c.sum.Sum(nil))
}

// Everything that an image takes from a folder besides the contents of files changes the sum, and nothing
// else does.
func TestFolderDigest(t *testing.T) {
	in := func(f *folder, name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }
	for name, c := range map[string]struct {
		change func(f *folder) error
		counts bool
	}{
		"nothing": {func(*folder) error { return nil }, false},
		"a mode": {func(f *folder) error { return os.Chmod(in(f, "app/a"), 0o755) },
			true},
		"a mode that a umask decides": {func(f *folder) error { return os.Chmod(in(f, "app/a"), 0o660) },
			false},
		"an empty folder": {func(f *folder) error { return os.Mkdir(in(f, "app/new"), 0o755) },
			true},
		"a link": {func(f *folder) error { return os.Symlink("a", in(f, "app/link")) },
			true},
		"a file less": {func(f *folder) error { return os.Remove(in(f, "app/a")) }, true},
		"a file that is ignored": {func(f *folder) error { f.put("app/log/x", "1"); return nil },
			false},
		"a file of a named context": {func(f *folder) error { f.put("lib/y", "1"); return nil }, true},
		"a file beside":             {func(f *folder) error { f.put("other", "1"); return nil }, false},
		"what is ignored": {func(f *folder) error {
			f.put("app/.dockerignore",
				"log\na\n")
			return nil
		}, true},
		"what this Dockerfile ignores": {func(f *folder) error {
			f.put("app/Dockerfile.dockerignore",
				"a\n")
			return nil
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder(t, "app/Dockerfile", "FROM scratch\n", "app/a", "a", "app/.dockerignore", "log\n",
				"app/log/old", "", "lib/x", "x")
			os.Chmod(in(f, "app/a"), 0o644)
			image := plan.Image{Dockerfile: "app/Dockerfile", Context: "app",
				Contexts: map[string]string{"lib": "lib", "base": "docker-image://busybox"}}
			files, before := walked(t, f, image)
			if want := []string{"app/.dockerignore", "app/Dockerfile", "app/a", "lib/x"}; !slices.Equal(files,
				want) {
				t.Errorf("files %q, want %q", files, want)
			}
			if err := c.change(f); err != nil {
				t.Fatal(err)
			}
			if _, after := walked(t, f, image); (after != before) != c.counts {
				t.Errorf("it counts: %v, want %v", after != before, c.counts)
			}
		})
	}
}

func TestAddsRemote(t *testing.T) {
	for text, want := range map[string]bool{
		"FROM a\nCOPY b /\nADD c.tar /\nADD <<E /e\nx\nE\n":         false,
		"FROM a\nADD https://example.com/x /\n":                     true,
		"FROM a\nADD git@example.com:a/b.git /\n":                   true,
		"FROM a\nARG U\nADD $U /\n":                                 true,
		"FROM a AS one\nADD https://example.com/x /\nFROM b\nRUN c": true,
		"nonsense": true,
	} {
		if got := addsRemote([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// An image with unchanged inputs is not built again while the store has it.
func TestAnUnchangedImageIsNotRebuilt(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "Dockerfile", "FROM busybox:1.36\nARG A\nCOPY a /a\nRUN true\n", "a",
			unique()).git()
		f.store = t.TempDir()
		step := imageStepOf("Dockerfile")
		step.Cacheable, step.Name = true, "stands-"+filepath.Base(f.store)+
			filepath.Base(filepath.Dir(f.store))
		name := imageName(step.Name) + ":latest"
		t.Cleanup(func() { dockerSays(t, "rmi", "-f", name) })
		made := ""
		check := func(what, want string) {
			t.Helper()
			out := f.run(e, step)
			if got := out.status(); got != "package="+want {
				t.Fatalf("%s: %s, want %s: %v", what, got, want, out.Steps)
			}
			if image := out.Steps[0].Image; want == ui.StatusCached && image != made || image == "" {
				t.Errorf("%s: image %q, was %q", what, image, made)
			} else {
				made = image
			}
		}
		check("first", ui.StatusOK)
		check("again", ui.StatusCached)
		f.put("a", unique())
		check("another file", ui.StatusOK)
		check("again", ui.StatusCached)
		step.Plan.Image.Args = map[string]string{"A": "1"}
		check("another argument", ui.StatusOK)
		check("again", ui.StatusCached)
		dockerSays(t, "rmi", "-f", name)
		check("gone from the store", ui.StatusOK)
		dockerSays(t, "tag", "busybox:1.36", name)
		check("the name is another's", ui.StatusOK)
		check("again", ui.StatusCached)
		f.put("Dockerfile", "# syntax=example.com/other\nFROM busybox:1.36\n")
		if got := f.run(e, step).status(); got != "package=failed" {
			t.Errorf("with the frontend of somebody else, which there is none of: %s", got)
		}
	})
}
