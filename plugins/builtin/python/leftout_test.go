package python

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestGroupsThatThePipelineLeavesOut has groups that are neither installed nor known, since no job that runs tests or
// linters has them.
func TestGroupsThatThePipelineLeavesOut(t *testing.T) {
	for _, c := range []struct{ jobs, lock, left, groups, missing string }{
		{"uv sync --no-dev && uv run --no-sync pytest", "uv.lock", "dev", "test", ""},
		{"uv run --no-dev pytest", "uv.lock", "dev", "test", ""},
		{"uv run --no-dev -m pytest", "uv.lock", "dev", "test", ""},
		{"uv run --no-group dev --group test pytest", "uv.lock", "dev", "test", ""},
		{"uv sync --no-default-groups --group test && .venv/bin/pytest", "uv.lock", "dev", "test", ""},
		{"UV=1 uv run --no-dev pytest|uv run --no-dev ruff check", "uv.lock", "dev", "test", "ruff"},
		{"poetry install --without dev && poetry run pytest", "poetry.lock", "dev", "test", ""},
		{"uv sync --no-dev --all-groups && uv run --no-sync pytest", "uv.lock", "dev", "docs test", ""},
		// uv fills the environment again, a job has all that its calls add, and there is one environment for all jobs.
		{"uv sync --no-dev && uv run pytest", "uv.lock", "", "dev test", ""},
		{"uv sync && uv run --no-dev pytest", "uv.lock", "", "dev test", ""},
		{"uv run --no-dev pytest|uv run ruff check", "uv.lock", "", "dev test", ""},
		{"uv run pytest|uv run --no-dev ruff check", "uv.lock", "", "dev test", ""},
		// Jobs that check nothing do not count.
		{"uv run --no-dev pytest|uv sync && uv run python -m site", "uv.lock", "dev", "test", ""},
		{"uv run pytest|uv sync --no-dev && uv build", "uv.lock", "", "dev test", ""},
	} {
		var jobs strings.Builder
		for i, script := range strings.Split(c.jobs, "|") {
			fmt.Fprintf(&jobs, "  j%d: {steps: [{run: \"%s\"}]}\n", i, script)
		}
		e := planned(t, map[string]string{c.lock: "", "r.py": "", "tests/test_r.py": "def test(): pass\n",
			"pyproject.toml": "[project]\nname = 'r'\nversion = '1'\n" +
				"[dependency-groups]\ndev = ['ruff', 'pytest-cov']\ndocs = ['sphinx']\ntest = ['pytest']\n",
			".github/workflows/ci.yml": "on: push\njobs:\n" + jobs.String()})[0]
		_, groups := e.extrasAndGroups()
		slices.Sort(groups)
		if got := strings.Join(e.left.groups, " "); got != c.left {
			t.Errorf("%s: left out %q, wanted %q", c.jobs, got, c.left)
		}
		if got := strings.Join(groups, " "); got != c.groups {
			t.Errorf("%s: groups %q, wanted %q", c.jobs, got, c.groups)
		}
		script := e.managerScript(nil, groups)
		if named := strings.Contains(script, "--no-group dev") || strings.Contains(script, "--without dev"); named != (c.left != "") {
			t.Errorf("%s: the script is %s", c.jobs, script)
		}
		if c.left != "" && (e.manages("pytest-cov") || !strings.Contains(e.why, "it leaves out what only dev has, as .github/workflows/ci.yml does")) {
			t.Errorf("%s: the group counts as installed: %s", c.jobs, e.why)
		}
		if c.missing != "" && e.manages(c.missing) {
			t.Errorf("%s: %s counts as installed by uv", c.jobs, c.missing)
		}
	}
}
