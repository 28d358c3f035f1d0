package node

import (
	"strings"
	"testing"
)

// workspace returns a workspace with the members packages/a, packages/b and packages/c, of which b depends on a.
func workspace(manager, name, script string, more ...string) []string {
	const members = `"lint": "eslint .", "typecheck": "tsc --noEmit", "test": "node --test"`
	files := []string{
		"package.json", `{"name": "all", "workspaces": ["packages/*"], "scripts": {"` + name + `": "` + script + `"}}`,
		"packages/a/package.json", `{"name": "@x/a", "scripts": {` + members + `}}`,
		"packages/b/package.json", `{"name": "b", "scripts": {` + members + `}, "dependencies": {"@x/a": "*"}}`,
		"packages/c/package.json", `{"name": "c", "scripts": {` + members + `}}`,
		"test/a.test.js", "", "src/a.js", "", "packages/a/tsconfig.json", "{}", "packages/b/tsconfig.json", "{}",
	}
	switch manager {
	case "pnpm":
		files = append(files, "pnpm-workspace.yaml", "packages: [packages/*]\n")
	case "yarn":
		files = append(files, "yarn.lock", "")
	case "bun":
		files = append(files, "bun.lock", "")
	}
	return append(files, more...)
}

// notRun returns the members that a target of a workspace leaves out: "a b"; "a?" is one that may run.
func notRun(t *testing.T, files []string, part string) string {
	t.Helper()
	var out []string
	for _, o := range planFrom(t, of(files...)).Omitted {
		dirs, ok := strings.CutPrefix(o.Part, part+" of ")
		dirs, why, _ := strings.Cut(dirs, " (")
		for dir := range strings.SplitSeq(dirs, ", ") {
			if mark := map[bool]string{true: "?"}[strings.HasPrefix(why, "unless")]; ok {
				out = append(out, strings.TrimPrefix(dir, "packages/")+mark)
			}
		}
	}
	return strings.Join(out, " ")
}

func TestMembersWhoseTestsTheRootDoesNotRunAreNamed(t *testing.T) {
	for script, want := range map[string]string{
		"npm: npm test --workspaces":                                       "",
		"npm: npm t -ws":                                                   "",
		"npm: npm test -w @x/a":                                            "b c",
		"npm: npm run test --workspace=packages/b":                         "a c",
		"npm: npm test -w packages":                                        "",
		"npm: npm --prefix packages/a test && npm test -w b":               "c",
		"npm: npm run lint -ws":                                            "a b c",
		"npm: node --test test/":                                           "a b c",
		"npm: node --test dist/":                                           "a b c",
		"npm: node --test":                                                 "",
		"npm: node --import ./src/a.js --test":                             "",
		"npm: node --test 'packages/{a,b}/**/*.js'":                        "c",
		"npm: jest --config ./jest.config.js":                              "",
		"npm: jest --testPathIgnorePatterns packages":                      "a b c",
		"npm: vitest run --project c":                                      "a b",
		"npm: vitest run --project=unit":                                   "a? b? c?",
		"npm: mocha":                                                       "a b c",
		"npm: npx mocha 'packages/**/*.js'":                                "",
		"npm: node scripts/test.js":                                        "",
		"npm: concurrently -n x,y 'npm test -w b' 'npm test -w c'":         "a",
		"npm: cd packages/a && npm test":                                   "b c",
		"npm: (cd packages/a && npm test) && (cd packages/b && npm t)":     "c",
		"pnpm: pnpm -r test":                                               "",
		"pnpm: pnpm -r --parallel run test":                                "",
		"pnpm: pnpm -w run x && node --test test":                          "a b c",
		"pnpm: pnpm -F b test":                                             "a c",
		"pnpm: pnpm --filter=a test":                                       "b c",
		"pnpm: pnpm --filter '@x/*' test":                                  "b c",
		"pnpm: pnpm --filter './packages/*' test":                          "",
		"pnpm: pnpm --filter './packages/**' test":                         "",
		"pnpm: pnpm --filter ./packages/a --filter c test":                 "b",
		"pnpm: pnpm --filter ./packages test":                              "a? b? c?",
		"pnpm: pnpm --filter '{packages/b}' test":                          "a c",
		"pnpm: pnpm --filter '!c' test":                                    "c",
		"pnpm: pnpm --filter './packages/*' --filter '!./packages/c' test": "c",
		"pnpm: pnpm --filter b... test":                                    "c",
		"pnpm: pnpm --filter 'b^...' test":                                 "b c",
		"pnpm: pnpm --filter ...@x/a test":                                 "c",
		"pnpm: pnpm --filter '...^@x/a' test":                              "a c",
		"pnpm: pnpm --filter '[origin/main]' test":                         "a? b? c?",
		"pnpm: pnpm --filter $PKG test":                                    "a? b? c?",
		"pnpm: pnpm --filter c test && pnpm --filter '...[main]' test":     "a? b?",
		"pnpm: pnpm -C packages/a test":                                    "b c",
		"pnpm: pnpm -F b exec vitest run":                                  "a c",
		"pnpm: pnpm -r exec eslint .":                                      "a b c",
		"yarn: yarn workspace b test":                                      "a c",
		"yarn: yarn workspaces run test":                                   "",
		"yarn: yarn workspaces foreach -A --exclude c run test":            "c",
		"yarn: yarn workspaces foreach --since run test":                   "a? b? c?",
		"yarn: yarn jest test":                                             "a b c",
		"yarn: yarn --cwd packages/c test":                                 "a b",
		"bun: bun test":                                                    "",
		"bun: bun --filter 'b' test":                                       "a c",
		"npm: turbo run lint test":                                         "",
		"npm: turbo test --filter=b":                                       "a c",
		"npm: turbo run all":                                               "",
		"npm: turbo run test --affected":                                   "a? b? c?",
		"npm: lerna run test --scope c --scope b":                          "a",
		"npm: lerna run test --ignore '@x/*'":                              "a",
		"npm: nx run-many -t lint,test":                                    "",
		"npm: nx run-many --target=test --projects=b,c":                    "a",
		"npm: nx run b:test":                                               "a c",
		"npm: nx affected -t test":                                         "a? b? c?",
	} {
		manager, text, _ := strings.Cut(script, ": ")
		files := workspace(manager, "test", text, "turbo.json", `{"tasks": {"all": {"dependsOn": ["^test"]}}}`)
		if got := notRun(t, files, "the tests"); got != want {
			t.Errorf("%s\ngot  %q\nwanted %q", script, got, want)
		}
	}
}

func TestMembersWhoseChecksTheRootDoesNotRunAreNamed(t *testing.T) {
	for script, want := range map[string]string{
		"eslint .":                   "",
		"eslint":                     "",
		"eslint --ext .js,.ts .":     "",
		"eslint 'packages/*/src/**'": "",
		"eslint src":                 "a b c",
		"eslint src packages/a":      "b c",
		"eslint . --ignore-pattern 'packages/**'":    "a b c",
		"eslint . --ignore-pattern packages/b":       "b",
		"eslint src && prettier --check .":           "a b c",
		"eslint . --fix":                             "",
		"biome check .":                              "a b c",
		"npm run lint --workspaces":                  "",
		"turbo run lint":                             "",
		"lerna run lint":                             "",
		"nx run-many -t lint":                        "",
		"npm run lint -w b && eslint packages/c/src": "a",
		"run-p lint:*":                               "",
		"node scripts/lint.js":                       "",
	} {
		if got := notRun(t, workspace("npm", "lint", script), `the checks "lint"`); got != want {
			t.Errorf("%s\ngot  %q\nwanted %q", script, got, want)
		}
	}
	ignored := workspace("npm", "lint", "eslint .", ".eslintignore", "# no\npackages/a\n")
	if got := notRun(t, ignored, `the checks "lint"`); got != "a" {
		t.Errorf(".eslintignore: got %q", got)
	}
}

func TestMembersWhoseTypesTheRootDoesNotCheckAreNamed(t *testing.T) {
	for config, want := range map[string]string{
		`{}`:                                     "",
		`{"include": ["src"]}`:                   "a b c",
		`{"include": ["src", "packages/*/src"]}`: "",
		`{"exclude": ["packages/b/**"]}`:         "b",
		`{"extends": "./base.json"}`:             "a b",
		`{"files": [], "references": [{"path": "packages/a"}, {"path": "./packages/b"}]}`: "a b c",
		`{`: "a? b? c?",
	} {
		files := workspace("npm", "types", "tsc --noEmit", "tsconfig.json", config, "base.json", `{"include": ["packages/c"]}`)
		if got := notRun(t, files, `the checks "typecheck"`); got != want {
			t.Errorf("%s\ngot  %q\nwanted %q", config, got, want)
		}
	}
	built := workspace("npm", "typecheck", "tsc --build", "tsconfig.json", `{"files": [], "references": [{"path": "packages/a"}]}`)
	if got := notRun(t, built, `the checks "typecheck"`); got != "b c" {
		t.Errorf("references: got %q", got)
	}
}
