package python

import (
	"reflect"
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/ini"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

func TestFilesOfMetadata(t *testing.T) {
	for text, want := range map[string][]string{
		"[tool.pdm.version]\nsource = \"file\"\npath = \"k1/meta.py\"":            {"k1/meta.py"},
		"[tool.poetry]\nreadme = [\"a.md\", \"b.md\"]":                            {"a.md", "b.md"},
		"[project]\nreadme = {file = \"a.md\"}\nlicense = {file = \"L\"}":         {"a.md", "L"},
		"[tool.setuptools.dynamic]\noptional-dependencies.x = {file = [\"x\"]}":   {"x"},
		"[tool.hatch.metadata.hooks.requirements_txt]\nfiles = [\"x.in\"]":        {"x.in"},
		"[tool.setuptools.dynamic]\nversion = {attr = \"k1.meta.NUMBER\"}":        nil,
		"[tool.setuptools.packages.find]\nwhere = [\"src\"]\n[project]\nx = \"\"": nil,
	} {
		table, err := toml.Parse(text)
		if got := (&project{pyproject: table}).namedFiles(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, %v", text, got, err)
		}
	}
}

func TestPackagesThatAreInstalledAgain(t *testing.T) {
	table, err := toml.Parse("[tool.uv.sources]\na = {path = \"lib\"}\nb = {path = \"b\", editable = true}\nc = {path = \"c.whl\"}\nd = {workspace = true}\n")
	e := &env{project: &project{pyproject: table}}
	if got := e.dynamicPackages(); err != nil || !slices.Equal(got, []string{"a"}) {
		t.Errorf("got %q, %v", got, err)
	}
	for text, want := range map[string][]string{
		`open("gen.py", "w").write("V = 1")`: {"app"}, `setup(ext_modules=[])`: {"app"}, `setup(long_description=open("README.md").read())`: nil,
	} {
		e := &env{project: &project{name: "app", isPackage: true, backend: "setuptools.build_meta", setupPy: setupPy{text}}}
		if got := e.dynamicPackages(); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", text, got)
		}
	}
}

func TestModulesOfVersion(t *testing.T) {
	for name, test := range map[string]struct {
		pr   project
		want string
	}{
		"setup.cfg": {project{setupCfg: ini.File{"metadata": {"version": "attr: k1.meta.NUMBER"}}}, "src/k1/meta.py"},
		"package":   {project{setupCfg: ini.File{"metadata": {"version": "attr: k1.NUMBER"}}}, "k1/__init__.py"},
		"pdm": {project{pyproject: map[string]any{"tool": map[string]any{"pdm": map[string]any{
			"version": map[string]any{"getter": "k1.meta:get"}}}}}, "k1/meta.py"},
		"flit": {project{name: "k-1", backend: "flit_core.buildapi"}, "src/k_1.py"},
	} {
		if got := test.pr.versionModules(); !slices.Contains(got, test.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
