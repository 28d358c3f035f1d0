package node

import (
	"testing"
)

func TestScriptsThatWatchFilesRunOnce(t *testing.T) {
	for script, want := range map[string]string{
		"node --test --watch":                               "node --test",
		"node --test --watch 'test/*.js'":                   "node --test 'test/*.js'",
		"node --watch-path=src --test x.js":                 "node --test x.js",
		"node --watch-path src --test x.js":                 "node --test x.js",
		"jest --watch":                                      "jest",
		"jest --watchAll -w 2 src/**":                       "jest -w 2 src/**",
		"cross-env CI=1 npx jest --watch":                   "cross-env CI=1 npx jest",
		"c8 ava -w && echo \"a  b\"":                        "c8 ava && echo \"a  b\"",
		"mocha --watch --watch-files src":                   "mocha --watch-files src",
		"vitest --watch":                                    "vitest run",
		"vitest watch --coverage":                           "vitest run --coverage",
		"vitest dev":                                        "vitest run",
		"tsx --test --watch a.ts":                           "tsx --test a.ts",
		"tsx watch a.ts":                                    "tsx a.ts",
		"nodemon --exec 'npm run unit'":                     "npm run unit",
		"nodemon -w src -e ts test.js --flag":               "node test.js",
		"nodemon --exec \"jest --watch\"":                   "jest",
		"chokidar 'src/**' -c 'node test.js'":               "node test.js",
		"onchange 'src/**' -- node test.js":                 "node test.js",
		"tsc-watch --onSuccess 'node test.js'":              "tsc && node test.js",
		"concurrently 'tsc -w' 'jest --watch'":              "concurrently tsc jest",
		"karma start":                                       "karma start --single-run",
		"karma start --single-run":                          "karma start --single-run",
		"ng test":                                           "ng test --watch=false",
		"ng test --watch=false":                             "ng test --watch=false",
		"cypress open --e2e":                                "cypress run --e2e",
		"npm run unit -- --watch":                           "npm run unit",
		"npm -w packages/a test":                            "npm -w packages/a test",
		"jest --watch=false":                                "jest --watch=false",
		"vitest":                                            "vitest",
		"npm run watched":                                   "(jest --coverage)",
		"npm run watched -- --ci && npm run hooked":         "(jest --coverage --ci) && ((echo a) && (jest) && (echo b))",
		"npm run loop":                                      "npm run loop",
		"pnpm watched src":                                  "(jest --coverage src)",
		"webpack --watch":                                   "webpack --watch",
		"playwright test --ui":                              "playwright test",
		"react-scripts test --watchAll":                     "react-scripts test",
		"echo 'unclosed && jest --watch":                    "echo 'unclosed && jest --watch",
		"NODE_ENV=test ./node_modules/.bin/jest --watch  x": "NODE_ENV=test ./node_modules/.bin/jest x",
	} {
		m := &manifest{Scripts: map[string]string{"test": script, "watched": "jest --watch --coverage", "unit": "jest",
			"prehooked": "echo a", "hooked": "jest --watch", "posthooked": "echo b", "loop": "npm run loop"}}
		e := &editor{of: m, change: command.once}
		if got := e.script("test"); got != want || e.failed {
			t.Errorf("%s\ngot  %s\nwanted %s", script, got, want)
		}
	}
}

func TestAnEditorFailsWhereACommandCannotBeReplaced(t *testing.T) {
	for _, script := range []string{"cross-env A=b nodemon -x jest", "A=b npm run watched", "concurrently npm:watched"} {
		m := &manifest{Scripts: map[string]string{"test": script, "watched": "jest --watch"}}
		e := &editor{of: m, change: command.once}
		if got := e.script("test"); !e.failed {
			t.Errorf("%s became %s", script, got)
		}
	}
}

func FuzzEditorsKeepWhatTheyDoNotChange(f *testing.F) {
	f.Add("cross-env 'a b' jest && (x \\y;\"z\")")
	f.Fuzz(func(t *testing.T, text string) {
		e := &editor{of: &manifest{}, change: func(command) (replacement, bool) { return replacement{}, false }}
		if got := e.text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}
