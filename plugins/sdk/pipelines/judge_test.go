package pipelines

import (
	"strings"
	"testing"
)

// deciding returns the commands of a pipeline that decide by themselves, with their kinds.
func deciding(p project) string {
	pipeline := Read(p)
	pipeline.Judge()
	var all []string
	for _, c := range pipeline.Calls {
		if c.Decides == "" {
			continue
		}
		text := c.Decides + ": " + c.Plain()
		if c.Negated {
			text = c.Decides + ": ! " + c.Plain()
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestCommandsThatDecideByThemselves(t *testing.T) {
	for run, want := range map[string]string{
		"! grep -r foo src":                                                 "style: ! grep -r foo src",
		"if grep -rq foo src; then echo no; exit 1; fi":                     "style: ! grep -rq foo src",
		"grep -q MIT LICENSE || exit 1":                                     "style: grep -q MIT LICENSE",
		"grep -q MIT LICENSE && exit 1\necho":                               "style: ! grep -q MIT LICENSE",
		"git grep -n TODO && exit 1 || true":                                "style: ! git grep -n TODO",
		"git ls-files | xargs grep foo && exit 1":                           "style: ! grep foo",
		"./app list | grep -q one":                                          "style: grep -q one",
		`test -z "$(find . -name '*.orig')"`:                                "style: test -z $(find . -name '*.orig')",
		`[ "$(cat VERSION)" = 1.2 ]`:                                        "style: [ $(cat VERSION) = 1.2 ]",
		"bad=$(grep -rL MIT src)\nif [ -n \"$bad\" ]; then exit 1; fi":      "style: ! [ -n $bad ]",
		"for f in *; do head -3 $f | grep -q MIT || bad=1; done\nexit $bad": "style: grep -q MIT",
		"test -f dist/a.js":                                                 "style: test -f dist/a.js",
		"diff a b":                                                          "style: diff a b", "diff <(./app) want": "style: diff <(./app) want", "cmp a b": "style: cmp a b",
		"./gen > out\ndiff out want":                                  "style: diff out want",
		"npm pack --dry-run 2>&1 | grep -q a.js":                      "style: grep -q a.js",
		"case \"$(cat VERSION)\" in\n  1.*) ;;\n  *) exit 1 ;;\nesac": "style: case $(cat VERSION) in",
		"jq -e .a x.json":                                             "style: jq -e .a x.json", "jq empty x.json": "style: jq empty x.json",
		"sh -n x.sh": "style: sh -n x.sh", "bash -n x.sh": "style: bash -n x.sh", "perl -c x.pl": "style: perl -c x.pl",
		"node --check x.js": "style: node --check x.js", "php -l x.php": "style: php -l x.php",
		"xmllint --noout x.xml": "style: xmllint --noout x.xml", "python -m compileall src": "style: python -m compileall src",
		`python -c "import a"`: "test: python -c import a", "uv run python -c 'assert 1'": "test: python -c assert 1",
		"python3 -c 'import json; json.load(open(\"a.json\"))'": `test: python3 -c import json; json.load(open("a.json"))`,
		"python - <<'EOF'\nimport a\nassert a.b\nEOF":           "test: python - <<EOF",
		"node -e 'process.exit(1)'":                             "test: node -e process.exit(1)",
		`node -e "require('./lib')"`:                            "test: node -e require('./lib')",
		"ruby -e 'abort unless a'":                              "test: ruby -e abort unless a",
		"perl -e 'die if a'":                                    "test: perl -e die if a",
		"awk 'length > 80 {exit 1}' a":                          "style: awk length > 80 {exit 1} a",
		"make ci":                                               "style: ! grep -r foo src",
		"./known.sh":                                            "style: diff a b",
		"./unknown.sh":                                          "", // the whole script is named
		// What cannot decide, and what is known otherwise.
		`test -z "$(gofmt -l .)"`: "", `test -z "$(go fmt ./...)"`: "", "make fmtcheck": "", `out=$(gofmt -l .); [ -z "$out" ] || exit 1`: "",
		"gofmt -l . | grep . && exit 1": "", "go test ./... > log\ngrep -q FAIL log && exit 1": "",
		"go test ./... || failed=1\n[ -z \"$failed\" ]": "", `[ -z "$(git status --porcelain)" ]`: "",
		"grep foo a || true": "", "test -d x || mkdir x": "", "[ -d x ] || exit 1": "", "if grep -q foo a; then touch b; fi": "",
		"! grep -r foo src\necho": "", "while ! grep -q up log; do sleep 1; done": "", "for i in 1 2; do grep -q up log && break; done": "",
		"[ -n \"$TOKEN\" ] || exit 1": "", `[ "$GITHUB_REF" = refs/heads/main ] || exit 1`: "", "test -f .env || exit 1": "", "test -f $HOME/.x": "",
		"docker ps | grep -q db": "", "uname -a | grep -q Linux": "", "grep -q x /etc/hosts": "", "git log -1 | grep -q skip && exit 1": "",
		`[ "$(node --version)" = v20 ] || exit 1`: "", "ls | grep -v x > y": "", "curl https://example.com | grep -q x": "",
		"x=$(python -c 'import a')": "", `python -c "import sys; print(sys.version)"`: "", "python -c 'import a' >> $GITHUB_OUTPUT": "",
		"python - <<EOF\nopen('a', 'w').write('b')\nEOF": "", "node -e 'console.log(1)'": "", "echo a": "", "jq -r .version package.json": "",
		"npm view a version | grep -q 1": "", "case $1 in a) ;; *) exit 1 ;; esac": "", "case $(uname) in Linux) ;; *) exit 1 ;; esac": "",
		"case $(cat VERSION) in 1.*) echo ;; *) echo other ;; esac": "",
		"make guard": "", "npm ci": "", `[ "${{ needs.a.result }}" = success ] || exit 1`: "", "./lib.sh": "",
	} {
		p := project{".gitlab-ci.yml": "a:\n  script:\n  - |\n    " + strings.ReplaceAll(run, "\n", "\n    ") + "\n",
			"Makefile": "ci:\n\t@! grep -r foo src\n\t@echo\nfmtcheck:\n\t@test -z \"$(shell gofmt -l .)\"\nguard:\n\t@test -n \"$(VERSION)\" || exit 1\n",
			"gate":     "grep -q yes VERSION\n", "known.sh": "go vet ./...\ndiff a b || exit 1\n", "unknown.sh": "test -f a || exit 1\ndiff a b || exit 1\n", "lib.sh": "test -f a\ncp a b\n", "x.sh": "exit 1\n"}
		if got := deciding(p); got != want {
			t.Errorf("%q: got %q, wanted %q", run, got, want)
		}
	}
}

func TestNamesSayWhatCommandsDecide(t *testing.T) {
	for job, want := range map[string]string{
		"a:\n    steps:\n    - run: diff a b": "style: diff a b", "test:\n    steps:\n    - run: diff a b": "test: diff a b",
		"test:\n    steps:\n    - run: diff a b\n      name: Lint":     "style: diff a b",
		"test:\n    steps:\n    - run: diff a b\n      name: Check it": "test: diff a b",
		"a:\n    steps:\n    - run: diff a b\n      name: Install":     "", "deploy:\n    steps:\n    - run: diff a b": "",
		"a:\n    steps:\n    - run: diff a b\n      if: failure()": "", "a:\n    steps:\n    - run: diff a b\n      continue-on-error: true": "",
		"a:\n    steps:\n    - run: diff a b\n      if: startsWith(github.ref, 'refs/tags/v')": "",
	} {
		if got := deciding(project{".github/workflows/ci.yml": "on: push\njobs:\n  " + job + "\n"}); got != want {
			t.Errorf("%s: got %q, wanted %q", job, got, want)
		}
	}
}

// TestStepsComparedWithGit is about the command whose result a pipeline compares with what git has.
func TestStepsComparedWithGit(t *testing.T) {
	for steps, want := range map[string]string{
		"go generate ./...|git diff --exit-code": "go generate ./...", "go generate ./...|go test ./...|git diff --exit-code": "go generate ./...",
		"go mod tidy|git status --porcelain": "go mod tidy", "make gen|git diff --quiet || exit 1": "make gen",
		"npm ci|go test ./...|git diff --exit-code": "", "go build ./...|git diff --exit-code": "",
		"make gen|git diff --quiet || git commit -am x": "", "make gen|git diff": "", "git diff --exit-code": "",
	} {
		text := "on: push\njobs:\n  a:\n    steps:\n"
		for step := range strings.SplitSeq(steps, "|") {
			text += "    - run: " + step + "\n"
		}
		if strings.Contains(steps, "||") {
			text = "on: push\njobs:\n  a:\n    steps:\n    - run: make gen\n    - run: " + steps[len("make gen|"):] + "\n"
		}
		got := ""
		for _, c := range Read(project{".github/workflows/ci.yml": text, "Makefile": "gen:\n\tprotoc a\n"}).Calls {
			if c.Compared {
				got += c.Plain()
			}
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", steps, got, want)
		}
	}
}

func TestInlineScriptsOfGitHub(t *testing.T) {
	for script, want := range map[string]int{"if (bad) core.setFailed('no')": 1, "github.rest.issues.createComment({})": 0, "core.setFailed('${{ needs.a.result }}')": 0} {
		text := "on: push\njobs:\n  a:\n    steps:\n    - uses: actions/github-script@v7\n      with:\n        script: |\n          " + script + "\n"
		if got := Read(project{".github/workflows/ci.yml": text}).Unread; len(got) != want {
			t.Errorf("%s: got %v", script, got)
		}
	}
}
