// Package pluginstest gives tests, whose binary is the davit that they run, a cache in which the built-in plugins
// are compiled. With an empty cache, a davit interprets each plugin, which is slow, and compiles it for the next
// one, which takes seconds of the processor.
//
// The compiled plugins are in a folder of the user's cache, one for each version of the compiler, and all tests
// share them. What plugins have answered is not shared.
package pluginstest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
)

// Link puts the compiled plugins into a new cache of davit. To remove the cache does not remove them.
func Link(store string) error {
	compiled, err := compiled()
	if err != nil {
		return err
	}
	return Share(compiled, store)
}

// compiled returns the folder with the compiled plugins.
var compiled = sync.OnceValues(func() (string, error) {
	home, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	version, err := compiler()
	if err != nil {
		return "", err
	}
	ctx, home := context.Background(), filepath.Join(home, "davit-test-plugins", version)
	defer cache.Open(home, cache.Options{}).Lock(ctx, "compile", func() {})()
	return filepath.Join(home, "compiled"), compileAll(ctx, home)
})

// compiler returns the version of the compiler, which the binary of a test does not know of itself.
func compiler() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/tetratelabs/wazero").Output()
	return strings.TrimSpace(string(out)), err
}

// compileAll compiles the built-in plugins into a folder, as far as they are not there.
func compileAll(ctx context.Context, home string) error {
	modules, err := plugins.Builtin()
	if err != nil {
		return err
	}
	empty, err := os.MkdirTemp("", "davit-plugins-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(empty)
	project, err := tree.Open(empty)
	if err != nil {
		return err
	}
	defer project.Close()
	host := plugins.NewHost(plugins.Options{CacheDir: home})
	return errors.Join(use(ctx, host, modules, project), host.Warm(ctx), host.Close(ctx))
}

// use makes a host use one plugin of each module.
func use(ctx context.Context, host *plugins.Host, all []*plugins.Module, project *tree.Tree) error {
	used := map[string]bool{}
	for _, m := range all {
		if used[m.Digest] {
			continue
		}
		used[m.Digest] = true
		request := plan.Request{API: plan.API, Project: plan.Project{Name: "empty", Dir: "."}}
		if _, err := host.Plan(ctx, m, project, request, nil); err != nil {
			return err
		}
	}
	return nil
}
