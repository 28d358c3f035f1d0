package pipelines

import "testing"

func TestScriptsThatDecideByThemselvesAreSaid(t *testing.T) {
	p := project{
		"hack/boilerplate.sh": "#!/bin/bash\nset -e\nfor f in $(git ls-files '*.go'); do\n  head -3 $f | grep -q Copyright || { echo no $f; exit 1; }\ndone\n",
		"e2e/run.sh":          "app &\ncurl -f localhost:8080\n", "scripts/licenses.sh": "bad=$(grep -rL MIT src)\nif [ -n \"$bad\" ]; then\n  exit 1\nfi\n",
		"v.sh": "grep -q x y\n", "d.sh": "diff a b\n", "ci.sh": "verify_all() {\n  test -f a || exit 1\n}\n", "chk.sh": "#!/bin/sh\ntest -f LICENSE\n",
		"all.sh": "./v.sh\n", "Makefile": "ci: licence\nlicence:\n\t./chk.sh\n",
		"known.sh": "go vet ./...\ntest -f a || exit 1\n", "env.sh": "export A=1\n", "lib.sh": "die() {\n  echo \"$1\"\n}\n",
		"tool.sh": "#!/bin/sh\ncd \"$(dirname \"$0\")\" || exit 1\ncommand -v jq || { echo no jq; exit 1; }\n[ $# -eq 1 ] || exit 2\n[ -z \"$TOKEN\" ] && exit 1\ncp a b\n",
		"apt.sh":  "apt-get update || exit 1\n", "push.sh": "docker login -u x\ndocker push a/b || exit 1\n", "npm.sh": "npm ci || exit 1\n",
		"notify.sh": "curl -d x https://example.com || exit 1\n", "setup/x.sh": "test -f a || exit 1\n", "install.sh": "test -f a || exit 1\n",
		"tools/gate.sh": "#!/bin/sh\nset -e\nv=$(cat VERSION)\ntest \"$v\" = 2\necho ok\n", "loop.sh": "#!/bin/bash\nfor v in 1 2; do\n  [[ -f file$v ]]\ndone\n",
		"cond.sh": "#!/bin/sh\nset -e\ntest -f a || cp b a\nif [ -f c ]; then cp c d; fi\necho ok\n",
		"gradlew": "#!/bin/sh\nexit 1\n", "ok.sh": "ls\nexit 0\n", "git.sh": "git push origin x || exit 1\n",
	}
	for run, want := range map[string]string{
		"./hack/boilerplate.sh": "./hack/boilerplate.sh", "sh e2e/run.sh": "sh e2e/run.sh", "bash scripts/licenses.sh": "bash scripts/licenses.sh",
		"./v.sh": "./v.sh", "bash -e d.sh": "bash -e d.sh", ". ./ci.sh && verify_all": ". ./ci.sh", "make ci": "./chk.sh", "./all.sh": "./v.sh",
		"./tools/gate.sh": "./tools/gate.sh", "bash loop.sh": "bash loop.sh", "./cond.sh": "",
		"for s in tools/*.sh; do \"$s\"; done": "tools/gate.sh", "for s in *op.sh; do bash $s || exit 1; done": "bash ./loop.sh",
		"eval \"$(cat v.sh)\"": "", "for s in *op.sh; do cat $s; done": "",
		"./known.sh": "", ". ./env.sh": "", ". ./lib.sh": "", "./tool.sh": "", "sh apt.sh": "", "sh push.sh": "", "sh npm.sh": "", "sh notify.sh": "",
		"sh setup/x.sh": "", "sh install.sh": "", "./gradlew assemble": "", "./ok.sh": "", "./git.sh": "", "./v.sh || true": "",
	} {
		p[".gitlab-ci.yml"] = "a:\n  script: " + run + "\n"
		got := ""
		for _, u := range Read(p).Judge() {
			got += u.What
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", run, got, want)
		}
	}
}

func TestNamesOfJobsAndStepsSayWhatScriptsDo(t *testing.T) {
	for job, want := range map[string]int{
		"a:\n    steps:\n    - run: ./v.sh": 1, "a:\n    steps:\n    - run: ./v.sh\n      working-directory: w": 1,
		"a:\n    steps:\n    - name: Install tools\n      run: ./v.sh": 0, "a:\n    steps:\n    - name: Check version\n      run: ./v.sh": 1,
		"a:\n    steps:\n    - name: Lint commit messages\n      run: ./v.sh": 1, "a:\n    steps:\n    - name: Check that the server is up\n      run: ./v.sh": 0, "deploy:\n    steps:\n    - run: ./v.sh": 0,
		"build:\n    steps:\n    - run: ./v.sh": 1, "a:\n    name: Release\n    steps:\n    - run: ./v.sh": 0,
		"a:\n    env: {CHECKER: ./v.sh}\n    steps:\n    - run: $CHECKER all": 1,
	} {
		p := project{".github/workflows/ci.yml": "on: push\njobs:\n  " + job + "\n", "v.sh": "#!/bin/sh\ntest -f a\n", "w/v.sh": "#!/bin/sh\ntest -f a\n"}
		if got := Read(p).Judge(); len(got) != want {
			t.Errorf("%s: got %v", job, got)
		}
	}
	p := project{".gitlab-ci.yml": "a:\n  stage: deploy\n  script: ./v.sh\nb:\n  script: ./w.sh\n", "v.sh": "test -f a\n", "w.sh": "test -f a\n"}
	if got := Read(p).Judge(); len(got) != 1 || got[0].What != "./w.sh" {
		t.Errorf("got %v", got)
	}
}
