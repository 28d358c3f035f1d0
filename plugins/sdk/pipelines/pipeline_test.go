package pipelines

import (
	"path"
	"slices"
	"strings"
	"testing"
)

type project map[string]string

func (p project) Read(name string) (string, bool) {
	text, ok := p[name]
	return text, ok
}

func (p project) List(dir string) (names []string) {
	for name := range p {
		if path.Dir(name) == dir {
			names = append(names, path.Base(name))
		}
	}
	slices.Sort(names)
	return names
}

// calls returns the commands of the pipelines of a project, with their folders unless that is the root.
func calls(p project) (all []string) {
	for _, c := range Read(p).Calls {
		text := strings.Join(c.Words, " ")
		if c.Dir != "." {
			text = c.Dir + ": " + text
		}
		all = append(all, text)
	}
	return all
}

func TestPipeline(t *testing.T) {
	const head = "on: [push]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
	for name, c := range map[string]struct {
		files project
		want  []string
	}{
		"steps": {project{".github/workflows/ci.yml": head +
			"    - run: cargo test --locked\n    - run: |\n        cd tool\n        cargo test\n" +
			"    - run: go vet ./...\n      working-directory: api\n"},
			[]string{"cargo test --locked", "tool: cd tool", "tool: cargo test", "api: go vet ./..."}},
		"folded": {project{".github/workflows/ci.yml": head + "    - run: >-\n        cargo test\n        --all-features\n"},
			[]string{"cargo test --all-features"}},
		"written by davit": {project{".github/workflows/davit.yml": "# davit ci github --write writes this file\n" + head + "    - run: make\n"}, nil},
		"matrix": {project{".github/workflows/ci.yml": "on: push\nenv:\n  FLAGS: --locked\njobs:\n  a:\n    strategy:\n      matrix:\n" +
			"        features: ['', --all-features]\n        include:\n        - features: --no-default-features\n" +
			"    steps:\n    - run: cargo test ${{ matrix.features }} $FLAGS\n"},
			[]string{"cargo test --locked", "cargo test --all-features --locked", "cargo test --no-default-features --locked"}},
		"a matrix of itself": {project{".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n" +
			"        x: ['${{ matrix.x }} ${{ matrix.x }}']\n    steps:\n    - run: echo ${{ matrix.y }}\n"},
			[]string{"echo"}},
		"at other times, elsewhere, or not counting": {project{
			".github/workflows/night.yml": strings.Replace(head, "[push]", "\n  schedule:\n  - cron: '0 0 * * *'", 1) + "    - run: cargo bench\n",
			".github/workflows/win.yml":   strings.Replace(head, "ubuntu", "windows", 1) + "    - run: cargo win\n",
			".github/workflows/try.yml": head + "    - run: cargo try\n      continue-on-error: true\n    - run: ls\n" +
				"    - run: dir\n      if: runner.os == 'Windows'\n    - run: pwd\n      if: runner.os != 'Windows'\n"},
			[]string{"ls", "pwd"}},
		"for another system alone": {project{".github/workflows/win.yml": strings.Replace(head, "ubuntu", "windows", 1) + "    - run: cargo win\n"},
			[]string{"cargo win"}},
		"actions": {project{".github/workflows/ci.yml": head +
			"    - uses: actions-rs/cargo@v1\n      with:\n        command: test\n        args: --all\n" +
			"    - uses: golangci/golangci-lint-action@v6\n"},
			[]string{"cargo test --all", "golangci-lint"}},
		"tasks": {project{".gitlab-ci.yml": "test:\n  script:\n  - make ci\n  - just lint\n  - task test\n  - ./ci/run.sh\n",
			"Makefile":     "GO ?= go\n.PHONY: ci vet\nci: vet\n\t@$(GO) test ./...\nvet:\n\t$(GO) vet ./...\nother:\n\t$(GO) fmt\n",
			"justfile":     "flags := '--all'\nlint *args: (fmt 'x')\n  cargo clippy {{flags}}\nfmt x:\n  cargo fmt\n",
			"Taskfile.yml": "tasks:\n  test:\n    deps: [gen]\n    cmds:\n    - go test -race ./...\n  gen: go generate\n",
			"ci/run.sh":    "#!/bin/sh\nset -e\ncargo doc\n"},
			[]string{"make ci", "go vet ./...", "go test ./...", "just lint", "cargo fmt", "cargo clippy --all", "task test",
				"go generate", "go test -race ./...", "./ci/run.sh", "set -e", "cargo doc"}},
		"prerequisites that are computed": {project{".gitlab-ci.yml": "a:\n  script: make ci\n", "Makefile": "SUITES := e2e\nSUITES += smoke\nMORE = $(SUITES:%=more-%)\n" +
			"ci: $(addprefix suite-,$(SUITES)) $(foreach s,$(SUITES),one-$(s)) $(MORE)\nsuite-%:\n\t./run.sh $*\none-e2e one-smoke:\n\t./$@.sh\nmore-%:\n\techo $$@\n"},
			[]string{"make ci", "./run.sh e2e", "./run.sh smoke", "./one-e2e.sh", "./one-smoke.sh", "echo $@", "echo $@"}},
		"another Makefile, and included ones": {project{".gitlab-ci.yml": "a:\n  script: [make -j 4 -f mk/x.mk it, make lint]\n", "mk/x.mk": "it:\n\tgo test\n", "Makefile": "include mk/*.mk\n",
			"mk/y.mk": "lint:\n\tgo vet\n"}, []string{"make -j 4 -f mk/x.mk it", "go test", "make lint", "go vet"}},
		"values of just, and what it imports": {project{".gitlab-ci.yml": "a:\n  script: [just e2e staging lint, just all a b]\n",
			"justfile": "import 'ci/x.just'\ne2e env:\n  ./e2e.sh\nall *names:\n  ls\nstaging:\n  pwd\n", "ci/x.just": "import 'y.just'\n", "ci/y.just": "lint:\n  go vet\n"},
			[]string{"just e2e staging lint", "./e2e.sh", "go vet", "just all a b", "ls"}},
		"loops of Task": {project{".gitlab-ci.yml": "a:\n  script: task all\n", "Taskfile.yml": "vars:\n  NAMES: x y\n  GO: go\ntasks:\n  all:\n    deps:\n    - for: [a]\n      task: '{{.ITEM}}-test'\n" +
			"    cmds:\n    - for: {var: NAMES, as: N}\n      cmd: ./run.sh {{.N}}\n    - '{{.GO}} vet'\n  a-test: '{{ .GO }} test'\n"},
			[]string{"task all", "go test", "./run.sh x", "./run.sh y", "go vet"}},
		"arguments of scripts": {project{".gitlab-ci.yml": "a:\n  script: [./run.sh lint --all, bash run.sh test]\n", "run.sh": "#!/bin/sh\nmake $1 \"$@\"\n", "Makefile": "lint test:\n\tls\n"},
			[]string{"./run.sh lint --all", "make lint lint --all", "ls", "bash run.sh test", "make test test", "ls"}},
		"packages of lerna": {project{".gitlab-ci.yml": "a:\n  script: [npx lerna run test --scope b, lerna version]\n", "package.json": "{}", "lerna.json": `{"packages": ["packages/a", "packages/b"]}`,
			"packages/a/package.json": `{"name": "a", "scripts": {"test": "ava"}}`, "packages/b/package.json": `{"name": "b", "scripts": {"test": "jest", "version": "x"}}`},
			[]string{"npx lerna run test --scope b", "packages/b: jest", "lerna version"}},
		"tasks of turbo": {project{".gitlab-ci.yml": "a:\n  script: [turbo run test lint]\n", "package.json": `{"workspaces": ["a"]}`,
			"a/package.json": `{"name": "a", "scripts": {"test": "ava", "lint": "eslint ."}}`}, []string{"turbo run test lint", "a: ava", "a: eslint ."}},
		"members of a workspace": {project{".gitlab-ci.yml": "a:\n  script: [npm -w b run x, npm run x --workspace=packages/c, pnpm -r x]\n", "package.json": `{"workspaces": ["packages/b", "packages/c"]}`,
			"packages/b/package.json": `{"name": "b", "scripts": {"x": "ava"}}`, "packages/c/package.json": `{"name": "@s/c", "scripts": {"x": "tap"}}`},
			[]string{"npm -w b run x", "packages/b: ava", "npm run x --workspace=packages/c", "packages/c: tap", "pnpm -r x"}},
		"commands of concurrently": {project{".gitlab-ci.yml": "a:\n  script: concurrently -n a,b 'npm:t:*' 'npm run x' 'eslint .'\n", "package.json": `{"scripts": {"t:a": "ava", "x": "tap"}}`},
			[]string{"concurrently -n a,b npm:t:* npm run x eslint .", "npm run t:a", "ava", "npm run x", "tap", "eslint ."}},
		"another language": {project{".github/workflows/ci.yml": head + "    - shell: python\n      run: import sys\n    - run: ls\n"}, []string{"ls"}},
		"folders of a matrix": {project{".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        dir: [a, b]\n    steps:\n    - run: go test\n      working-directory: ${{ matrix.dir }}\n" +
			"    - run: go vet\n      working-directory: ${{ matrix.other }}\n"}, []string{"a: go test", "b: go test", "..: go vet"}},
		"the folder and the inputs of an action": {project{".github/workflows/ci.yml": head + "    - uses: ./act\n      with: {cmd: make x}\n",
			"act/action.yml": "inputs:\n  cmd: {}\n  more: {default: go vet}\nruns:\n  using: composite\n  steps:\n  - run: ${{ inputs.cmd }}\n  - run: ${{ inputs.more }}\n  - run: ${{ github.action_path }}/x.sh\n",
			"act/x.sh":       "#!/bin/sh\ngo test\n", "Makefile": "x:\n\tls\n"}, []string{"make x", "ls", "go vet", "./act/x.sh", "go test"}},
		"a workflow for each of its callers, with their inputs": {project{
			".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    uses: ./.github/workflows/inner.yml\n    with: {cmd: go test, lint: false}\n" +
				"  b:\n    strategy:\n      matrix:\n        dir: [x, y]\n    uses: ./.github/workflows/inner.yml\n    with:\n      dir: ${{ matrix.dir }}\n      cmd: |\n        go build\n        go run 'a: b'\n",
			".github/workflows/inner.yml": "on:\n  workflow_call:\n    inputs:\n      cmd: {type: string}\n      dir: {default: .}\n      lint: {type: boolean, default: true}\njobs:\n  a:\n    defaults:\n      run:\n        working-directory: ${{ inputs.dir }}\n" +
				"    steps:\n    - run: ${{ inputs.cmd }}\n    - run: go vet\n      if: inputs.lint && github.actor != 'x'\n"},
			[]string{"go test", "x: go build", "x: go run a: b", "x: go vet", "y: go build", "y: go run a: b", "y: go vet"}},
		"a workflow that nobody calls": {project{".github/workflows/a.yml": "on:\n  workflow_call:\n    inputs:\n      cmd: {default: go test}\njobs:\n  a:\n    steps:\n    - run: ${{ inputs.cmd }}\n"},
			[]string{"go test"}},
		"inputs of a run by hand": {project{".github/workflows/a.yml": "on:\n  push:\n  workflow_dispatch:\n    inputs:\n      pm: {default: yarn}\n      slow: {type: boolean}\njobs:\n  a:\n    steps:\n" +
			"    - run: ${{ inputs.pm || 'npm' }} run x\n    - run: make slow\n      if: ${{ inputs.slow }}\n    - run: make ${{ github.event.inputs.pm }}\n      if: inputs.slow != true\n"},
			[]string{"npm run x", "make"}},
		"values that belong together": {project{".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        on: [{os: linux, arch: arm}, {os: js, arch: wasm}]\n        include:\n        - {a: x, b: y}\n        - {a: z, b: w}\n" +
			"    steps:\n    - run: go build ${{ matrix.on.os }} ${{ matrix.on.arch }}\n    - run: go vet ${{ matrix.a || '' }} ${{ matrix.b }}\n"},
			[]string{"go build linux arm", "go build js wasm", "go vet x y", "go vet z w"}},
		"steps of Bitbucket side by side": {project{"bitbucket-pipelines.yml": "pipelines:\n  default:\n  - parallel:\n    - step:\n        script: [go test]\n    - step:\n        script: [go vet]\n" +
			"  - parallel:\n      steps:\n      - step:\n          script: [go fix]\n"},
			[]string{"go test", "go vet", "go fix"}},
		"shells of AppVeyor": {project{"appveyor.yml": "test_script:\n- sh: go test\n- ps: go vet\n- go fix\n"}, []string{"go test", "go vet", "go fix"}},
		"variables of GitLab": {project{".gitlab-ci.yml": "variables:\n  CMD: ./x.sh\na:\n  variables: {ARGS: -a}\n  script: [$CMD $ARGS $OTHER]\n", "x.sh": "#!/bin/sh\ngo test\n"},
			[]string{"./x.sh -a $OTHER", "go test"}},
		"scripts of package.json": {project{".gitlab-ci.yml": "a:\n  script: [npm ci, npm run ci, pnpm -r test, npm t]\n",
			"package.json": `{"scripts": {"ci": "run-s 'lint:*' test", "lint:js": "eslint .", "lint:md": "prettier -c .", "test": "jest", "posttest": "tsd"}}`},
			[]string{"npm ci", "npm run ci", "run-s lint:* test", "npm run lint:js", "eslint .", "npm run lint:md", "prettier -c .", "npm run test", "jest", "tsd", "pnpm -r test", "npm t"}},
		"tox": {project{".gitlab-ci.yml": "a:\n  script: [tox, tox -e it]\n",
			"tox.ini": "[tox]\nenvlist = py{310,311}, lint\n[testenv]\ncommands =\n    pytest {posargs:tests}\n[testenv:lint]\ncommands =\n  lint: ruff check\n  py311: mypy\n[testenv:it]\ncommands = {[testenv]commands}\n  pytest it\n"},
			[]string{"tox", "pytest", "ruff check", "tox -e it", "pytest", "pytest it"}},
		"values of tox": {project{".gitlab-ci.yml": "a:\n  script: tox\n",
			"tox.ini": "[tox]\nenvlist = py3, docs\n[testenv]\ncommands = {env:_TEST:pytest} {posargs}\n[testenv:docs]\ncommands = sphinx-build -W {toxinidir}/docs {toxinidir}\n"},
			[]string{"tox", "pytest", "sphinx-build -W ./docs ."}},
		"an expression of CircleCI": {project{".circleci/config.yml": "jobs:\n  a:\n    steps:\n    - run: go test -tags << parameters.tags >> ./...\n"},
			[]string{"go test -tags ${{ parameters.tags }} ./..."}},
		"tox in TOML": {project{".gitlab-ci.yml": "a:\n  script: [tox, tox -e lint]\n",
			"tox.toml": "env_list = ['it']\n[env_run_base]\ncommands = [['pytest', 'tests']]\n[env.it]\ncommands = [['pytest', '-k', 'a b']]\n[env.lint]\ncommands = [['ruff', 'check']]\n"},
			[]string{"tox", "pytest -k a b", "tox -e lint", "ruff check"}},
		"tox in pyproject.toml": {project{".gitlab-ci.yml": "a:\n  script: tox\n",
			"pyproject.toml": "[tool.tox]\nenv_list = ['3.11']\n[tool.tox.env_run_base]\ncommands = [['pytest', {replace = 'posargs', extend = true}]]\n"},
			[]string{"tox", "pytest"}},
		"tasks of Azure": {project{"azure-pipelines.yml": "steps:\n- task: CmdLine@2\n  inputs: {script: ./smoke-test.sh}\n- task: PowerShell@2\n  inputs: {targetType: inline, script: go vet}\n- pwsh: go test\n- powershell: go fix\n"},
			[]string{"./smoke-test.sh", "go vet", "go test", "go fix"}},
		"nox": {project{".gitlab-ci.yml": "a:\n  script: nox -s tests it-3.11\nb:\n  script: nox -s tests\n",
			"noxfile.py":  "import nox\n\n@nox.session(python='3')\ndef tests(session):\n    session.run('pytest', '-q', *session.posargs)\n\n@nox.session(name='docs-all')\ndef docs(session):\n    session.run('sphinx-build')\n" + "",
			".travis.yml": "script: nox -s docs-all"},
			[]string{"nox -s tests it-3.11", "pytest -q", "nox -s tests", "nox -s docs-all", "sphinx-build"}},
		"another name for the session": {project{".travis.yml": "script: nox -s lint",
			"noxfile.py": "import nox\n\n@nox.session\ndef lint(s: nox.Session) -> None:\n    s.run('ruff', 'check')\n    other.run('x')\n"}, []string{"nox -s lint", "ruff check"}},
		"an action of the project": {project{".github/workflows/ci.yml": head + "    - uses: ./.github/actions/x\n",
			".github/actions/x/action.yml": "runs:\n  using: composite\n  steps:\n  - run: go test ./...\n    shell: bash\n"}, []string{"go test ./..."}},
		"actions for a command or a check": {project{".github/workflows/ci.yml": head +
			"    - uses: nick-fields/retry@v3\n      with:\n        command: npm test\n    - uses: cypress-io/github-action@v6\n" +
			"    - uses: docker://a/b:1\n    - uses: golangci/golangci-lint-action@v6\n      with:\n        working-directory: api\n" +
			"    - uses: EmbarkStudios/cargo-deny-action@v2\n    - uses: reviewdog/action-setup@v1\n    - uses: codespell-project/actions-codespell@v2\n"},
			[]string{"npm test", "cypress run", "docker run a/b:1", "api: golangci-lint", "cargo deny", "codespell"}},
		"an action in a called workflow": {project{".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n",
			".github/workflows/called.yml": strings.Replace(head, "[push]", "workflow_call", 1) + "    - uses: ./.github/actions/x\n",
			".github/actions/x/action.yml": "runs:\n  using: composite\n  steps:\n  - run: go test ./...\n"}, []string{"go test ./..."}},
		"called at certain times": {project{".github/workflows/night.yml": "on: {schedule: [{cron: x}]}\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n",
			".github/workflows/called.yml": strings.Replace(head, "[push]", "workflow_call", 1) + "    - run: go test ./...\n",
			".github/workflows/ci.yml":     "on: push\njobs:\n  a:\n    if: github.event_name == 'schedule'\n    steps:\n    - run: ls\n",
			".gitlab-ci.yml":               "a:\n  when: manual\n  script: ls\nb:\n  only: [schedules]\n  script: ls\nc:\n  allow_failure: true\n  script: ls\n"}, nil},
		"templates of Azure": {project{"azure-pipelines.yml": "extends:\n  template: ci/all.yml\n", "ci/all.yml": "jobs:\n- template: jobs/test.yml@self\n",
			"ci/jobs/test.yml": "steps:\n- script: npm test\n  workingDirectory: web\n- task: Maven@4\n  inputs:\n    goals: verify\n"},
			[]string{"web: npm test", "mvn verify"}},
		"patterns and children of GitLab": {project{".gitlab-ci.yml": "include:\n- local: /ci/*.yml\nchild:\n  trigger:\n    include:\n    - local: child.yml\n",
			"ci/a.yml": "a:\n  script: go vet ./...\n", "ci/b.txt": "a:\n  script: ls\n", "child.yml": "a:\n  script: go test ./...\n"},
			[]string{"go vet ./...", "go test ./..."}},
		"commands before those of GitLab": {project{".gitlab-ci.yml": "default:\n  before_script: [cd web]\na:\n  extends: .b\n  script:\n  - !reference [.b, script]\n  - npm test\n.b:\n  script: make x\n"},
			[]string{"web: cd web", "web: npm test", "web: make x"}},
		"texts and scripts for shells": {project{".gitlab-ci.yml": "a:\n  script:\n  - bash -euo pipefail -c 'npx ava'\n  - bash -eo pipefail all\n  - ./x.py\n", "all": "go vet\n", "x.py": "import os\n"},
			[]string{"bash -euo pipefail -c npx ava", "npx ava", "bash -eo pipefail all", "go vet", "./x.py"}},
		"included files": {project{".gitlab-ci.yml": "include:\n- local: /ci/test.yml\n", "ci/test.yml": "t:\n  script: go test ./...\n"},
			[]string{"go test ./..."}},
		"aliases of Cargo": {project{".gitlab-ci.yml": "a:\n  script: cargo lint --all\n", ".cargo/config.toml": "[alias]\nlint = \"clippy -- -D warnings\"\n"},
			[]string{"cargo lint --all", "cargo clippy -- -D warnings --all"}},
		"included tasks": {project{".gitlab-ci.yml": "a:\n  script: task sub:test\n", "Taskfile.yml": "includes:\n  sub: ./sub\n",
			"sub/Taskfile.yml": "tasks:\n  test: go test ./...\n"}, []string{"task sub:test", "sub: go test ./..."}},
		"nix": {project{".gitlab-ci.yml": "a:\n  script: nix-shell --run 'cargo test --all'\n"}, []string{"nix-shell --run cargo test --all", "cargo test --all"}},
		"tags and labels alone": {project{".github/workflows/r.yml": strings.Replace(head, "[push]", "\n  push:\n    tags: ['v*']", 1) + "    - run: cargo publish\n",
			".github/workflows/l.yml": strings.Replace(head, "[push]", "\n  pull_request:\n    types: [labeled]", 1) + "    - run: ls\n"}, nil},
		"hooks": {project{".gitlab-ci.yml": "test:\n  script: pre-commit run\n", ".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: go-vet\n"},
			[]string{"pre-commit run", "go-vet"}},
	} {
		if got := calls(c.files); !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n%s\nwanted\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func FuzzPipeline(f *testing.F) {
	f.Add("on: push\njobs:\n  a:\n    steps:\n    - run: make x\n", "x: y\n\tz\ny: x\n")
	f.Fuzz(func(t *testing.T, workflow, makefile string) {
		p := project{".github/workflows/a.yml": workflow, ".gitlab-ci.yml": workflow, "Makefile": makefile, "justfile": makefile}
		if a, b := calls(p), calls(p); !slices.Equal(a, b) {
			t.Errorf("two readings differ")
		}
	})
}

func TestPipelineHidden(t *testing.T) {
	for run, want := range map[string]bool{"cargo xtask ci": true, "nix flake check": true, "make absent": true, "make there": false,
		"cargo test": false, "nix-shell --run 'cargo test'": false, "cargo run -p xtask": true, "just x": true} {
		p := project{".gitlab-ci.yml": "a:\n  script: " + run + "\n", "Makefile": "there: file.txt\n\tls\n"}
		if got := Read(p).Hidden(); got != want {
			t.Errorf("%s: got %v", run, got)
		}
	}
}

func TestIgnored(t *testing.T) {
	p := project{"Makefile": "a:\n\t-go test\n\t@-go vet\n\tgo build || true; gofmt -l . || exit 1\n\tls || (echo no; exit 1)\n", "Taskfile.yml": "tasks:\n" +
		"  a:\n    platforms: [windows, darwin/arm64]\n    cmds: [go test]\n  b:\n    cmds:\n    - cmd: go test\n      ignore_error: true\n    - go vet\n  c:\n    if: 'false'\n    cmds: [go test]\n  d:\n    platforms: [linux]\n    cmds: [go test]\n"}
	for script, want := range map[string]string{"make a": "go test, go vet, go build", "task a": "go test", "task b": "go test", "task c": "go test", "task d": ""} {
		var got []string
		for _, c := range Follow(p, ".", script) {
			if c.Ignored != "" {
				got = append(got, c.Plain())
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: got %q, wanted %s", script, got, want)
		}
	}
}

func TestProgramsAndScriptsThatWereNotReadAreSaid(t *testing.T) {
	for run, want := range map[string]bool{"go run ./cmd/contract": true, "go run ./cmd/gen": false, "go run example.com/x@v1": false, "cargo run --bin contract": true, "cargo run": false,
		"npm run absent": true, "npm run there": false, "npm run build": false, "npm run absent --if-present": false} {
		p := project{".gitlab-ci.yml": "a:\n  script: " + run + "\n", "package.json": `{"scripts": {"there": "ls"}}`}
		if got := len(Read(p).Unread) > 0; got != want {
			t.Errorf("%s: got %v", run, Read(p).Unread)
		}
	}
}

func TestOtherMembers(t *testing.T) {
	p := project{"package.json": `{"workspaces": {"packages": ["a", "b", "c"]}}`, "a/package.json": `{"name": "@s/a", "scripts": {"test": "ava"}}`,
		"b/package.json": `{"name": "@s/b", "scripts": {"test": "ava", "lint": "xo"}}`, "c/package.json": `{"name": "c"}`}
	for text, want := range map[string]string{"npm test -w a": "b", "npm run test --workspace=@s/b": "a", "npm run lint -w b": "", "npm test -ws": "", "npm test": "", "pnpm --filter '@s/*' test": "",
		"go test -w a": "", "npm run test -w a -w b": ""} {
		if got := strings.Join(OtherMembers(p, call(text)), " "); got != want {
			t.Errorf("%s: got %q, wanted %q", text, got, want)
		}
	}
}

// TestVariables is about the variables that are set for commands, and how many of them are their own.
func TestVariables(t *testing.T) {
	files := project{
		"Makefile": "test:\n\tgo test ./...\n",
		".github/workflows/a.yml": `
env: {A: 1}
jobs:
  x:
    env: {B: 2}
    strategy: {matrix: {flags: ["", "--cfg x"]}}
    steps:
    - run: make test
    - run: C=3 make test
    - run: cargo test
      env: {D: 4, RUSTFLAGS: "${{ matrix.flags }}"}
    - run: |
        export E=5
        cargo doc
    - run: make test F=6
`,
		".gitlab-ci.yml": "variables: {G: 7}\nt:\n  variables: {GOFLAGS: -race}\n  script: [go vet]\n",
	}
	var got []string
	for _, c := range Read(files).Calls {
		at := len(c.Env) - c.Own
		got = append(got, strings.Join(c.Env[:at], " ")+"; "+strings.Join(c.Env[at:], " ")+"; "+strings.Join(c.Words, " "))
	}
	want := `A=1 B=2; ; make test
A=1 B=2; ; go test ./...
A=1 B=2; C=3; make test
A=1 B=2; C=3; go test ./...
A=1 B=2; D=4 RUSTFLAGS=; cargo test
A=1 B=2; D=4 RUSTFLAGS=--cfg x; cargo test
A=1 B=2; E=5; export E=5
A=1 B=2; E=5; cargo doc
A=1 B=2; ; make test F=6
A=1 B=2; F=6; go test ./...
G=7 GOFLAGS=-race; ; go vet`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestNotRead(t *testing.T) {
	p := project{"Jenkinsfile": "", ".teamcity/settings.kts": "", ".teamcity/pom.xml": "", ".buildkite/a.yaml": "", "src/Jenkinsfile": "",
		"magefile.go": "//go:build mage", "mage.go": "", "magefiles/a.go": "", "magefiles/b.go": "", "tasks.py": "from invoke import task",
		"fabfile.py": "", "Rakefile": "task(:a)", "Earthfile": "", "dagger.json": "", ".github/workflows/a.yml": "", "main.go": ""}
	var names []string
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	services, runners := NotRead(names, p)
	got := strings.Join(services, " ") + "; " + strings.Join(runners, " ")
	if want := ".buildkite/a.yaml .teamcity/pom.xml Jenkinsfile; Earthfile Rakefile dagger.json magefile.go magefiles/a.go tasks.py"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRakefilesWithTasksOfTheirOwn(t *testing.T) {
	const tests = "require \"rake/testtask\"\n\nRake::TestTask.new do |t|\n  t.libs << \"test\"\n  t.pattern = \"test/*_test.rb\"\nend\n# all\n"
	for text, want := range map[string]bool{
		tests + "task default: :test\n": false, tests + "task :default => [:test]\n": false, tests: false,
		tests + "task(:default) { sh 'x' }\n": true, tests + "task :lint do\n  sh 'x'\nend\n": true, tests + tests: true,
		"require 'rubocop/rake_task'\nRuboCop::RakeTask.new\n": true,
	} {
		if got := hasOwnTask(text); got != want {
			t.Errorf("%s: got %t", text, got)
		}
	}
}

func TestOptionsOfMeson(t *testing.T) {
	files := project{"meson.options": "option('slow', type: 'boolean', value: false)\noption('fast', type: 'boolean', value: true)\noption('docs', type: 'feature', value: 'disabled')\n"}
	for command, want := range map[string]string{
		"meson setup b -Dslow=true": "meson -Dslow=true", "meson setup b -Dfast=true -Ddocs=enabled": "meson", "meson setup b": "meson",
		"meson configure b -Db_sanitize=address": "meson -Db_sanitize=address", "meson install -Dslow=true": "meson",
	} {
		if got := strings.Join(Follow(files, ".", command)[0].Does(), " "); got != want {
			t.Errorf("%s: got %q, wanted %q", command, got, want)
		}
	}
}

func TestEachServiceIsRead(t *testing.T) {
	for name, text := range map[string]string{
		".builds/debian.yml":       "image: debian\ntasks:\n- test: |\n    go test\n",
		"appveyor.yml":             "test_script:\n- go test\n",
		"azure-pipelines.yml":      "steps:\n- script: go test\n",
		"bitbucket-pipelines.yml":  "pipelines:\n  default:\n  - step:\n      script:\n      - go test\n",
		".cirrus.yml":              "a_task:\n  test_script: go test\n",
		".drone.yml":               "kind: pipeline\nsteps:\n- name: t\n  commands:\n  - go test\n",
		".woodpecker/a.yaml":       "steps:\n  t:\n    commands:\n    - go test\n",
		".travis.yml":              "script: go test\n",
		".forgejo/workflows/a.yml": "on: push\njobs:\n  a:\n    steps:\n    - run: go test\n",
		".circleci/config.yml":     "jobs:\n  a:\n    steps:\n    - run: go test\n",
		".gitlab-ci.yml":           "a:\n  script:\n  - go test\n",
	} {
		if got := calls(project{name: text}); !slices.Equal(got, []string{"go test"}) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
