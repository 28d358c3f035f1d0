package runner_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Of settings with credentials the addresses count, and that the credentials are set.
func TestAnotherTokenIsNoReasonToRunAgain(t *testing.T) {
	for name, c := range map[string]struct{ file, first, token, address string }{
		"npm": {".npmrc", "registry=https://a/\n//a/:_authToken=one\n", "registry=https://a/\n//a/:_authToken=two\n",
			"registry=https://b/\n//a/:_authToken=one\n"},
		"pip": {"pip.conf", "[global]\nindex-url=https://me:one@a/simple\n", "[global]\nindex-url=https://you:two@a/simple\n",
			"[global]\nindex-url=https://me:one@b/simple\n"},
		"anything else": {"settings", "token=one\n", "token=one\n", "token=two\n"},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			p := newProject(t, "a").git()
			p.env = append(p.env, "HOME="+home)
			s := sh("test", "true", func(s *runner.Step) { s.Plan.Settings = []string{"~/" + c.file} })
			for _, step := range []struct{ what, text, want string }{
				{"first", c.first, "test=ok"}, {"another token", c.token, "test=cached"},
				{"another address", c.address, "test=ok"}, {"the first again", c.first, "test=cached"},
			} {
				if err := os.WriteFile(filepath.Join(home, c.file), []byte(step.text), 0o600); err != nil {
					t.Fatal(err)
				}
				check(t, step.what, p.run(s).status(), step.want)
			}
		})
	}
}

// env = "strict" must not make a package manager ask the public index.
func TestStrictPassesTheRegistries(t *testing.T) {
	env := []string{"PATH=/bin", "PIP_INDEX_URL=https://a/", "PIP_CERT=/ca.pem", "GOPROXY=https://b", "OTHER=1", "MINE=1"}
	s := runner.Step{Plan: plan.Step{Caches: []plan.Cache{{ID: "pip", Env: "PIP_CACHE_DIR"}}, PassEnv: []string{"MINE"}}}
	got := runner.Strict(env, s)
	if want := []string{"PATH=/bin", "PIP_INDEX_URL=https://a/", "PIP_CERT=/ca.pem", "MINE=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPackageManagers(t *testing.T) {
	for name, c := range map[string]struct {
		step runner.Step
		want []string
	}{
		"by its caches": {runner.Step{ToolName: "uv", Plan: plan.Step{Op: plan.OpShell,
			Caches: []plan.Cache{{ID: "uv"}, {ID: "pip"}, {ID: "own"}}}}, []string{"pip", "uv"}},
		"by its program": {runner.Step{Plan: plan.Step{Op: plan.OpExec, Argv: []string{"npm", "test"}}}, []string{"npm"}},
		"none":           {runner.Step{ToolName: "python", Plan: plan.Step{Op: plan.OpExec, Argv: []string{"ruff"}}}, nil},
	} {
		if got := c.step.PackageManagers(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
