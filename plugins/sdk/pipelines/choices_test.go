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
