package deploytest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// memory is the harness of a World.
type memory struct {
	t     *testing.T
	world *deploytest.World
	dir   string
}

func open(t *testing.T) deploytest.Harness {
	t.Parallel()
	m := memory{t, deploytest.NewWorld(), t.TempDir()}
	m.engine().AddImage("busybox", deploytest.Image{Content: "busybox"})
	return m
}

func TestSuite(t *testing.T) { deploytest.Suite(t, open) }

func (m memory) engine() *deploytest.Engine { return m.world.Engine("") }

func (m memory) Environment(name string) release.Environment {
	return release.Environment{Project: "shop", Name: name, Dir: m.dir}
}

func (m memory) Backend(name string) deploy.Backend {
	return m.world.Backend(m.Environment(name), deploytest.Options{Secrets: map[string]string{"PASSWORD": "open sesame"}, Key: []byte("key")})
}

func (m memory) Write(compose string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, "compose.yaml"), []byte(compose), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m memory) Image() string { return "busybox" }

func (m memory) Kill(container string) { m.found(container, m.engine().Kill(container)) }

func (m memory) Remove(container string) { m.found(container, m.engine().Remove(container)) }

func (m memory) found(container string, there bool) {
	m.t.Helper()
	if !there {
		m.t.Fatalf("there is no container %q", container)
	}
}

func (m memory) Run(f deploytest.Foreign) {
	m.t.Helper()
	if err := m.engine().Run(f); err != nil {
		m.t.Fatal(err)
	}
}

func (m memory) Network(name, project string) { m.engine().AddNetwork(name, project) }

func (m memory) Volume(name, project string) { m.engine().AddVolume(name, project) }
