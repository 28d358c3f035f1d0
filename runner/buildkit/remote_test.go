package buildkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/testcontainers/testcontainers-go"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// aRegistry starts a registry, and returns its address on this machine.
func aRegistry(t *testing.T) string {
	t.Helper()
	enginetest.Docker(t)
	c, err := testcontainers.Run(t.Context(), "registry:2", testcontainers.WithExposedPorts("5000/tcp"))
	testcontainers.CleanupContainer(t, c)
	if err != nil {
		t.Fatal(err)
	}
	port, err := c.MappedPort(t.Context(), "5000/tcp")
	if err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + port.Port()
	await(t, address)
	return address
}

// What one machine built, another one finds in the registry, and a run that may not write there leaves nothing.
func TestLayersAreSharedBetweenMachines(t *testing.T) {
	program, registry := buildkitd(t), aRegistry(t)
	image := registry + "/busybox"
	for _, args := range [][]string{{"tag", "busybox:1.36", image}, {"push", "-q", image}} {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %s", args, out)
		}
	}
	certificates := newAuthority(t).folder(t)
	config := block(t, string(file(t, "../../docs/engines.md")), "toml", "grpc.tls")
	machine := func() runner.Engine {
		return engineOf(t, "", "BUILDKIT_HOST="+daemon(t, program, config, certificates), "BUILDKIT_TLS_DIR="+certificates)
	}
	f := newFolder(t, "a", "1").git()
	step := sh("build", "cp a b; echo "+unique(), outputs("b"), func(s *runner.Step) { s.Tool = &plan.Tool{Image: image} })
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
