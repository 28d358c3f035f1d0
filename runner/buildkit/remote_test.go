package buildkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// A machine reads from the registry what another one built, and a run that may not write leaves nothing
// there.
func TestLayersAreSharedBetweenMachines(t *testing.T) {
	program, registry := enginetest.BuildDaemon(t), registrytest.Start(t, nil)
	image := registry + "/busybox"
	for _, args := range [][]string{{"tag", "busybox:1.36", image}, {"push", "-q", image}} {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %s", args, out)
		}
	}
	certificates := enginetest.NewAuthority(t).Folder(t)
	machine := func() runner.Engine {
		return engineOf(t, "", "BUILDKIT_HOST="+program.Start(t, certificates),
			"BUILDKIT_TLS_DIR="+certificates)
	}
	f := newFolder(t, "a", "1").git()
	step := sh("build", "cp a b; echo "+unique(), outputs("b"),
		func(s *runner.Step) { s.Tool = &plan.Tool{Image: image} })
	first := machine()
	f.o.Remote = runner.RemoteCache{Ref: registry + "/cache"}
	check(t, "without writing", f.run(first, step).status(), "build=ok")
	second := machine()
	check(t, "nothing is there", f.run(second, step).status(), "build=ok")
	f.o.Remote.Write = true
	check(t, "writing", f.run(first, step).status(), "build=cached")
	f.o.Remote.Write = false
	if err := os.Remove(filepath.Join(f.dir, "b")); err != nil {
		t.Fatal(err)
	}
	check(t, "on another machine", f.run(machine(), step).status(), "build=cached")
	check(t, "what it made", f.get("b"), "1")
}
