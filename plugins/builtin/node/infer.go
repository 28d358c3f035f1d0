package node

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

var (
	eslintConfigs = []string{"eslint.config.js", "eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts",
		"eslint.config.mts",
		".eslintrc.js", ".eslintrc.cjs", ".eslintrc.yaml", ".eslintrc.yml", ".eslintrc.json", ".eslintrc"}
	prettierConfigs = []string{".prettierrc", ".prettierrc.json", ".prettierrc.yml", ".prettierrc.yaml",
		".prettierrc.json5", ".prettierrc.js",
		".prettierrc.mjs", ".prettierrc.cjs", ".prettierrc.toml", "prettier.config.js", "prettier.config.mjs",
		"prettier.config.cjs", "prettier.config.ts"}
	biomeConfigs = []string{"biome.json", "biome.jsonc"}
)

// configured returns the configuration file of a tool, or "" if the file or the dependency is missing.
func (u *unit) configured(dependency string, files []string) string {
	if !u.root.has(dependency) {
		return ""
	}
	for _, name := range files {
		if u.project.Exists(u.path(name)) {
			return u.path(name)
		}
	}
	return ""
}

// inferStyle plans style by configuration files, if no script checks sources, and no pipeline says what is checked. The
// configuration of a formatter alone does not say that anything is: it is for format.
func (u *unit) inferStyle() {
	if u.pipeline.checks() && !u.pipeline.hidden {
		u.absent("style", fmt.Sprintf("%s runs checks, and none of style", u.pipeline.calls[0].file))
		return
	}
	u.infer("style", u.configured("eslint", eslintConfigs), "eslint", ".")
	u.infer("style", u.configured("@biomejs/biome", biomeConfigs), "biome", "check", ".")
	for _, linter := range []string{"xo", "standard"} {
		if u.root.has(linter) && u.calls(linter) {
			u.infer("style", u.root.file(), linter)
		}
	}
	// A tsconfig.json with references has no files of its own to check.
	if file := u.configured("typescript", []string{"tsconfig.json"}); file != "" {
		if text, _ := u.project.Read(file); !strings.Contains(text, `"references"`) {
			u.infer("style", file, "tsc", "--noEmit")
		}
	}
}

// calls reports whether a script runs a program. Some linters need no configuration, so only a script shows
// that they are meant for the sources.
func (u *unit) calls(program string) bool {
	for name := range u.root.Scripts {
		if u.root.script(name).any(func(c command) bool { return c[0] == program && !c.rewrites() }) {
			return true
		}
	}
	return false
}

func (u *unit) inferFormat() {
	u.infer("format", u.configured("prettier", prettierConfigs), "prettier", "--write", ".")
	if !u.Offers("format") {
		u.infer("format", u.configured("@biomejs/biome", biomeConfigs), "biome", "format", "--write", ".")
	}
}

// infer adds a step that is inferred from a file.
func (u *unit) infer(target, because string, words ...string) {
	if because == "" {
		return
	}
	id := words[0]
	if target == "format" {
		id += "-write"
	}
	u.add(target, id, u.program(words...))
	line := strings.Join(words, " ")
	u.note("%s runs %q, because of %s", target, line, because)
	why := "inferred: " + line
	if old := u.About[target].Why; old != "" {
		why = old + ", " + line
	}
	u.About[target] = plan.About{Why: why, Source: because}
}
