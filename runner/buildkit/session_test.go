package buildkit

import (
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// TestImagesArePulledWithTheCallersCredentials checks that the credentials of "docker login" come from the
// caller's environment.
func TestImagesArePulledWithTheCallersCredentials(t *testing.T) {
	at := registrytest.Private(t)
	image, mine := at+"/private", registrytest.Login(t, at, registrytest.Somebody)
	for _, args := range [][]string{{"pull", "-q", "busybox:1.36"}, {"tag", "busybox:1.36", image},
		{"--config", mine, "push", "-q", image}, {"rmi", image}} {
		dockerSays(t, args...)
	}
	enginetest.Each(t, func(t *testing.T, address string) {
		step := sh("build", "cp a b; echo "+unique(), outputs("b"),
			func(s *runner.Step) { s.Tool = &plan.Tool{Image: image} })
		f := newFolder(t, "a", "1").git()
		check(t, "without credentials", f.run(engineOf(t, address), step).status(), "build=failed")
		check(t, "with them", f.run(engineOf(t, address, "DOCKER_CONFIG="+mine), step).status(), "build=ok")
	})
}
