package host

import (
	"slices"
	"strings"
	"testing"
)

func TestPinVariables(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"pyenv":                 {".python-version", "# ours\n3.12.4\n3.11\n", "PYENV_VERSION=3.12.4:3.11"},
		"nodenv":                {".node-version", "22.1.0\n", "NODENV_VERSION=22.1.0"},
		"rbenv":                 {".ruby-version", "3.3.0", "RBENV_VERSION=3.3.0"},
		"no version":            {".python-version", "\n", ""},
		"asdf":                  {".tool-versions", "nodejs 22.1.0 20.1.0 # two\n\ngolangci-lint 2.1\n", "ASDF_GOLANGCI_LINT_VERSION=2.1 ASDF_NODEJS_VERSION=22.1.0 20.1.0 MISE_GOLANGCI_LINT_VERSION=2.1 MISE_NODE_VERSION=22.1.0 20.1.0"},
		"asdf, a path":          {".tool-versions", "nodejs path:/x\npython path:x\n", ""},
		"mise":                  {".config/mise.toml", "[tools]\nnode = '22'\ngo = {version = '1.26'}\npython = ['3.12', '3.11']\n'npm:x' = 'path:../x'\n", "MISE_GO_VERSION=1.26 MISE_NODE_VERSION=22 MISE_PYTHON_VERSION=3.12 3.11"},
		"mise, broken":          {"mise.toml", "[tools", ""},
		"rustup":                {"rust-toolchain.toml", "[toolchain]\nchannel = \"nightly-2026-01-01\"\n", "RUSTUP_TOOLCHAIN=nightly-2026-01-01"},
		"rustup, old":           {"rust-toolchain", "1.90\n", "RUSTUP_TOOLCHAIN=1.90"},
		"rustup, a path":        {"rust-toolchain.toml", "[toolchain]\npath = \"tool\"\n", ""},
		"rustup, a path within": {"rust-toolchain", "./tool\n", ""},
		"a climb":               {".python-version", "../../evil\n", ""},
		"a manifest":            {"go.mod", "go 1.26\n", ""},
	} {
		got := pinVariables(c.file, c.text)
		slices.Sort(got)
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: got %q, wanted %q", name, text, c.want)
		}
	}
}
