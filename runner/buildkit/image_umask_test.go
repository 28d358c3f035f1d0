//go:build unix

package buildkit

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// TestAnImageIsTheSameUnderEachUmask: what a checkout and davit itself write has other modes under another
// umask, and none of them reaches an image.
func TestAnImageIsTheSameUnderEachUmask(t *testing.T) {
	u := unique()
	image := plan.Image{Base: "busybox:1.36", Copy: []plan.Copy{{From: "data", To: "/data"},
		{From: "run.sh", To: "/run.sh"}, {Of: "build", From: "out/", To: "/out"}}}
	build := sh("build", "mkdir -p out/deep; cp run.sh data/a out/; cat data/sub/b > out/deep/b; : "+u,
		outputs("out/"))
	dockerfile := "FROM busybox:1.36\nCOPY . /all\nCOPY data/sub/ /sub/\nCOPY run.sh /bin/\n" +
		"RUN cp -a /all /copy && : " + u + "\n"
	engines(t, func(t *testing.T, e runner.Engine) {
		for name, steps := range map[string][]runner.Step{
			"files": {build, imageStep(image, "build")}, "Dockerfile": {imageStepOf("Dockerfile")},
		} {
			if conn, err := e.(*Engine).connect(t.Context()); err == nil && conn.Embedded && name != "files" {
				continue // what an old Docker engine runs has the time at which it ran
			}
			var first string
			for _, umask := range []int{0o022, 0o002, 0o027, 0o077} {
				got := packUnder(t, e, umask, dockerfile, steps)
				if first == "" {
					first = got
				}
				if got != first {
					t.Errorf("%s under umask %03o: %s, wanted %s", name, umask, got, first)
				}
			}
		}
	})
}

// packUnder checks a project out and packages it under a umask, and returns the image.
func packUnder(t *testing.T, e runner.Engine, umask int, dockerfile string, steps []runner.Step) string {
	t.Helper()
	defer syscall.Umask(syscall.Umask(umask))
	f := newFolder(t, "data/a", "A", "data/sub/b", "B", "run.sh", "#!/bin/sh\n", "Dockerfile", dockerfile,
		".dockerignore", ".git\n")
	if err := os.Chmod(filepath.Join(f.dir, "run.sh"), os.FileMode(0o777&^umask)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("data/a", filepath.Join(f.dir, "link")); err != nil {
		t.Fatal(err)
	}
	f.git()
	f.o.Force, f.o.Image.Attest, f.o.Image.Output = true, true, filepath.Join(t.TempDir(), "layout")
	return f.pack(e, steps...).Image
}
