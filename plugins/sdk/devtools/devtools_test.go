package devtools

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

var (
	lint    = Tool{Name: "golangci-lint", Repository: "golangci/golangci-lint", Action: "golangci/golangci-lint-action"}
	nextest = Tool{Name: "cargo-nextest"}
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		tool             Tool
		file, text, want string
	}{
		{lint, ".tool-versions", "golang 1.25.0\ngolangci-lint 1.64.8\n", "1.64.8"},
		{lint, "mise.toml", "[tools]\ngolangci-lint = \"2.1\"\n", "2.1"},
		{lint, "mise.toml", "[tools]\n\"aqua:golangci/golangci-lint\" = \"v2.1.6\"\n", "2.1.6"},
		{lint, "mise.toml", "[tools]\ngolangci-lint = { version = \"2.1.6\", os = [\"linux\"] }\n", "2.1.6"},
		{lint, "Makefile", "GOLANGCI_LINT_VERSION ?= v1.55.2\n", "1.55.2"},
		{lint, "Makefile", "GOLANGCI_VERSION := 1.55.2\n", "1.55.2"},
		{lint, "Makefile", "GOLANGCILINT_VERSION=v1.55.2\n", "1.55.2"},
		{lint, "Makefile", "lint:\n\tgo run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.1.6 run\n", "2.1.6"},
		{lint, "Makefile", "lint:\n\tdocker run --rm golangci/golangci-lint:v1.64.8 golangci-lint run\n", "1.64.8"},
		{lint, "tools.mk", "curl -sSfL " +
			"https://raw.githubusercontent.com/golangci/golangci-lint/HEAD/install.sh | sh -s -- -b bin v2.4.0\n",
			"2.4.0"},
		{lint, "Makefile", "lint:\n\tgolangci-lint run\nVERSION = 1.2.3\n", ""},
		{lint, ".github/workflows/ci.yml",
			"    - uses: golangci/golangci-lint-action@v6\n      with:\n        args: --fix\n        version: v1.60\n", "1.60"},
		{lint, ".github/workflows/ci.yml",
			"    - uses: golangci/golangci-lint-action@v6\n      with:\n        version: latest\n", ""},
		{lint, ".github/workflows/ci.yml",
			"env:\n  GOLANGCI_LINT_VERSION: 'v2.5.0'\n", "2.5.0"},
		{lint, ".pre-commit-config.yaml",
			"repos:\n- repo: https://github.com/golangci/golangci-lint\n  rev: v1.52.2\n", "1.52.2"},
		{lint, ".pre-commit-config.yaml", "repos:\n- repo: https://github.com/other/other\n  rev: v1.52.2\n", ""},
		{lint, ".golangci.yml", "# Golden config for golangci-lint v1.59.1\nrun:\n  go: \"1.20\"\n", "1.59.1"},
		{lint, ".golangci.yml", "version: \"2\"\nlinters:\n", ""},
		{nextest, ".github/workflows/ci.yml",
			"      - uses: taiki-e/install-action@v2\n        with:\n          tool: cargo-deny@0.16.1,cargo-nextest@0.9.70\n",
			"0.9.70"},
		{nextest, ".github/workflows/ci.yml", "- run: cargo install --locked cargo-nextest --version 0.9.70\n", "0.9.70"},
		{nextest, "justfile", "setup:\n    cargo binstall --version 0.9.71 cargo-nextest\n", "0.9.71"},
		{nextest, "mise.toml", "[tools]\n\"cargo:cargo-nextest\" = \"0.9.72\"\n", "0.9.72"},
		{nextest, "Makefile", "NEXTEST_VERSION = 0.9.73\n", "0.9.73"},
		{nextest, "Makefile", "CARGO_VERSION = 1.80.0\nx:\n\tcargo nextest run\n", ""},
	} {
		pin, ok := Find(project{c.file: c.text}, c.tool, ".golangci.yml")
		if pin.Version != c.want || ok != (c.want != "") || ok && pin.File != c.file {
			t.Errorf("%s: %q: got %+v, %v", c.file, c.text, pin, ok)
		}
	}
}

func TestFindPrefersWhatIsMeantForIt(t *testing.T) {
	files := project{
		".tool-versions":           "golangci-lint latest\n",
		"Makefile":                 "GOLANGCI_LINT_VERSION = v1.50.0\n",
		".github/workflows/ci.yml": "- uses: golangci/golangci-lint-action@v8\n  with:\n    version: v2.3.1\n",
		".pre-commit-config.yaml":  "- repo: https://github.com/golangci/golangci-lint\n  rev: v2.0.0\n",
	}
	if pin, _ := Find(files, lint); pin != (Pin{"1.50.0", "Makefile"}) {
		t.Errorf("got %+v", pin)
	}
	second := lint
	second.Accepts = func(version string) bool { return strings.HasPrefix(version, "2.") }
	if pin, _ := Find(files, second); pin != (Pin{"2.3.1", ".github/workflows/ci.yml"}) {
		t.Errorf("of those that can be meant: got %+v", pin)
	}
}

func TestSeries(t *testing.T) {
	for version, want := range map[string]string{"1.64.8": "~1.64", "2.1": "~2.1"} {
		if got := (Pin{Version: version}).Series(); got != want {
			t.Errorf("%s: got %s", version, got)
		}
	}
}
