package python

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk"
)

// TestConsumed finds the folders with data that another part of the repository makes.
func TestConsumed(t *testing.T) {
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"setup.py": `setup(name="oar", package_data={"oar": ["static/*", "*.json", "py.typed"]})`}, "oar/static/"},
		{map[string]string{"setup.cfg": "[metadata]\nname = oar\n[options.package_data]\n* = web/dist/**\n"}, "oar/web/dist/"},
		{map[string]string{"pyproject.toml": "[tool.setuptools.package-data]\noar = ['static/app.js', 'kept/*']", "oar/kept/x.css": ""}, "oar/static/"},
		{map[string]string{"pyproject.toml": "[tool.hatch.build]\nartifacts = ['oar/static/*', '!oar/x/*']\n[tool.hatch.build.targets.wheel.force-include]\n'web/dist' = 'oar/web'"},
			"oar/static/ web/dist/"},
		{map[string]string{"MANIFEST.in": "graft oar/static\nrecursive-include docs *.md\ninclude LICENSE\n", "docs/a.md": ""}, "oar/static/"},
		{map[string]string{"setup.py": `setup(package_data={"oar": ["static/*"]})`, "oar/static/app.js": ""}, ""},
		{map[string]string{"setup.py": `setup(package_data={"oar": ["static/*"]})`, "oar/static/app.js": "", ".gitignore": "/oar/static/\n"}, "oar/static/"},
		{map[string]string{"setup.py": `setup(package_data={"oar": ["web/static/*"]})`, "oar/web/static/app.js": "", "oar/.gitignore": "web/\n"}, "oar/web/static/"},
		{map[string]string{"setup.py": `setup(package_dir={"": "py"}, package_data={"oar": ["static/*"]}, cmdclass={"build": Build})`}, ""},
		{map[string]string{"pyproject.toml": "[tool.poetry]\ninclude = ['CHANGES.md', {path = 'oar/ui/**/*', format = 'wheel'}]"}, "oar/ui/"},
	} {
		c.files["oar/__init__.py"] = ""
		if got := strings.Join(loaded(t, c.files).consumed(), " "); got != c.want {
			t.Errorf("%v: got %q, wanted %q", c.files, got, c.want)
		}
	}
}

// TestPackagesBelow finds the packages of a repository that has one in its root, without templates and samples.
func TestPackagesBelow(t *testing.T) {
	tree := newTree(&sdk.Project{FS: filesOf(map[string]string{"pyproject.toml": "", "flit_core/pyproject.toml": "",
		"libs/rope/setup.py": "", "examples/x/setup.py": "", "tests/data/y/pyproject.toml": "", "oar/__init__.py": "",
		"oar/template/setup.py": "", "{{name}}/setup.py": "", "scaffolds/pyproject.toml": "[project]\nname = '{{ name }}'\n"})})
	if got := strings.Join(tree.packagesBelow([]string{"."}), " "); got != "flit_core libs/rope" {
		t.Errorf("got %s", got)
	}
}
