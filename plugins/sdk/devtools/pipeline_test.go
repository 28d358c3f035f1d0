package devtools

import (
	"slices"
	"strings"
	"testing"
)

// calls returns the commands of the pipelines of a project, with their folders unless that is the root.
func calls(p project) (all []string) {
	for _, c := range ReadPipeline(p).Calls {
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
		"cargo test": false, "cargo run -p xtask": true, "just x": true} {
		p := project{".gitlab-ci.yml": "a:\n  script: " + run + "\n", "Makefile": "there: file.txt\n\tls\n"}
		if got := ReadPipeline(p).Hidden; got != want {
			t.Errorf("%s: got %v", run, got)
		}
	}
}
