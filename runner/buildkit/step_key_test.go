package buildkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner"
)

// An image counts by the digest that its tag has now, not by the tag.
func TestATagThatMovesMakesAStepRunAgain(t *testing.T) {
	e := New(runner.EngineRequest{Address: enginetest.Docker(t), Env: os.Environ()})
	f := newFolder(t, "a", "1").git()
	name := enginetest.Project()
	enginetest.Image(t, name)
	s := sh("build", "cp a b; echo "+unique(), outputs("b"),
		func(s *runner.Step) { s.Tool.Image = name })
	check(t, "first", f.run(e, s).status(), "build=ok")
	check(t, "second", f.run(e, s).status(), "build=cached")
	if out, err := exec.Command("docker", "tag", "debian:12", name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	check(t, "moved", f.run(e, s).status(), "build=ok")
}

// The files of a repository inside the project are in a container too.
func TestAFileOfAnInnerRepositoryIsInTheContainer(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "").git()
		f.put("third/lib/x", "1")
		inner := filepath.Join(f.dir, "third/lib")
		if out, err := exec.Command("git", "-C", inner, "init", "-q").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		s := sh("build", "cp third/lib/x b; echo "+unique(), outputs("b"))
		check(t, "first", f.run(e, s).status(), "build=ok")
		f.put("third/lib/x", "2")
		check(t, "changed", f.run(e, s).status(), "build=ok")
		check(t, "output", f.get("b"), "2")
	})
}
