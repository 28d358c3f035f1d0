package node

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// The tools whose configuration may be above the project.
var (
	linters  = []string{"eslint", "prettier", "biome", "stylelint"}
	bundling = []string{"babel", "browserslist", "postcss"}
	allTools = slices.Concat(linters, bundling, []string{"mocha", "nyc"})
)

// toolsOf are the tools whose configuration a program reads. One that is not listed may read that of all.
var toolsOf = map[string][]string{
	"eslint": {"eslint"}, "prettier": {"prettier"}, "biome": {"biome"}, "stylelint": {"stylelint"},
	"mocha": {"mocha"}, "babel": {"babel", "browserslist"}, "jest": {"babel", "browserslist"}, "ava": {},
	"vite": bundling, "vitest": bundling, "webpack": bundling, "rollup": bundling, "parcel": bundling,
	"next": bundling, "nuxt": bundling, "astro": bundling, "postcss": bundling, "react-scripts": bundling,
	"node": {}, "tsx": {}, "tsc": {}, "tsgo": {}, "vue-tsc": {}, "esbuild": {}, "tap": {}, "bun": {},
	"rm": {}, "rimraf": {}, "mkdir": {}, "cp": {}, "mv": {}, "cd": {}, "echo": {}, "true": {}, "exit": {},
}

// toolSettings returns the settings of the tools that the commands of a script call.
func (s script) toolSettings() []string {
	var tools []string
	for _, c := range s.commands {
		of, known := toolsOf[c[0]]
		if !known {
			of = allTools
		}
		tools = append(tools, of...)
	}
	if strings.Contains(s.whole, "nyc") || strings.Contains(s.whole, "c8") {
		tools = append(tools, "nyc", "babel", "browserslist")
	}
	return sdk.Settings(tools...)
}

// settings returns the settings of a step: those of Node and of the package manager, and those of the tools
// that it calls. A step whose result is never kept needs none.
func (u *unit) settings(s plan.Step) []string {
	if s.NoCache || s.Op == plan.OpImage || slices.Equal(s.Argv, []string{"true"}) {
		return nil
	}
	managers := sdk.Settings("node", "npm", u.manager.Name) // all of them read npm's configuration
	return append(managers, slices.DeleteFunc(slices.Clone(s.Settings),
		func(name string) bool { return slices.Contains(managers, name) })...)
}
