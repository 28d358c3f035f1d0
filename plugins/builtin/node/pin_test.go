package node

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// planOf returns the plan of a project of these files.
func planOf(t *testing.T, files map[string]string) *plan.Plan {
	t.Helper()
	p, err := Read(&sdk.Project{Project: plan.Project{Name: "x", Dir: "."}, FS: filesOf(files)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func filesOf(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestThePinOfNode(t *testing.T) {
	const script = `"scripts": {"test": "node x.js"}`
	for name, c := range map[string]struct {
		manifest, file, text string
		want                 string // the pin, by what, the constraint, the image
	}{
		"nothing":        {"", "", "", "|||node:20"},
		"nvm":            {"", ".nvmrc", "v22.13.0\n", "22.13.0|.nvmrc||node:22.13.0"},
		"a codename":     {"", ".nvmrc", "lts/Jod\n", "22|.nvmrc||node:22"},
		"the latest LTS": {"", ".nvmrc", "lts/*\n", "|||node:20"},
		"the latest LTS, and engines": {`"engines": {"node": ">=22"}`, ".nvmrc", "lts/*\n",
			">=22|package.json||node:24"},
		"a version file": {"", ".node-version", "22.13", "22.13|.node-version||node:22.13"},
		"asdf":           {"", ".tool-versions", "nodejs 22.13.0\n", "22.13.0|.tool-versions||node:22.13.0"},
		"mise":           {"", "mise.toml", "[tools]\nnode = '22'\n", "22|mise.toml||node:22"},
		"volta":          {`"volta": {"node": "18.20.1"}`, ".nvmrc", "22", "18.20.1|package.json||node:18.20.1"},
		"development": {`"engines": {"node": ">=18"}, "devEngines": {"runtime": {"name": "node", "version": "^22"}}`, "", "",
			"^22|package.json||node:22"},
		"another runtime for development": {`"devEngines": {"runtime": {"name": "bun", "version": "^22"}}`, "", "",
			"|||node:20"},
		"engines":                  {`"engines": {"node": ">=22.12"}`, "", "", ">=22.12|package.json||node:24"},
		"engines, and a pin":       {`"engines": {"node": ">=18"}`, ".nvmrc", "22", "22|.nvmrc||node:22"},
		"engines without image":    {`"engines": {"node": ">=99"}`, "", "", ">=99|package.json||node:99"},
		"engines that are ignored": {`"engines": {"node": "14 - 16"}`, "", "", "|||node:20"},
		"pnpm 11":                  {`"packageManager": "pnpm@11.2.0"`, "", "", "||>=22.13|node:24"},
		"pnpm 10":                  {`"packageManager": "pnpm@10.33.0+sha512.abc"`, "", "", "||>=18.12|node:20"},
		"pnpm 12":                  {`"packageManager": "pnpm@12.0.1"`, "", "", "|||node:20"},
		"pnpm 11 with a pin":       {`"packageManager": "pnpm@11.2.0"`, ".nvmrc", "24", "24|.nvmrc|>=22.13|node:24"},
		"pnpm 11 against a pin":    {`"packageManager": "pnpm@11.2.0"`, ".nvmrc", "20", "20|.nvmrc||node:20"},
		"pnpm 11 and engines": {`"packageManager": "pnpm@11.2.0", "engines": {"node": "^20 || ^22"}`, "", "",
			"^20 || ^22|package.json|>=22.13|node:22"},
		"pnpm 11 and strict engines": {`"packageManager": "pnpm@11.2.0", "engines": {"node": "^20 || ^22"}`, ".npmrc",
			"engine-strict=true\n", "^20 || ^22|package.json|^20 >=22.13 || ^22 >=22.13|node:22"},
		"yarn 4": {`"packageManager": "yarn@4.9.1"`, "", "", "||>=18.12|node:20"},
		"yarn 1": {`"packageManager": "yarn@1.22.22", "engines": {"node": ">=22"}`, "", "",
			">=22|package.json|>=22|node:24"},
	} {
		manifest := "{" + strings.TrimPrefix(c.manifest+", "+script, ", ") + "}"
		files := map[string]string{"package.json": manifest, "x.js": ""}
		if c.file != "" {
			files[c.file] = c.text
		}
		tool := planOf(t, files).Tools["node"]
		got := strings.Join([]string{tool.Pin, tool.PinnedBy, tool.Version, tool.Image}, "|")
		if got != c.want || tool.Runtime != plan.RuntimeNode {
			t.Errorf("%s: got %s of %q, wanted %s", name, got, tool.Runtime, c.want)
		}
	}
}

func TestAPackageInAFolderHasThePinOfTheFolderAbove(t *testing.T) {
	p := planOf(t, map[string]string{".nvmrc": "22", "web/.nvmrc": "20", "web/package.json": `{"scripts": {"test": "x"}}`,
		"api/package.json": `{"scripts": {"test": "x"}}`})
	for step, want := range map[string]string{"web/test": "20 web/.nvmrc", "api/test": "22 .nvmrc"} {
		tool := p.Tools[p.Steps[step].Tool]
		if got := tool.Pin + " " + tool.PinnedBy; got != want {
			t.Errorf("%s: got %s, wanted %s", step, got, want)
		}
	}
}
