package node

import "slices"

// fixing are the flags with which linters and formatters rewrite files.
var fixing = []string{"--fix", "--write", "--apply", "--apply-unsafe", "--unsafe", "--fix-dangerously",
	"--autofix", "--fix-type", "--fix-suggestions"}

// checking are the flags with which formatters only list files. "-c" is a configuration to others.
var checking = map[string][]string{
	"prettier": {"--check", "-c", "--list-different", "-l"}, "prettierx": {"--check", "-c", "--list-different", "-l"},
	"oxfmt": {"--check", "--list-different"}, "dprint": {"--check"}, "deno": {"--check"}, "pretty-quick": {"--check"},
	"sort-package-json": {"--check", "-c"},
}

// onlyChecks reports whether a formatter is told to list files and to write none.
func (c command) onlyChecks() bool { return c.flag(checking[c[0]]...) }

// rewrites reports whether a command rewrites files of the project.
func (c command) rewrites() bool {
	if c.flag(fixing...) {
		return true
	}
	switch c[0] {
	case "prettier", "prettierx":
		return c.flag("-w")
	case "oxfmt", "pretty-quick", "sort-package-json":
		return !c.onlyChecks()
	case "dprint", "deno":
		return c.does("fmt") && !c.onlyChecks()
	case "gts", "manypkg", "ultracite", "eclint":
		return c.does("fix")
	case "vue-cli-service":
		return c.does("lint") && !c.flag("--no-fix")
	case "lint-staged":
		return true
	}
	return false
}

// does reports whether a word is the first argument of a command.
func (c command) does(word string) bool { return len(c) > 1 && c[1] == word }

// checkers are programs that check sources and change none of them without a special flag.
var checkers = []string{
	"eslint", "tslint", "oxlint", "xo", "standard", "semistandard", "ts-standard", "stylelint",
	"markdownlint", "markdownlint-cli2", "cspell", "tsc", "tsgo", "vue-tsc", "svelte-check", "tsd", "tstyche",
	"attw", "publint", "knip", "depcheck", "madge", "ls-lint", "jshint", "flow", "gts", "remark", "alex",
	"lockfile-lint", "editorconfig-checker", "sherif", "syncpack", "manypkg", "solhint", "htmlhint", "textlint",
	"ultracite", "eclint", "pretty-quick", "sort-package-json", "jscpd", "depcruise", "secretlint", "license-checker",
	"linthtml", "ejslint", "yamllint", "jsonlint", "ec", "skott", "unimported", "dpdm",
}

// checks reports whether a command is known to check sources and to change none.
func (c command) checks() bool {
	if c.rewrites() {
		return false
	}
	switch c[0] {
	case "prettier", "prettierx", "oxfmt":
		return c.onlyChecks()
	case "dprint", "deno":
		return c.onlyChecks() || c.does("check") || c.does("lint")
	case "biome", "rome":
		return c.does("check") || c.does("lint") || c.does("format") || c.does("ci")
	case "vue-cli-service", "next", "ng":
		return c.does("lint")
	case "tsc", "vue-tsc", "tsgo":
		return !c.flag("--watch", "-w")
	case "npm", "pnpm", "yarn":
		return false
	}
	return slices.Contains(checkers, c[0])
}

// listing returns the call of a formatter that only lists files, with the flag where the one that writes was.
func (c command) listing() command {
	at := slices.IndexFunc(c, func(word string) bool { return word == "-w" || (command{word}).flag(fixing...) })
	out := c.without(append([]string{"-w"}, fixing...)...)
	if out.onlyChecks() {
		return out
	} else if at < 0 {
		return append(out, "--check")
	}
	return slices.Insert(out, at, "--check")
}

// fixers are programs that only check without the flags that make them rewrite files.
var fixers = []string{
	"eslint", "tslint", "stylelint", "xo", "standard", "semistandard", "ts-standard", "oxlint", "biome", "rome",
	"markdownlint", "markdownlint-cli2", "textlint", "knip", "sherif", "deno", "npm", "pnpm", "yarn", "bun", "turbo",
}

// readOnly returns the same check as a command that rewrites no file, or false if it is not certain how to call it.
func (c command) readOnly() (command, bool) {
	kept := c.withoutValues("--fix-type").without(fixing...)
	switch c[0] {
	case "prettier", "prettierx", "oxfmt", "pretty-quick", "sort-package-json":
		return c.listing(), true
	case "dprint":
		return append(command{"dprint", "check"}, kept[min(2, len(kept)):]...), c.does("fmt")
	case "gts", "manypkg", "ultracite", "eclint":
		verb := map[bool]string{true: "lint", false: "check"}[c[0] == "gts"]
		return append(command{c[0], verb}, kept[min(2, len(kept)):]...), c.does("fix")
	case "vue-cli-service":
		return append(kept, "--no-fix"), c.does("lint")
	case "next", "ng":
		return kept, c.does("lint")
	}
	if c[0] == "deno" && c.does("fmt") {
		return append(command{"deno", "fmt", "--check"}, kept[2:]...), true
	}
	return kept, slices.Contains(fixers, c[0])
}
