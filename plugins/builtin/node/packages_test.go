package node

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

func planFrom(t *testing.T, files fstest.MapFS) *plan.Plan {
	t.Helper()
	p, err := sdktest.Plan(Read, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err != nil {
		t.Errorf("davit would refuse the plan: %v", err)
	}
	return p
}

func omissions(p *plan.Plan) string {
	var out []string
	for _, l := range p.Omitted {
		out = append(out, l.Part+": "+strings.Join(l.Targets, " "))
	}
	return strings.Join(out, "\n")
}

const (
	tested = `{"scripts": {"test": "node test.js", "lint": "eslint ."}}`
	lerna  = `{"scripts": {"test": "lerna run test"}}`
	plain  = `{"scripts": {"start": "node ."}}`
	kinds  = "style test test-unit test-integration test-functional"
)

func TestEveryPackageIsPlannedOrNamed(t *testing.T) {
	for name, c := range map[string]struct {
		files      fstest.MapFS
		tests, out string
	}{
		"beside the root": {of("package.json", tested, "a/package.json", tested, "b/c/d/package.json", tested), "test a/test b/c/d/test", ""},
		"below another":   {of("package.json", tested, "a/package.json", tested, "a/b/package.json", tested), "test a/test a/b/test", ""},
		"without scripts": {of("package.json", tested, "a/package.json", `{"type": "module"}`), "test", ""},
		"not JSON":        {of("package.json", tested, "a/package.json", "{"), "test", ""},
		"dependencies alone": {of("package.json", tested, "a/package.json", `{"dependencies": {"x": "1"}}`, "a/a.test.js", "",
			"b/package.json", `{"devDependencies": {"jest": "1"}}`, "b/yarn.lock", "", "b/b.test.js", ""), "test b/test-unit", ""},
		"hooks alone": {of("package.json", tested, "a/package.json", `{"scripts": {"prepare": "x", "prepack": "y"}}`), "test", ""},
		"of a workspace": {of("package.json", `{"workspaces": ["p/*"], "scripts": {"test": "x"}}`, "p/a/package.json", tested,
			"b/package.json", tested, "c/package.json", tested, "c/yarn.lock", ""), "test c/test",
			"b (no member of the workspace of package.json, and without a lockfile): " + kinds},
		"of lerna": {of("package.json", lerna, "lerna.json", `{"packages": ["libs/*"]}`, "libs/a/package.json", tested,
			"b/package.json", tested), "test b/test", ""},
		"of lerna as it is made": {of("package.json", lerna, "lerna.json", "{}", "packages/a/package.json", tested), "test", ""},
		"of lerna, unused": {of("package.json", tested, "lerna.json", "{}", "packages/a/package.json", tested, "packages/b/package.json", "{}"), "test",
			"packages/a (a package of lerna.json, in which no script of package.json runs lerna): " + kinds},
		"below yarn 4": {of("package.json", tested, "yarn.lock", "__metadata:\n", "a/package.json", tested), "test",
			"a (without a yarn.lock, yarn installs nothing in it): " + kinds},
		"examples": {of("package.json", tested, "examples/a/package.json", tested, "examples/b/package.json", tested,
			"examples/c/package.json", plain), "test", "examples/a, examples/b (an example): " + kinds},
		"support": {of("package.json", tested, "docs/package.json", `{"scripts": {"build": "x"}}`, "e2e/package.json", tested),
			"test", "docs (a package beside the project): build\ne2e (a package beside the project): " + kinds},
		"fixtures": {of("package.json", tested, "test/a/package.json", tested, "template/package.json", tested), "test", ""},
		"no root":  {of("a/package.json", tested, "examples/b/package.json", tested), "a/test", "examples/b (an example): " + kinds},
	} {
		t.Run(name, func(t *testing.T) {
			p := planFrom(t, c.files)
			if got := strings.Join(p.Targets["test"], " "); got != c.tests {
				t.Errorf("tests %s, wanted %s", got, c.tests)
			}
			if got := omissions(p); got != c.out {
				t.Errorf("leaves out:\n%s\nwanted:\n%s", got, c.out)
			}
		})
	}
}

func TestManyExamplesAreNamedInFewWords(t *testing.T) {
	files := of("package.json", tested)
	for _, name := range strings.Split("abcdef", "") {
		files["examples/"+name+"/package.json"] = &fstest.MapFile{Data: []byte(tested)}
	}
	if got := omissions(planFrom(t, files)); !strings.HasPrefix(got, "examples/a, examples/b, examples/c and 3 more (") {
		t.Error(got)
	}
}

func TestAPackageBelowHasItsShareAndNoMore(t *testing.T) {
	const root = `{"scripts": {"start": "node server.js", "build": "npm --prefix client run build", "check": "npm run lint && node x",
		"lint": "eslint .", "deploy:it": "a"}}`
	const client = `{"scripts": {"start": "vite", "build": "vite build", "lint": "eslint src", "deploy:it": "b", "own": "c"},
		"devDependencies": {"vite": "5"}}`
	p := planFrom(t, of("package.json", root, "server.js", "", "client/package.json", client))
	for target, want := range map[string]string{
		"run": "start", "build": "build", "style": "lint client/lint", "deploy:it": "deploy:it", "own": "client/own",
		"init": "client/install", "package": "package",
	} {
		if got := strings.Join(p.Targets[target], " "); got != want {
			t.Errorf("%s is %s, wanted %s", target, got, want)
		}
	}
	if !slices.Contains(p.Steps["build"].Needs, "client/install") {
		t.Error("the build enters client without its install")
	}
	if got := p.About["check"].Includes; slices.Contains(got, "style") {
		t.Errorf("check includes %s, and not the style of client", got)
	}
}

func TestAnInstallBelowWaitsForOneThatEntersIt(t *testing.T) {
	p := planFrom(t, of("package.json", `{"scripts": {"postinstall": "cd client && npm install"}, "dependencies": {"a": "1"}}`,
		"client/package.json", `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}}`))
	if got := p.Steps["client/install"].After; !slices.Equal(got, []string{"install"}) {
		t.Errorf("the install of client runs after %s", got)
	}
}

func TestTheManagerIsThatOfThePackageAbove(t *testing.T) {
	p := planFrom(t, of("package.json", tested, "pnpm-lock.yaml", "lockfileVersion: '9.0'", "a/package.json",
		`{"scripts": {"test": "x"}, "devDependencies": {"y": "1"}}`))
	if got := p.Steps["a/install"].Script; !strings.Contains(got, "pnpm install --no-lockfile") {
		t.Errorf("installs with %s", got)
	}
}

func TestThePackagesAreConfigured(t *testing.T) {
	files := of("package.json", tested, "a/package.json", tested, "examples/b/package.json", tested)
	p, err := sdktest.Plan(Read, files, []byte(`{"packages": ["./examples/b/", "a"]}`))
	if err != nil || strings.Join(p.Targets["test"], " ") != "a/test examples/b/test" || len(p.Omitted) > 0 {
		t.Error(p.Targets["test"], p.Omitted, err)
	}
	for config, want := range map[string]string{
		`{"packages": ["c"]}`:    `[plugins.node] config: "c" in "packages" is not the folder of a package`,
		`{"packages": ["../c"]}`: `[plugins.node] config: packages are folders in the project, as ["client"]`,
		`{"packages": [""]}`:     `[plugins.node] config: packages are folders in the project, as ["client"]`,
	} {
		if _, err := sdktest.Plan(Read, files, []byte(config)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, wanted %s", config, err, want)
		}
	}
}

func TestWhatAManagerRunsByItselfIsNoTarget(t *testing.T) {
	p := planFrom(t, of("package.json", `{"scripts": {"prepack": "a", "prepare": "b", "publish": "c", "postpack": "d",
		"prepublishOnly": "e", "preversion": "f", "pnpm:devPreinstall": "g", "test": "h"}}`))
	for target := range p.Targets {
		if !slices.Contains([]string{"test", "init", "upgrade"}, target) {
			t.Errorf("%s is a target", target)
		}
	}
}

func TestTheVersionThatRunsIsSaid(t *testing.T) {
	for manager, want := range map[string]string{
		"npm@12.0.1":         "the npm that is installed, because package.json says so; it asks for 12.0.1",
		"bun@1.2.0":          "the bun that is installed, because package.json says so; it asks for 1.2.0",
		"pnpm@10.1.0+sha1.a": "pnpm 10.1.0, because package.json says so; one that is installed is called as it is",
		"npm":                "npm, because package.json says so",
	} {
		p := planFrom(t, of("package.json", `{"packageManager": "`+manager+`", "scripts": {"test": "x"}}`))
		if p.Decisions[0] != want {
			t.Errorf("%s: %q, wanted %q", manager, p.Decisions[0], want)
		}
	}
}
