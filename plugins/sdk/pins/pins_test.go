package pins

import (
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk"
)

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string // in a project whose folder "a/b" is asked for node
		want  Pin
	}{
		"none":               {nil, Pin{}},
		"its own file":       {map[string]string{"a/b/.nvmrc": "v22.13.0\n"}, Pin{"v22.13.0", "a/b/.nvmrc"}},
		"the preferred file": {map[string]string{"a/b/.nvmrc": "22", "a/b/.node-version": "20"}, Pin{"22", "a/b/.nvmrc"}},
		"comments":           {map[string]string{".nvmrc": "# LTS\n\nlts/jod # until 2027\n"}, Pin{"lts/jod", ".nvmrc"}},
		"the nearest folder": {map[string]string{"a/.node-version": "20", ".nvmrc": "22"}, Pin{"20", "a/.node-version"}},
		"an empty file":      {map[string]string{"a/.nvmrc": "\n", ".nvmrc": "22"}, Pin{"22", ".nvmrc"}},
		"asdf": {map[string]string{".tool-versions": "python 3.12\n# nodejs 18\nnodejs 22.13.0 20 # two\n"},
			Pin{"22.13.0", ".tool-versions"}},
		"asdf without a version": {map[string]string{".tool-versions": "nodejs\n"}, Pin{}},
		"mise":                   {map[string]string{"mise.toml": "[tools]\nnode = \"22\"\n"}, Pin{"22", "mise.toml"}},
		"mise by another name": {map[string]string{".config/mise.toml": "[tools]\nnodejs = \"22\"\n"},
			Pin{"22", ".config/mise.toml"}},
		"mise for one user": {map[string]string{"mise.toml": "[tools]\nnode = \"22\"\n",
			"mise.local.toml": "[tools]\nnode = \"24\"\n"}, Pin{"24", "mise.local.toml"}},
		"mise for one user, hidden": {map[string]string{"mise.toml": "[tools]\nnode = \"22\"\n",
			".mise.local.toml": "[tools]\nnode = \"24\"\n"}, Pin{"24", ".mise.local.toml"}},
		"mise for one user without the tool": {map[string]string{"mise.toml": "[tools]\nnode = \"22\"\n",
			"mise.local.toml": "[tools]\npython = \"3.13\"\n"}, Pin{"22", "mise.toml"}},
		"mise with a table": {map[string]string{".mise.toml": "[tools]\nnode = { version = \"22\" }\n"},
			Pin{"22", ".mise.toml"}},
		"mise with a list": {map[string]string{"mise.toml": "[tools]\nnode = [\"22\", \"20\"]\n"},
			Pin{"22", "mise.toml"}},
		"mise that is broken":     {map[string]string{"mise.toml": "[tools\n"}, Pin{}},
		"mise with a wrong value": {map[string]string{"mise.toml": "[tools]\nnode = 22\n"}, Pin{}},
	} {
		fsys := fstest.MapFS{}
		for file, text := range c.files {
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
		}
		p := &sdk.Project{FS: fsys}
		got, ok := Find(p, "a/b", []string{".nvmrc", ".node-version"}, "node", "nodejs")
		if got != c.want || ok != (c.want != Pin{}) {
			t.Errorf("%s: got %v, %v", name, got, ok)
		}
	}
}
