package pluginstest

import (
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
)

// TestPluginsRunAsMachineCode asks each built-in plugin with a new cache: none is interpreted.
func TestPluginsRunAsMachineCode(t *testing.T) {
	store := t.TempDir()
	if err := Link(store); err != nil {
		t.Fatal(err)
	}
	all, err := plugins.Builtin()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d plugins (%v)", len(all), err)
	}
	project, err := tree.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer project.Close()
	host := plugins.NewHost(plugins.Options{CacheDir: filepath.Join(store, "plugins")})
	defer host.Close(t.Context())
	for _, m := range all {
		a, err := host.Plan(t.Context(), m, project, plan.Request{API: plan.API, Project: plan.Project{Name: "x", Dir: "."}}, nil)
		if err != nil || a.From != plugins.FromCompiler {
			t.Errorf("%s answers from %q (%v)", m.Manifest.Name, a.From, err)
		}
	}
}
