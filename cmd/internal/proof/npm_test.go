package proof

import "math/rand/v2"

// npmPackage is a package of npm with a dependency beside it.
var npmPackage = &kind{
	name: "npm", repository: "project", targets: []string{"test"}, plugin: true, real: true, needs: "npm",
	steps: []step{native(`{ [ -e node_modules/ext ] && ! [ -f node_modules/linked/index.js -a ! -L node_modules/linked ]; } ||
	npm ci --no-audit --no-fund >/dev/null; npm test`)}, // npm ci takes away what no lock file names
	env: func() map[string]string { return map[string]string{"npm_config_offline": "true"} },
	more: snapshot{
		"project/.gitignore": file("node_modules/\ndist/\n"),
		"project/package.json": file(`{"name": "app", "version": "1.0.0", "private": true,
 "scripts": {"test": "node test.js"}, "dependencies": {"ext": "file:../ext"}}
`),
		"project/package-lock.json": file(`{"name": "app", "version": "1.0.0", "lockfileVersion": 3,
 "requires": true, "packages": {
  "": {"name": "app", "version": "1.0.0", "dependencies": {"ext": "file:../ext"}},
  "../ext": {"version": "1.0.0"},
  "node_modules/ext": {"resolved": "../ext", "link": true}}}
`),
		"project/test.js": file(`const fs = require("fs"), env = process.env;
const at = name => fs.existsSync(name) ? fs.readFileSync(name, "utf8") : "";
let all = require("ext") + at("dist/page.txt") + at("data.txt") + env.WANT + env.npm_config_word;
try { all += require("linked") } catch {}
console.log(all);
if (all.includes("broken")) process.exit(1);
`,
		),
		"project/dist/page.txt": file("one\n"),
		"project/data.txt":      linkTo("../ext/data.txt"),
		"ext/package.json": file(
			`{"name": "ext", "version": "1.0.0", "devDependencies": {"far": "file:../far"}}` + "\n"),
		"ext/index.js":     file(exportBoth("one")),
		"ext/data.txt":     file("one\n"),
		"far/index.js":     file(export("one")),
		"linked/index.js":  file(export("one")),
		"home/.npmrc":      file("word=one\n"),
		"tools/v1/nothing": file(""),
		"tools/v2/node":    program(wrapper("node", "v20.99.9")),
	},
	operation: func(r *rand.Rand) op {
		word := one(r, words)
		exports := export(word)
		return one(r, []op{
			put("../ext/index.js", exportBoth(word)), put("../far/index.js", exports),
			put("../linked/index.js", exports), link{"node_modules/linked", "../../linked"},
			put("dist/page.txt", word+"\n"),
			put("../ext/data.txt", word+"\n"),
			put("../home/.npmrc", "word="+word+"\n"),
			setenv{"WANT", word}, unsetenv{"WANT"}, tools{one(r, []string{"v1", "v2"})}, remove{"dist"},
			replace{"../tools/v1/node", "../tools/v2/node"}, remove{"../tools/v1/node"}, fresh{}, nothing{},
		})
	},
}

// exportBoth exports a word and that of the folder far.
func exportBoth(word string) string {
	return "module.exports = \"" + word + "\" + require(\"../far\");\n"
}

func export(word string) string { return "module.exports = \"" + word + "\";\n" }
