package node

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSplitCutsScriptsIntoCommands(t *testing.T) {
	for script, want := range map[string][]command{
		"":                              nil,
		"a && b; c | d || e & f":        {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}, {"f"}},
		`mocha 'test/**/*.js' "a b"`:    {{"mocha", "test/**/*.js", "a b"}},
		`echo "a && b" ''`:              {{"echo", "a && b", ""}},
		`node -e "f(\"x\")" a\ b`:       {{"node", "-e", `f("x")`, "a b"}},
		"(cd lib && tsc)\n\nrm -rf out": {{"cd", "lib"}, {"tsc"}, {"rm", "-rf", "out"}},
		"echo 'never closed && b":       {{"echo", "never closed && b"}},
	} {
		if got := split(script); !reflect.DeepEqual(got, want) {
			t.Errorf("split(%q) = %q, wanted %q", script, got, want)
		}
	}
}

func TestUnwrapped(t *testing.T) {
	for script, want := range map[string]string{
		"NODE_ENV=test cross-env A=b jest --ci":                    "jest --ci",
		"npx --no-install mocha x":                                 "mocha x",
		"pnpm exec vitest run":                                     "vitest run",
		"c8 --reporter text mocha test":                            "mocha test",
		"nyc --all node --test":                                    "node --test",
		"nyc _mocha x":                                             "mocha x",
		"node --experimental-vm-modules node_modules/.bin/jest -i": "jest -i",
		"node --expose-gc ./node_modules/vitest/dist/cli.js --run": "vitest --run",
		"node node_modules/@swc/cli/bin/swc.js src":                "cli src",
		"node node_modules/mocha/bin/_mocha":                       "mocha",
		"node src/index.js":                                        "node src/index.js",
		"dotenv -e .env.test -- jest":                              "jest",
		"npm exec":                                                 "npm exec",
		"a=b":                                                      "a=b",
	} {
		if got := strings.Join(split(script)[0].unwrapped(), " "); got != want {
			t.Errorf("bare %q = %q, wanted %q", script, got, want)
		}
	}
}

func TestChecksAndRewrites(t *testing.T) {
	const fixes, checks, neither = "fixes", "checks", "neither"
	for script, want := range map[string]string{
		"eslint .":                checks,
		"eslint . --fix":          fixes,
		"eslint --fix=true .":     fixes,
		"prettier --check .":      checks,
		"prettier -w .":           fixes,
		"prettier .":              neither,
		"biome format":            checks,
		"biome check --write":     fixes,
		"oxfmt src":               fixes,
		"oxfmt --check src":       checks,
		"dprint check":            checks,
		"deno fmt":                fixes,
		"tsc --noEmit":            checks,
		"tsc --watch":             neither,
		"gts fix":                 fixes,
		"node lint.js":            neither,
		"npm run eslint -- --fix": fixes,
		"sort-package-json":       fixes,
		"standard":                checks,
	} {
		c := split(script)[0]
		got := neither
		if c.rewrites() {
			got = fixes
		} else if c.checks() {
			got = checks
		}
		if got != want {
			t.Errorf("%q %s, wanted %s", script, got, want)
		}
	}
}

func TestReadOnlyLeavesTheFlagOut(t *testing.T) {
	for script, want := range map[string]string{
		"eslint --fix --ext .js src": "eslint --ext .js src",
		"prettier --write src":       "prettier --check src",
		"biome lint --write .":       "biome lint .",
		"eslint --fix-type layout .": "eslint .",
		"gts fix src":                "gts lint src",
		"oxfmt -c cfg.json":          "oxfmt -c cfg.json --check",
		"oxfmt --write src":          "oxfmt --check src",
		"dprint fmt --fix":           "dprint check",
		"deno fmt src":               "deno fmt --check src",
		"npm run lint -- --fix":      "npm run lint",
		"pnpm lint --fix":            "pnpm lint",
		"vue-cli-service lint":       "vue-cli-service lint --no-fix",
		"next lint --fix":            "next lint",
		"xo --fix":                   "xo",
		"node tidy.js --fix":         "",
		"lint-staged":                "",
	} {
		got, ok := split(script)[0].readOnly()
		if !ok {
			got = nil
		}
		if strings.Join(got, " ") != want {
			t.Errorf("readOnly %q = %q, wanted %q", script, got, want)
		}
	}
}

func TestScriptFollowsWhatItCalls(t *testing.T) {
	m := &manifest{Scripts: map[string]string{
		"all":      "npm run lint && yarn build",
		"lint":     "run-p lint:*",
		"lint:js":  "eslint .",
		"lint:a:b": "never",
		"prebuild": "rimraf dist",
		"build":    `concurrently "npm:make:*" 'pnpm run loop'`,
		"make:x":   "tsc",
		"loop":     "pnpm run /^lo/ && pnpm all",
		"test":     "npm t",
	}}
	s := m.script("all")
	if want := []string{"all", "lint", "lint:js", "build", "prebuild", "make:x",
		"loop"}; !slices.Equal(s.calls, want) {
		t.Errorf("calls %q, wanted %q", s.calls, want)
	}
	if want := []command{{"eslint", "."}, {"rimraf", "dist"}, {"tsc"}}; !reflect.DeepEqual(s.commands, want) {
		t.Errorf("commands %q, wanted %q", s.commands, want)
	}
}

func TestReportsReachTheRunner(t *testing.T) {
	m := &manifest{Sections: map[string]map[string]string{"devDependencies": {"jest-junit": "16"}},
		Scripts: map[string]string{"unit": "node --test"}}
	for text, want := range map[string]string{
		"vitest run":                        "junit --reporter=default --reporter=junit --outputFile.junit={report}",
		"eslint . && jest":                  "junit --reporters=default --reporters=jest-junit",
		"mocha --reporter dot":              "tap --reporter tap",
		"mocha | tee log":                   "",
		"mocha && echo done":                "",
		"tape test.js":                      "tap ",
		"pnpm ava":                          "tap --tap",
		"npm run unit && tsd":               "junit  --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=\"{report}\"",
		"node --test --test-reporter=dot a": "junit  --test-reporter=junit --test-reporter-destination=\"{report}\" --test-reporter-destination=stdout",
		"node --test a && node --test b":    "",
		"jest && vitest run":                "",
		"node scripts/test.js":              "",
	} {
		m.Scripts["test"] = text
		got := ""
		for _, r := range m.script("test").reports(m) {
			got = r.Format + " " + strings.Join(r.Args, " ")
			if options := r.Env["NODE_OPTIONS"]; options != "" {
				got += " " + options
			}
		}
		if got != want {
			t.Errorf("%q leaves %q, wanted %q", text, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(`a && 'b c' | "d\" e"; (f)`)
	f.Fuzz(func(t *testing.T, script string) {
		for _, c := range split(script) {
			if len(c) == 0 {
				t.Fatalf("split(%q) has a command without words", script)
			}
			b := c.unwrapped()
			if len(b) == 0 {
				t.Fatalf("bare %q has no words", c)
			}
			b.rewrites()
			b.checks()
			b.report(&manifest{})
		}
	})
}

func TestRedirects(t *testing.T) {
	for script, want := range map[string]bool{
		"echo x >> notes.txt": true, "echo x>notes.txt": true, "husky 2>/dev/null": false, "husky >/dev/null 2>&1": false,
		"echo done": false,
	} {
		if got := split(script)[0].redirects(); got != want {
			t.Errorf("redirects %q = %t", script, got)
		}
	}
}
