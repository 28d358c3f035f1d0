package node

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

// planned returns the commands of a target of a project, a line each.
func planned(t *testing.T, files fstest.MapFS, target string) string {
	t.Helper()
	p, err := sdktest.Plan(Read, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err != nil {
		t.Errorf("davit would refuse the plan: %v", err)
	}
	return lines(p, target)
}

func lines(p *plan.Plan, target string) string {
	var out []string
	for _, id := range p.Targets[target] {
		s := p.Steps[id]
		out = append(out, strings.TrimSuffix(strings.Join(s.Argv, " ")+strings.TrimSuffix(s.Script, ` "$@"`), " --"))
	}
	return strings.Join(out, "\n")
}

func of(files ...string) fstest.MapFS {
	fs := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fs[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fs
}

func scripts(pairs ...string) string {
	var all []string
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, `"`+pairs[i]+`": "`+strings.ReplaceAll(pairs[i+1], `"`, `\"`)+`"`)
	}
	return `{"scripts": {` + strings.Join(all, ", ") + `}, "devDependencies": {"eslint": "9", "prettier": "3", "typescript": "5", "xo": "1"}}`
}

func TestStyleRunsWhatScriptsCheckAndWritesNothing(t *testing.T) {
	const config = `{"compilerOptions": {"strict": true}}`
	for name, c := range map[string]struct {
		files         fstest.MapFS
		style, format string
	}{
		"a chain with one link that writes": {of("package.json", scripts("lint", "eslint --fix src/** && tsc --noEmit")),
			"eslint src/** && tsc --noEmit", "npm run lint"},
		"a link that cannot only check": {of("package.json", scripts("lint", "lint-staged && tsc --noEmit")),
			"true && tsc --noEmit", "npm run lint"},
		"a formatter with a configuration": {of("package.json", scripts("lint", "oxfmt -c cfg.json")),
			"oxfmt -c cfg.json --check", "npm run lint"},
		"a formatter that only writes": {of("package.json", scripts("format", "oxfmt", "oxfmt", "oxfmt --check")),
			"", "npm run format"},
		"scripts that are called in turn": {of("package.json",
			scripts("lint", "run-s lint:*", "lint:js", "eslint . --fix", "lint:css", "stylelint src")),
			"npm run lint:css\n(stylelint src) && (eslint .)", "npm run lint"},
		"an argument that is passed on": {of("package.json", scripts("lint", "npm run check:js -- --fix && tsc --noEmit", "check:js", "eslint .")),
			"npm run check:js\nnpm run check:js && tsc --noEmit", "npm run lint"},
		"a compiler that would write": {of("package.json", scripts("typecheck", "tsc"), "tsconfig.json", config),
			"tsc --noEmit", ""},
		"a compiler for the build": {of("package.json", scripts("typecheck", "npm run build && eslint .", "build", "tsc"), "tsconfig.json", config),
			"npm run typecheck", ""},
		"a compiler of references": {of("package.json", scripts("typecheck", "tsc -b"), "tsconfig.json", `{"references": []}`),
			"npm run typecheck", ""},
		"other names": {of("package.json", scripts("lint:docs", "eslint docs", "eslint-check", "eslint .", "codestyle", "prettier --check .",
			"types", "tsc --noEmit", "ci:lint", "xo", "check-format", "prettier -c src")),
			"npm run check-format\nnpm run ci:lint\nnpm run codestyle\nnpm run eslint-check\nnpm run lint:docs\nnpm run types", ""},
		"types that are built": {of("package.json", scripts("types", "tsc --emitDeclarationOnly", "lint", "eslint .")),
			"npm run lint", ""},
		"a compiler that watches": {of("package.json", scripts("typecheck", "tsc --noEmit --watch")),
			"tsc --noEmit", ""},
		"a watcher around a linter": {of("package.json", scripts("lint", "onchange src -- eslint src && tsc --noEmit")),
			"eslint src && tsc --noEmit", ""},
		"prettier alone": {of("package.json", scripts(), ".prettierrc", ""), "", "prettier --write ."},
	} {
		t.Run(name, func(t *testing.T) {
			format := planned(t, c.files, "format")
			if got := planned(t, c.files, "style"); got != c.style || format != c.format {
				t.Errorf("style:\n%s\nwanted:\n%s\nformat:\n%s\nwanted:\n%s", got, c.style, format, c.format)
			}
		})
	}
}

func TestMembersWhoseScriptWritesAreCheckedByThemselves(t *testing.T) {
	files := of("package.json", `{"workspaces": ["p/*"], "devDependencies": {"eslint": "9"}}`,
		"p/a/package.json", `{"name": "a", "scripts": {"lint": "eslint ."}}`,
		"p/b/package.json", `{"name": "b", "scripts": {"lint": "eslint --fix . && tsc --noEmit"}}`)
	p, err := sdktest.Plan(Read, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := lines(p, "style"), "npm run lint --workspace=a\neslint . && tsc --noEmit"; got != want {
		t.Errorf("got:\n%s\nwanted:\n%s", got, want)
	}
	if dir := p.Steps["lint-of-p/b-check"].Dir; dir != "p/b" {
		t.Errorf("the check of b runs in %q", dir)
	}
}

func TestAScriptThatAnotherMemberCallsIsNotLost(t *testing.T) {
	files := of("package.json", `{"workspaces": ["p/*"]}`,
		"p/a/package.json", `{"name": "a", "scripts": {"lint": "npm run lint:js", "lint:js": "eslint ."}}`,
		"p/b/package.json", `{"name": "b", "scripts": {"lint:js": "eslint ."}}`)
	if got, want := planned(t, files, "style"), "npm run lint --workspaces --if-present\nnpm run lint:js --workspace=b"; got != want {
		t.Errorf("got:\n%s\nwanted:\n%s", got, want)
	}
}

func TestStyleIsWhatThePipelineChecks(t *testing.T) {
	const config = "eslint.config.js"
	workflow := func(run ...string) string {
		text := "jobs:\n  a:\n    steps:\n"
		for _, line := range run {
			text += "      - run: " + line + "\n"
		}
		return text
	}
	for name, c := range map[string]struct {
		scripts, run, want string
	}{
		"none":                            {scripts(), "", "eslint ."},
		"one that only deploys":           {scripts("build", "x"), "npm run build", "eslint ."},
		"tests alone":                     {scripts("test", "node --test"), "npm test", ""},
		"a linter":                        {scripts("test", "node --test"), "npx eslint src lib", "eslint src lib"},
		"a program of yarn":               {scripts(), "yarn eslint src", "eslint src"},
		"a linter of the tests":           {scripts("test", "xo && node --test"), "npm test", "xo"},
		"a program that is no dependency": {scripts(), "npx oxlint .", "npx --yes oxlint ."},
		"a script that only checks":       {scripts("verify", "eslint a && prettier --check b"), "npm run verify", "npm run verify"},
		"a script that style has":         {scripts("lint", "eslint ."), "npm run lint && npx eslint .", "npm run lint"},
		"one check more":                  {scripts("lint", "eslint ."), "npm run lint && npx tsc --noEmit", "npm run lint\ntsc --noEmit"},
		"a variable":                      {scripts("lint", "eslint ."), "npx prettier --check $DIR", "npm run lint"},
		"another folder":                  {scripts(), "cd other && npx eslint .", "eslint ."},
	} {
		t.Run(name, func(t *testing.T) {
			files := of("package.json", c.scripts, config, "")
			if c.run != "" {
				files[".github/workflows/ci.yml"] = &fstest.MapFile{Data: []byte(workflow("npm ci", c.run))}
			}
			if got := planned(t, files, "style"); got != c.want {
				t.Errorf("got:\n%s\nwanted:\n%s", got, c.want)
			}
		})
	}
}

func TestOtherPipelinesAreRead(t *testing.T) {
	for file, text := range map[string]string{
		".gitlab-ci.yml":       "lint:\n  script:\n    - npm ci\n    - npx eslint src\n",
		".circleci/config.yml": "jobs:\n  a:\n    steps:\n      - run: npx eslint src\n",
		".travis.yml":          "script: \"npx eslint src\"\n",
	} {
		files := of("package.json", scripts(), "eslint.config.js", "", file, text)
		if got := planned(t, files, "style"); got != "eslint src" {
			t.Errorf("%s: got %q", file, got)
		}
	}
}

func TestAScriptCheckRunsOnce(t *testing.T) {
	p := planFrom(t, of("package.json", scripts("check", "npm run lint && jest --watch && vitest", "lint", "eslint .")))
	if got := lines(p, "check"); got != "npm run lint && jest && vitest" || p.Steps["check"].Env["CI"] != "true" {
		t.Errorf("check runs %q with %v", got, p.Steps["check"].Env)
	}
}
