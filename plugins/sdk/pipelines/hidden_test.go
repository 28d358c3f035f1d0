package pipelines

import (
	"slices"
	"strings"
	"testing"
)

// verdicts returns what is known of the failures of "go test" and "go vet" that a command runs: "ends" for each that ends it.
func verdicts(p project, command string) (all []string) {
	for _, c := range Follow(p, ".", command) {
		words := plain(c.Words)
		if tool := strings.Join(words[:min(2, len(words))], " "); tool != "go test" && tool != "go vet" {
			continue
		}
		if what := firstOf(firstOf(c.Ignored, c.Hidden), "ends"); !slices.Contains(all, what) {
			all = append(all, what)
		}
	}
	slices.Sort(all)
	return all
}

// recipe returns a project with a Makefile that runs a line.
func recipe(line string) project {
	return project{"Makefile": "test:\n\t" + strings.ReplaceAll(strings.ReplaceAll(line, "$", "$$"), "\n", "\n\t") + "\n"}
}

// Recipes that are green although "go test" fails.
func TestHiddenFailures(t *testing.T) {
	for _, line := range []string{
		`find . -name go.mod -execdir go test ./... \;`,
		`find . -name go.mod -exec sh -c 'cd $(dirname {}) && go test ./...' \;`,
		`eval "go test ./...; true"`,
		`eval 'go test ./...' || true`,
		`x=$(go test ./...); echo "$x"`,
		`echo "$(go test ./...)"`,
		`echo $(go test ./...)`,
		"echo `go test ./...`",
		`export OUT=$(go test ./...)`,
		`case "$1" in a) go test ./... ;; esac; true`,
		`case "$1" in a) go test ./...; echo done ;; *) echo ;; esac`,
		`timeout 60 sh -c 'go test ./...; true'`,
		`timeout -k 5 60 bash -c 'go test ./... || true'`,
		`nice -n 10 sh -c 'go test ./...; true'`,
		`env A=b sh -c 'go test ./...; true'`,
		`stdbuf -oL sh -c 'go test ./...; true'`,
		`sudo -u nobody sh -c 'go test ./...; true'`,
		`ls | xargs -I{} sh -c 'go test ./{}; true'`,
		`ls | xargs -n 1 -P 4 sh -c 'go test ./$0; true'`,
		`parallel 'cd {} && go test ./...; true' ::: a b`,
		`parallel -j4 --halt now,fail=1 'go test ./{} || true' ::: a b`,
		`parallel ::: 'go test ./...; true' 'echo'`,
		`run() { go test ./...; }; run; echo`,
		`run() { go test ./...; true; }; run`,
		`run() { "$@" || true; }; run go test ./...`,
		`run() { "$@"; echo; }; run go test ./...`,
		`function run { go test ./...; true; }; run`,
		`echo 'go test ./...; true' | sh`,
		`sh <<< 'go test ./...; true'`,
		`! go test ./...`,
		`go test ./... | grep -v ok`,
	} {
		if got := verdicts(recipe(line), "make test"); len(got) == 0 || slices.Contains(got, "ends") {
			t.Errorf("%s: got %q", line, got)
		}
	}
}

// Recipes that are red if "go test" fails, or whose verdict is another one of their own.
func TestFailuresThatEnd(t *testing.T) {
	for _, line := range []string{
		`find . -name go.mod -execdir go test ./... +`,
		`find . -name '*_test.go' | xargs go test`,
		`eval "go test ./..."`,
		`eval "echo; go test ./..."`,
		`x=$(go test ./...)`,
		`x=$(go test ./...) || exit 1; echo "$x"`,
		`x=$(go test ./...); if [ -n "$x" ]; then exit 1; fi`,
		`x=$(go test ./...); echo "$x" | grep -q FAIL && exit 1`,
		`x=$(go test ./...); echo "$x"; test -z "$x"`,
		`test -z "$(go vet ./...)"`,
		`[ -z "$(go vet ./...)" ]`,
		`if [ -n "$(go vet ./...)" ]; then exit 1; fi`,
		`set -e; x=$(go test ./...); echo "$x"`,
		`case "$1" in a) go test ./... ;; b) go vet ./... ;; esac`,
		`case "$1" in a|b) echo; go test ./... ;; *) exit 1 ;; esac`,
		`timeout 60 go test ./...`,
		`timeout -k 5 60 go test ./...`,
		`timeout 60 sh -c 'echo; go test ./...'`,
		`nice -n 10 go test ./...`,
		`ls | xargs -n1 -P4 go test`,
		`ls | xargs -I{} go test ./{}`,
		`ls | xargs -I {} sh -c 'cd {} && go test ./...'`,
		`parallel go test ::: a b`,
		`parallel 'cd {} && go test ./...' ::: a b`,
		`parallel -j 4 ::: 'go test ./...' 'go vet ./...'`,
		`run() { go test ./...; }; run`,
		`run() { echo; "$@"; }; run go test ./...`,
		`run() { "$@" || exit 1; echo; }; run go test ./...`,
		`run() { go test ./... || return 1; echo; }; run`,
		`run() { go test ./...; rc=$?; echo; return $rc; }; run`,
		`set -e; run() { go test ./...; echo; }; run; echo`,
		`fail=0; run() { "$@" || fail=1; }; run go test ./...; run go vet ./...; exit $fail`,
		`rc=0; go test ./a || rc=1; go test ./b || rc=$?; exit $rc`,
		`rc=0; go test ./a || rc=1; go test ./b || rc=1; echo; [ $rc -eq 0 ]`,
		`go test ./... || failed="$failed a"; test -z "$failed"`,
		`go test ./... || ((errors++)); echo; exit $errors`,
		`go test ./... || touch .failed; [ ! -f .failed ]`,
		`if go test ./...; then echo ok; else echo no; exit 1; fi`,
		`trap 'rm -rf tmp' EXIT; go test ./...`,
		`server & pid=$!; go test ./...; rc=$?; kill $pid; exit $rc`,
		`echo 'go test ./...' | sh`,
		`until curl -s localhost; do sleep 1; done; go test ./...`,
		`go test ./... && echo ok || (echo no && false)`,
		`for d in a b; do (cd $d && go test ./...) || exit; done`,
		`go test -json ./... > out.json; rc=$?; report out.json; exit $rc`,
		`{ go test ./...; } 2>&1`,
		`(set -e; for d in a b; do go test ./$d; done)`,
		"x=`go vet ./...`; y=`echo \"$x\" | grep -v a`; echo \"$y\"; if [ \"$y\" != \"\" ]; then exit 1; fi",
		`for i in 1 2 3; do go test ./... && break; done`,
		`retry() { for i in 1 2 3; do "$@" && return 0; done; return 1; }; retry go test ./... && echo`,
		`silent() { "$@" 2>&1 | tee out; if [ -s out ]; then exit 1; fi; rm out; }; silent go vet ./...; echo`,
		`for d in a b; do (cd $d; go test ./...) || failed="$failed $d"; done; if [ -n "$failed" ]; then exit 1; fi`,
		`for d in a b; do go test ./$d; if [ "$?" != 0 ]; then n=1; fi; done; exit $n`,
		`if prepare && go test ./...; then echo; else exit 1; fi`,
		`if [ -n "$a" ]; then go vet ./...; echo no; exit 1; fi`,
		`go test ./... > out; grep -q FAIL out && exit 1`,
	} {
		if got := verdicts(recipe(line), "make test"); !slices.Equal(got, []string{"ends"}) {
			t.Errorf("%s: got %q", line, got)
		}
	}
}

// Files that tasks run, by ways that other than the shell know.
func TestHiddenFailuresOfFiles(t *testing.T) {
	const hides, ends = "go test ./...\ntrue\n", "echo\ngo test ./...\n"
	for name, c := range map[string]struct {
		files   project
		command string
		want    string
	}{
		"a script in a pipe":        {project{"x.sh": hides}, "cat x.sh | sh", hiddenByNext},
		"a script as input":         {project{"x.sh": hides}, "sh < x.sh", hiddenByNext},
		"a script as input of -s":   {project{"x.sh": hides}, "bash -s a <x.sh", hiddenByNext},
		"a good script in a pipe":   {project{"x.sh": ends}, "cat x.sh | sh", "ends"},
		"a script that ends, by -e": {project{"x.sh": hides}, "cat x.sh | sh -e", "ends"},
		"a good script as input":    {project{"x.sh": ends}, "bash < x.sh", "ends"},
		"defer of Task": {project{"Taskfile.yml": "version: '3'\ntasks:\n  test:\n    cmds:\n    - defer: go test ./...\n    - echo\n"},
			"task test", "whose failure is ignored"},
		"a task that is deferred": {project{"Taskfile.yml": "version: '3'\ntasks:\n  test:\n    cmds:\n    - defer: {task: t}\n    - echo\n  t: go test ./...\n"},
			"task test", "whose failure is ignored"},
		"a helper of just": {project{"justfile": "test: (_run \"go test ./...\")\n\n_run cmd:\n    {{cmd}} || true\n"},
			"just test", "whose failure is ignored"},
		"a helper of just, called": {project{"justfile": "test:\n    just _run \"go test ./...\"\n\n_run cmd:\n    {{ cmd }}; true\n"},
			"just test", hiddenByNext},
		"a good helper of just": {project{"justfile": "test: (_run \"go test ./...\")\n\n_run cmd:\n    echo {{cmd}}\n    {{cmd}}\n"},
			"just test", "ends"},
		"a helper of just for all words": {project{"justfile": "test: (_run \"go\" \"test\" \"./...\")\n\n@_run +cmd:\n    {{cmd}} || true\n"},
			"just test", "whose failure is ignored"},
		"a variable of make for a call": {project{"Makefile": "test:\n\t$(MAKE) run CMD=\"go test ./...\"\nrun:\n\t$(CMD); true\n"},
			"make test", hiddenByNext},
		"a good variable of make": {project{"Makefile": "test:\n\t$(MAKE) run CMD=\"go test ./...\"\nrun:\n\t$(CMD)\n"},
			"make test", "ends"},
		"a macro of make": {project{"Makefile": "define run\ngo test ./...; true\nendef\ntest:\n\t$(run)\n"},
			"make test", hiddenByNext},
		"a macro of make with arguments": {project{"Makefile": "define run\n\t$(1); true\nendef\ntest:\n\t$(call run,go test ./...)\n"},
			"make test", hiddenByNext},
		"a good macro of make": {project{"Makefile": "define run\n@echo $(1)\n$(1)\nendef\ntest:\n\t$(call run,go test ./...)\n"},
			"make test", "ends"},
		"a function of a file that is read": {project{"lib.sh": "run() { \"$@\"; true; }\n", "x.sh": "#!/bin/sh\n. ./lib.sh\nrun go test ./...\n"},
			"./x.sh", hiddenByNext},
		"a good function of a file that is read": {project{"lib.sh": "run() { \"$@\"; }\n", "x.sh": "#!/bin/sh\n. ./lib.sh\nrun go test ./...\n"},
			"./x.sh", "ends"},
		"patterns that are named like functions": {project{"x.sh": "set -e\ntests() {\n  go test ./...\n  echo\n}\ncase \"$1\" in\n  tests )\n    tests\n    ;;\n  *) exit 1 ;;\nesac\n"},
			"sh x.sh tests", "ends"},
		"a function that negates, of a script with arguments": {project{"x.sh": "#!/bin/sh\nset -e\nnot() {\n  ! \"$@\"\n}\nnot grep a b\ngo test $1\n"},
			"./x.sh ./...", "ends"},
		"a dispatcher": {project{"x.sh": "#!/bin/sh\nset -e\ntests() {\n  go test ./...\n  echo\n}\n\"$@\"\n"},
			"./x.sh tests", "ends"},
		"a script of functions": {project{"x.sh": "#!/bin/bash\nset -euo pipefail\nlog() {\n  echo \"$1\"\n}\ntests() {\n  log a\n  go test ./...\n  log b\n}\nmain() {\n  tests\n  log c\n}\nmain \"$@\"\n"},
			"./x.sh", "ends"},
	} {
		if got := verdicts(c.files, c.command); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %q, wanted %q", name, got, c.want)
		}
	}
}

const hiddenByNext = "whose failure the commands behind it hide"
