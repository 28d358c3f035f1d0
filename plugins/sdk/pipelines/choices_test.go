package pipelines

import (
	"slices"
	"strings"
	"testing"
)

// TestChoices is about the variables and options that a matrix, an expression or an earlier step sets: what is wanted are the
// commands, each behind the variables that decide what it tests.
func TestChoices(t *testing.T) {
	const head = "on: push\njobs:\n  a:\n    steps:\n"
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"a matrix of GitLab": {".gitlab-ci.yml", "t:\n  parallel:\n    matrix:\n    - MODE: [a, b]\n      GOFLAGS: -race\n  script:\n  - go test -tags $MODE\n",
			[]string{"MODE=a GOFLAGS=-race go test -tags a", "MODE=b GOFLAGS=-race go test -tags b"}},
		"in one line": {".gitlab-ci.yml", "t:\n  parallel: {matrix: [{MODE: [a, b]}]}\n  script: [go test]\n", []string{"MODE=a go test", "MODE=b go test"}},
		"of images":   {".gitlab-ci.yml", "t:\n  image: go:$GO_IMAGE\n  parallel: {matrix: [{GO_IMAGE: [a, b]}]}\n  script: [go test]\n", []string{"go test"}},
		"a number":    {".gitlab-ci.yml", "t:\n  parallel: 4\n  script: [go test]\n", []string{"go test"}},
		"of what a variable is": {".gitlab-ci.yml", "t:\n  variables: {GOFLAGS: $F}\n  parallel: {matrix: [{F: [-race]}]}\n  script: [go test]\n",
			[]string{"GOFLAGS=-race F=-race go test"}},
		"GITHUB_ENV":                 {".github/workflows/a.yml", head + "    - run: go vet\n    - run: echo GOFLAGS=-race >> $GITHUB_ENV\n    - run: go test\n", []string{"go vet", "GOFLAGS=-race go test"}},
		"GITHUB_ENV, quoted":         {".github/workflows/a.yml", head + "    - run: echo \"GOFLAGS=-race -short\" >> \"$GITHUB_ENV\"\n    - run: go test\n", []string{"GOFLAGS=-race -short go test"}},
		"GITHUB_ENV, tee":            {".github/workflows/a.yml", head + "    - run: echo GOOS=js | tee -a $GITHUB_ENV\n    - run: go test\n", []string{"GOOS=js go test"}},
		"GITHUB_ENV, braces":         {".github/workflows/a.yml", head + "    - run: |\n        {\n          echo GOOS=js\n          echo GOARCH=wasm\n        } >> $GITHUB_ENV\n    - run: go test\n", []string{"GOOS=js GOARCH=wasm go test"}},
		"GITHUB_ENV, a document":     {".github/workflows/a.yml", head + "    - run: |\n        cat >> $GITHUB_ENV <<EOF\n        GOOS=js\n        EOF\n    - run: go test\n", []string{"GOOS=js go test"}},
		"an expression that chooses": {".github/workflows/a.yml", head + "    - run: go test ${{ matrix.race && '-race' || '' }} ./...\n", []string{"go test -race ./...", "go test ./..."}},
		"in a variable":              {".github/workflows/a.yml", head + "    - run: go test\n      env: {GOFLAGS: \"${{ matrix.race && '-race' || '-short' }}\"}\n", []string{"GOFLAGS=-race go test", "GOFLAGS=-short go test"}},
		"a list of Travis":           {".travis.yml", "env:\n  - MODE=a\n  - MODE=b GOFLAGS='-race -short'\nscript: go test\n", []string{"MODE=a go test", "MODE=b GOFLAGS=-race -short go test"}},
		"a text of Travis":           {".travis.yml", "env: MODE=a\nscript: go test\n", []string{"MODE=a go test"}},
		"a matrix of Travis":         {".travis.yml", "env:\n  global: [GOOS=js]\n  matrix: [MODE=a, MODE=b]\nscript: [go test]\n", []string{"GOOS=js MODE=a go test", "GOOS=js MODE=b go test"}},
		"jobs of Travis":             {".travis.yml", "script: go test\njobs:\n  include:\n  - env: MODE=a\n  - env: [MODE=b, GOOS=js]\n    script: go vet\n", []string{"MODE=a go test", "MODE=b GOOS=js go vet"}},
		"none of Travis":             {".travis.yml", "script: go test\n", []string{"go test"}},
		"one that is not known":      {".github/workflows/a.yml", head + "    - run: go test ${{ fromJSON(inputs.x) && '-race' }} ${{ format('{0}', inputs.y) }} ./...\n", []string{"go test -race ${{…}} ./...", "go test ${{…}} ./..."}},
	} {
		var got []string
		for _, call := range Read(project{c.file: c.text}).Calls {
			if call.WorksOnCode() && call.Words[0] == "go" {
				deciding := slices.DeleteFunc(slices.Clone(call.Env), func(v string) bool {
					name, _, _ := strings.Cut(v, "=")
					return !Decides(name, slices.Contains(call.Env[len(call.Env)-call.Own:], v))
				})
				got = append(got, strings.Join(append(deciding, call.Words...), " "))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestSessionVariables is about the variables of environments of tox and of sessions of nox.
func TestSessionVariables(t *testing.T) {
	for name, c := range map[string]struct {
		files   project
		command string
		want    []string
	}{
		"tox": {project{"tox.ini": "[tox]\nenvlist = a, b\n[testenv]\nsetenv =\n  MODE = all\n  DIR = {envtmpdir}\n  b: MODE=b\ncommands = pytest\n"},
			"tox", []string{"MODE=all", "MODE=b"}},
		"a section of its own": {project{"tox.ini": "[testenv]\ncommands = pytest\n[testenv:a]\nset_env = MODE=a\ncommands = pytest\n"},
			"tox -e a", []string{"MODE=a"}},
		"tox.toml": {project{"tox.toml": "env_list = [\"a\"]\n[env_run_base]\nset_env = { MODE = \"a\" }\ncommands = [[\"pytest\"]]\n"},
			"tox", []string{"MODE=a"}},
		"nox": {project{"noxfile.py": "import nox\n@nox.session\ndef a(session):\n    session.env[\"MODE\"] = \"a\"\n    session.run(\"pytest\")\n@nox.session\ndef b(session):\n    session.run(\"pytest\")\n"},
			"nox", []string{"MODE=a", "MODE="}},
	} {
		var got []string
		for _, call := range Follow(c.files, ".", c.command) {
			if call.Words[0] == "pytest" {
				got = append(got, "MODE="+call.Variable("MODE"))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestUnknownExpression(t *testing.T) {
	for text, want := range map[string]string{
		"go test ./...":                                  "",
		"go test ${{ inputs.flags }} ./...":              "${{ inputs.flags }}",
		"go test ${{…}} ./...":                           "${{ … }}",
		"go test ${{ github.workspace }}/a":              "",
		"go test -coverprofile=${{ steps.a.outputs.b }}": "",
	} {
		calls := Follow(project{}, ".", text)
		if got := calls[0].UnknownExpression(); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
