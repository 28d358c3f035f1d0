package cli_test

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/runner/registry"
)

// published returns the published plugins that a script can reach.
func published(r cli.PublishedRequest) cli.PublishedPlugins {
	modules := registry.Modules{DockerConfig: os.Getenv("DOCKER_CONFIG")}
	return pluginreg.Published{Registry: modules, Store: r.Store, Offline: r.Offline}
}

// TestPublishedPlugins runs the scripts in testdata/published with a registry, whose address is $REGISTRY.
func TestPublishedPlugins(t *testing.T) {
	t.Parallel()
	at := registrytest.Private(t)
	config := registrytest.Login(t, at, registrytest.Somebody)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/published", RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("REGISTRY", at)
			e.Setenv("REPO", repository)
			e.Setenv("DOCKER_CONFIG", config)
			e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			for _, name := range []string{"HOME", "GOPROXY", "GOCACHE", "GOMODCACHE"} {
				e.Setenv(name, lookup(name))
			}
			return newCache(e)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"git-init": gitInit},
	})
}
