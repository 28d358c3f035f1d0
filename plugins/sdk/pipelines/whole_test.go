package pipelines

import (
	"slices"
	"strings"
	"testing"
)

// TestWhole finds what tasks that are called for all checks run besides tools that are known.
func TestWhole(t *testing.T) {
	gate := project{"gate.sh": "#!/bin/sh\ngrep -q yes VERSION || exit 1\n", "gate.py": "raise SystemExit(1)\n", "gate.js": "process.exit(1)\n", "gate.php": "<?php exit(1);"}
	for name, c := range map[string]struct {
		file, text string
		want       []string // "name: what it runs besides"
	}{
		"a name that means all":       {"Makefile", "test:\n\tgo test ./...\nverify: test\n\t./gate.sh\n", []string{"verify: ./gate.sh"}},
		"the first target":            {"Makefile", "every: test links\ntest:\n\tgo test ./...\nlinks:\n\ttest -f missing.md\n", []string{"every: test -f missing.md"}},
		"the default goal":            {"Makefile", ".DEFAULT_GOAL := every\ntest:\n\tgo test ./...\nevery: test\n\tpython3 gate.py\n", []string{"every: python3 gate.py"}},
		"a program of the project":    {"Makefile", "test:\n\tgo test ./...\nci: test\n\tgo run ./internal/gate\n", []string{"ci: go run ./internal/gate"}},
		"just":                        {"justfile", "test:\n  go test ./...\nci: test\n  ./gate.sh\n", []string{"ci: ./gate.sh"}},
		"Task":                        {"Taskfile.yml", "version: '3'\ntasks:\n  test: go test ./...\n  ci:\n    deps: [test]\n    cmds: [./gate.sh]\n", []string{"ci: ./gate.sh"}},
		"mise":                        {"mise.toml", "[tasks.test]\nrun = 'go test ./...'\n[tasks.ci]\ndepends = ['test']\nrun = './gate.sh'\n", []string{"ci: ./gate.sh"}},
		"npm":                         {"package.json", `{"scripts":{"test":"node --test","ci":"npm test && node gate.js"}}`, []string{"ci: node gate.js"}},
		"Composer":                    {"composer.json", `{"scripts":{"test":"phpunit","check":["@test","@gate"],"gate":"php gate.php","post-install-cmd":"php gate.php"}}`, []string{"check: php gate.php", "gate: php gate.php"}},
		"nox runs all sessions":       {"noxfile.py", "@nox.session\ndef tests(session):\n    session.run('pytest')\n@nox.session\ndef licences(session):\n    session.run('python', 'gate.py')\n", []string{"licences: python gate.py"}},
		"nox runs some sessions":      {"noxfile.py", "nox.options.sessions = ['tests']\n@nox.session\ndef tests(session):\n    session.run('pytest')\n@nox.session\ndef licences(session):\n    session.run('python', 'gate.py')\n", nil},
		"hooks of the project":        {".pre-commit-config.yaml", "repos:\n- repo: https://github.com/a/b\n  hooks: [{id: c}]\n- repo: local\n  hooks:\n  - {id: g, entry: ./gate.sh}\n  - {id: m, entry: ./gate.sh, stages: [commit-msg]}\n", []string{"g: ./gate.sh"}},
		"hooks of lefthook":           {"lefthook.yml", "pre-push:\n  commands:\n    gate: {run: ./gate.sh}\n  jobs:\n  - group:\n      jobs: [{run: node gate.js}]\n  scripts:\n    x.py: {runner: python3}\ncommit-msg:\n  commands:\n    x: {run: ./gate.sh}\n", []string{"pre-push: ./gate.sh, node gate.js"}},
		"hooks of husky":              {".husky/pre-push", "go test ./...\n./gate.sh\n", []string{".husky/pre-push: ./gate.sh"}},
		"a task for something else":   {"Makefile", "test:\n\tgo test ./...\nrelease: test\n\t./gate.sh\ncover: test\n\t./gate.sh\n", nil},
		"a failure that is none":      {"Makefile", "test:\n\tgo test ./...\nci: test\n\t-./gate.sh\n", nil},
		"commands of tools that help": {"Makefile", "test:\n\tgo test ./...\nci: test\n\tgo tool cover -func=c.out\n\tgo build ./...\n\techo done\n", nil},
	} {
		files := project{c.file: c.text}
		for name, text := range gate {
			files[name] = text
		}
		var got []string
		for _, task := range Offered(files, ".") {
			if more := task.More(); task.Whole() && len(more) > 0 {
				got = append(got, task.Name+": "+strings.Join(more, ", "))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, wanted %q", name, got, c.want)
		}
	}
}
