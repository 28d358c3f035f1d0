package toolpins

import (
	"fmt"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, text, want string }{
		{".nvmrc", "# ours\n\nlts/jod\n", "node lts/jod"},
		{"web/.python-version", "3.13.1\r\n3.12.0\n", "python 3.13.1"},
		{".nvmrc", "\n", ""},
		{".tool-versions", "# tools\nnodejs 22.1.0 20.0.0 # two\n\ngolang 1.26.1\nalone\n", "golang 1.26.1, nodejs 22.1.0"},
		{"mise.toml", "[tools]\nnode = \"22\"\npython = [\"3.13\", \"3.12\"]\ngo = {version = \"1.26\"}\nrust = 1\n", "go 1.26, node 22, python 3.13"},
		{"mise.toml", "[tools", ""},
		{"rust-toolchain", "1.90.0\n", "rust 1.90.0"},
		{"rust-toolchain", "[toolchain]\nchannel = \"1.90.0\"\n", ""},
		{"rust-toolchain.toml", "[toolchain]\nchannel = \"1.90.0\"\n", "rust 1.90.0"},
		{"go.mod", "module x\n\ngo 1.26\n\ntoolchain go1.26.1 // why\n", "go go1.26.1"},
		{"go.mod", "module x\n\ngo 1.26\n", ""},
		{"package.json", "{}", ""},
	} {
		var got []string
		for _, p := range Of(test.file, test.text) {
			got = append(got, p.Tool+" "+p.Version)
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s %q: %v, wanted %s", test.file, test.text, got, test.want)
		}
	}
}

func TestSetGo(t *testing.T) {
	t.Parallel()
	const text = "module x\n\ngo 1.26\n\ntoolchain %s // why\n\n// toolchain go1.1\n"
	if got, want := SetGo(fmt.Sprintf(text, "go1.26.1"), "go1.27.0"), fmt.Sprintf(text, "go1.27.0"); got != want {
		t.Errorf("%q, wanted %q", got, want)
	}
	if got := Newer("go1.27.0", "go1.26.8"); got != "go1.27.0" {
		t.Error(got)
	}
}
