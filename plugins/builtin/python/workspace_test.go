package python

import (
	"fmt"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk"
)

// TestSyncIsThatOfThePipeline takes from the pipeline for which members uv fills the environment, and with what.
func TestSyncIsThatOfThePipeline(t *testing.T) {
	member := map[string]string{"packages/m/pyproject.toml": "[project]\nname = 'm'\nversion = '1'\n[build-system]\nbuild-backend = 'x'\n",
		"packages/m/src/m/__init__.py": "", "packages/m/tests/test_m.py": "def test(): pass\n"}
	for _, c := range []struct{ script, testpaths, want string }{
		{"uv sync --locked && uv run pytest", "", "[] [] [dev]"},
		{"uv sync --locked --all-extras --all-groups && uv run pytest", "", "[] [x y] [dev docs]"},
		{"uv sync --extra y && uv run pytest", "", "[] [y] [dev]"},
		{"uv sync --all-packages && uv run pytest", "", "[--all-packages] [] [dev]"},
		{"uv sync && uv run --package m pytest", "", "[--all-packages] [] [dev]"},
		{"uv sync && uv run pytest && cd packages/m && uv sync && uv run pytest", "", "[--all-packages] [] [dev]"},
		{"uv sync && uv run pytest", "tests", "[--all-packages] [] [dev]"}, // the member is tested by itself
		{"uv run pytest", "", "[--all-packages] [] [dev]"},
	} {
		files := map[string]string{"uv.lock": "", "src/r/__init__.py": "", "tests/test_r.py": "def test(): pass\n",
			"pyproject.toml": "[project]\nname = 'r'\nversion = '1'\n[project.optional-dependencies]\nx = ['a']\ny = ['b']\n" +
				"[dependency-groups]\ndev = ['pytest']\ndocs = ['sphinx']\n[tool.uv.workspace]\nmembers = ['packages/*']\n" +
				"[tool.pytest.ini_options]\ntestpaths = '" + c.testpaths + "'\n",
			".github/workflows/ci.yml": "on: push\njobs: {a: {steps: [{run: \"" + c.script + "\"}]}}\n"}
		for name, text := range member {
			files[name] = text
		}
		all := planned(t, files)
		extras, groups := all[0].extrasAndGroups()
		if got := fmt.Sprint(all[0].packagesOption(), extras, groups); got != c.want {
			t.Errorf("%s: got %s, wanted %s", c.script, got, c.want)
		}
	}
}

// planned returns the environments of some files, the root first.
func planned(t *testing.T, files map[string]string) []*env {
	t.Helper()
	all, err := allEnvironments(&config{}, newTree(&sdk.Project{FS: filesOf(files)}))
	if err != nil {
		t.Fatal(err)
	}
	return all
}
