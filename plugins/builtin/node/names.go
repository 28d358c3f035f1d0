package node

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/taskname"
)

// names are the usual names of the scripts for each target, the likeliest first.
var names = map[string][]string{
	"build": {"build", "compile", "bundle"},
	"test":  {"test", "tests"},
	"test-unit": {"test:unit", "test-unit", "unit", "unit-test", "unit-tests", "tests:unit",
		"unit:test"},
	"test-integration": {"test:integration", "test:int", "integration", "test-integration",
		"integration-test", "integration-tests", "test:it", "tests:integration"},
	"test-functional": {"e2e", "test:e2e", "test-e2e", "test:functional", "test-functional", "functional",
		"test:acceptance", "acceptance",
		"cypress:run", "cypress", "test:cypress", "playwright", "test:playwright", "tests:e2e"},
	"style": {"lint", "lint:check", "check:lint", "lint-check", "check-lint", "style", "eslint",
		"lint:eslint", "tslint", "stylelint", "lint:css", "xo", "standard",
		"typecheck", "type-check", "check:types", "check-types", "types:check", "check:type", "typecheck:all",
		"tsc", "lint:types", "lint:ts", "lint:js", "format:check", "format-check", "check:format",
		"check-format", "fmt:check", "check:fmt", "prettier:check", "check:prettier", "prettier-check",
		"lint:prettier", "prettier:lint", "format:ci", "lint:format",
		"test:lint", "test:types", "test:type", "test:tsc", "test:tsd", "test:typescript", "test:eslint",
		"test:format", "test:prettier"},
	"format": {"format", "fmt", "format:write", "format:fix", "format:all", "prettier", "prettier:write",
		"prettier:fix", "prettify", "fix:format",
		"lint:fix", "lint-fix", "lintfix", "fix:lint", "eslint:fix", "style:fix", "fix"},
	"run":           {"start", "dev", "serve"},
	"watch":         {"watch", "dev"},
	"clean":         {"clean"},
	"complexity":    {"complexity", "check:complexity", "lint:complexity"},
	"security-sast": {"security-sast", "security:sast", "sast", "semgrep"},
	"security-dependency-scan": {"security-dependency-scan", "security:audit", "audit", "audit:ci",
		"audit-ci", "security:dependencies"},
	"upgrade": {"upgrade", "update-deps", "deps:update", "update:deps"},
	"init":    {"init"},
}

// names returns the names of the scripts of some packages for a target, the likeliest first.
func (u *unit) names(target string, of []*manifest) []string {
	if target != "style" {
		return names[target]
	}
	out := slices.Clone(names[target])
	for _, m := range of {
		for _, name := range slices.Sorted(maps.Keys(m.Scripts)) {
			if !slices.Contains(out, name) && taskname.MayCheck(name) && m.script(name).all(func(c command) bool { return c.checks() && !u.emits(m, c) }) {
				out = append(out, name)
			}
		}
	}
	return out
}

// hooks are the scripts that package managers run by themselves.
var hooks = []string{
	"preinstall", "install", "postinstall", "preuninstall", "uninstall", "postuninstall", "prepublish",
	"prepublishOnly", "publish", "postpublish", "preprepare", "prepare", "postprepare", "prepack", "postpack",
	"preversion", "version", "postversion", "dependencies", "pnpm:devPreinstall",
}

// hook reports whether a package manager runs the script by itself: a lifecycle script, or a pre or post
// script.
func (m *manifest) hook(name string) bool {
	if slices.Contains(hooks, name) {
		return true
	}
	for _, before := range []string{"pre", "post"} {
		if rest, ok := strings.CutPrefix(name, before); ok && m.Scripts[rest] != "" {
			return true
		}
	}
	return false
}

// placeholder reports whether a test script is the one that "npm init" writes.
func placeholder(text string) bool { return strings.Contains(text, "no test specified") }
