package main

import "slices"

// fixing are the flags with which linters and formatters rewrite files.
var fixing = []string{"--fix", "--write", "--apply", "--apply-unsafe", "--unsafe", "--fix-dangerously",
	"--autofix", "--fix-type"}

// checking are the flags with which a formatter only lists files.
var checking = []string{"--check", "--list-different", "-l", "-c", "--diff", "--dry-run"}

// rewrites reports whether a command rewrites files of the project.
func (c command) rewrites() bool {
	if c.flag(fixing...) {
		return true
	}
	switch c[0] {
	case "prettier", "prettierx":
		return c.flag("-w")
	case "oxfmt":
		return !c.flag(checking...)
	case "dprint", "deno":
		return len(c) > 1 && c[1] == "fmt" && !c.flag("--check")
	case "gts":
		return len(c) > 1 && c[1] == "fix"
	case "sort-package-json":
		return !c.flag(checking...)
	}
	return false
}

// checkers are programs that check sources and change none of them without a special flag.
var checkers = []string{
	"eslint", "tslint", "oxlint", "xo", "standard", "semistandard", "ts-standard", "stylelint",
	"markdownlint", "markdownlint-cli2", "cspell", "tsc", "tsgo", "vue-tsc", "svelte-check", "tsd", "tstyche",
	"attw", "publint", "knip", "depcheck", "madge", "ls-lint", "jshint", "flow", "gts", "remark", "alex",
	"lockfile-lint", "editorconfig-checker", "sherif", "syncpack", "manypkg", "solhint", "htmlhint",
}

// checks reports whether a command is known to check sources and to change none.
func (c command) checks() bool {
	if c.rewrites() {
		return false
	}
	switch c[0] {
	case "prettier", "prettierx", "oxfmt", "dprint", "deno":
		return c.flag(checking...) || c[0] == "dprint" && c.flag("check") ||
			c[0] == "deno" && len(c) > 1 && (c[1] == "lint" || c[1] == "check")
	case "biome", "rome":
		return len(c) > 1 && slices.Contains([]string{"check", "lint", "format", "ci"}, c[1])
	case "tsc", "vue-tsc", "tsgo":
		return !c.flag("--watch", "-w")
	case "npm", "pnpm", "yarn":
		return false
	}
	return slices.Contains(checkers, c[0])
}

// readOnly returns the command without the flags that make it rewrite files, if that is certain to work.
func (c command) readOnly() (command, bool) {
	sure := []string{"eslint", "stylelint", "xo", "standard", "oxlint", "biome", "prettier", "markdownlint",
		"markdownlint-cli2"}
	if !slices.Contains(sure, c[0]) || !c.rewrites() {
		return nil, false
	}
	var out command
	for _, word := range c {
		switch {
		case c[0] == "prettier" && (word == "--write" || word == "-w"):
			out = append(out, "--check")
		case !(command{word}).flag(fixing...):
			out = append(out, word)
		}
	}
	return out, true
}
