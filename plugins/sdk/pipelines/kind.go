package pipelines

import (
	"path"
	"slices"
	"strings"
	"sync"
)

// The kinds of checks, by the targets that they belong to.
const (
	Test     = "test"
	Style    = "style"
	Security = "security"
)

// checkTools are the tools of each kind, as Call.Does names them. A name with a verb is meant with that verb only.
var checkTools = map[string][]string{
	Test: {"go test", "cargo test", "cargo miri", "cargo mutants", "cargo careful", "pytest", "node --test", "jest", "vitest", "mocha",
		"ava", "tap", "tape", "karma", "cypress", "playwright", "bats", "ctest", "ginkgo", "phpunit", "pest", "rspec",
		"deno test", "dotnet test", "swift test", "zig test", "gradle test", "mvn test", "mvn verify", "wasm-pack test", "uvu",
		"testcafe", "nightwatch", "behave", "robot", "newman", "k6", "qunit", "tsd", "attw", "publint", "doctest", "sybil",
		"venom", "hurl", "promptfoo", "chainsaw", "cibuildwheel", "cargo check", "cargo hack", "cargo minimal-versions", "cargo insta", "cargo kani", "coverage report", "busted", "prove"},
	Style: {"go vet", "go mod", "gofmt", "gofumpt", "goimports", "golangci-lint", "staticcheck", "revive", "errcheck", "golint",
		"ineffassign", "misspell", "gocyclo", "nilaway", "gci", "golines", "buf lint", "buf breaking",
		"cargo fmt", "cargo clippy", "cargo doc", "cargo machete", "cargo udeps", "cargo shear", "cargo sort", "cargo semver-checks",
		"cargo spellcheck", "cargo rdme", "cargo msrv", "cargo hakari", "cargo public-api", "cargo docs-rs", "cargo rustdoc", "cargo dylint", "cargo deadlinks", "cargo check-external-types", "cargo unused-features", "taplo",
		"ruff", "ruff check", "ruff format", "black", "isort", "flake8", "pylint", "mypy", "pyright", "basedpyright", "pyrefly", "ty",
		"ty check", "pytype", "pydocstyle", "pycodestyle", "vulture", "interrogate", "pyupgrade", "docformatter", "autoflake",
		"djlint", "mdformat", "check-manifest", "twine check", "deptry", "import-linter", "lint-imports", "validate-pyproject", "sphinx-lint", "sphinx-build", "mkdocs", "doc8", "rstcheck", "vale", "linkchecker", "markdown-link-check",
		"eslint", "prettier", "tsc", "vue-tsc", "svelte-check", "biome", "oxlint", "xo", "standard", "stylelint", "knip", "jscpd",
		"madge", "depcheck", "dprint", "markdownlint", "markdownlint-cli2", "cspell", "typos", "codespell", "textlint", "alex",
		"lychee", "ls-lint", "commitlint", "yamllint", "actionlint", "zizmor", "hadolint", "shellcheck", "shfmt", "editorconfig-checker",
		"sqlfluff", "tflint", "terraform fmt", "terraform validate", "rubocop", "phpstan", "psalm", "php-cs-fixer", "ktlint", "detekt",
		"reuse", "addlicense", "pre-commit", "super-linter", "megalinter", "trunk check", "sonar-scanner", "ansible-lint", "nbqa", "hatch fmt", "deno fmt", "rye fmt", "dotnet format", "mix format", "dart format", "api-extractor", "size-limit", "type-coverage", "luacheck", "stylua", "perlcritic", "phpcs", "pint", "standardrb", "clang-format", "clang-tidy", "cppcheck"},
	Security: {"govulncheck", "gosec", "cargo audit", "cargo deny", "cargo vet", "bandit", "safety", "pip-audit", "npm audit", "yarn audit", "pnpm audit",
		"semgrep", "trivy", "grype", "snyk", "gitleaks", "trufflehog", "osv-scanner", "nancy", "codeql", "dependency-review", "snyk test",
		"go mod verify"},
}

// kindOf returns the kind of each of these tools.
var kindOf = sync.OnceValue(func() map[string]string {
	kinds := map[string]string{}
	for kind, tools := range checkTools {
		for _, tool := range tools {
			kinds[tool] = kind
		}
	}
	return kinds
})

// Words that say in the name of a task or script what kind of check it is, and words that say that it is none.
var (
	testWords = strings.Fields("test tests testing e2e integration unit spec specs smoke functional acceptance regression " +
		"conformance pytest doctest doctests selftest")
	styleWords = strings.Fields("lint linter linters linting style codestyle checkstyle vet typecheck typing types mypy ruff clippy eslint " +
		"staticcheck golangci spelling spellcheck check checks verify validate fmtcheck checkfmt")
	securityWords = strings.Fields("security audit vulncheck sast")
	otherWords    = strings.Fields("setup install deps dependencies clean image images docker report reports upload badge publish results " +
		"update data db database fixture fixtures prepare bootstrap init env up down start stop serve server wait release deploy build " +
		"generate gen download fetch watch fix cache tools prereqs prerequisites outdated changed changes version tag commit message health healthcheck summary logs " +
		"reporter result configure autogen binfmt qemu")
)

// Checks returns those of the things that a command does, as Does names them, that belong to a target: Test, Style or
// Security. Tasks and scripts are known by the words of their names.
func (c Call) Checks(kind string) (does []string) {
	if c.Compared && kind == Style {
		return []string{strings.Join(c.Words, " ") + " and git diff"}
	}
	if c.writes() || c.Compared {
		return nil
	}
	for _, one := range c.Does() {
		if c.kindOf(one) == kind {
			does = append(does, one)
		}
	}
	return does
}

// kindOf returns the target that one of the things belongs to, or "".
func (c Call) kindOf(does string) string {
	first, name, _ := strings.Cut(does, " ")
	verb, _, _ := strings.Cut(name, " ")
	switch {
	case kindOf()[does] != "":
		return kindOf()[does]
	case strings.HasPrefix(does, "cmake -D"), strings.HasPrefix(does, "meson -D"):
		return Test // whether it compiles, and its tests
	case kindOf()[first+" "+verb] != "":
		return kindOf()[first+" "+verb]
	case kindOf()[first] != "":
		return kindOf()[first]
	case slices.Contains(taskRunners, first) || first == "script" || isInterpreter(first):
		return KindOfName(name)
	case strings.Contains(c.Words[0], "/") && !isMade(c.Words[0]):
		return KindOfName(first)
	case first == "docker":
		return containedKind(plain(c.Words))
	}
	if slices.Contains(withNames, path.Base(first)) {
		return ""
	}
	return verbKinds[firstArgument(plain(c.Words))]
}

// withNames are programs whose arguments are names, of databases and of services.
var withNames = strings.Fields("createdb dropdb createuser psql mysql mysqladmin mongosh redis-cli kubectl systemctl service useradd conda mamba")

// verbKinds are the kinds of the checks that programs which are not known make by these first arguments: "mix test",
// "helm lint".
var verbKinds = map[string]string{"test": Test, "lint": Style, "validate": Style, "typecheck": Style}

// KindOfName returns the kind of the check that a task or script is by its name: "test:e2e", "scripts/lint.py"; "" if it is
// none, or not known.
func KindOfName(name string) string {
	switch {
	case NameHas(name, otherWords):
		return ""
	case NameHas(name, securityWords):
		return Security
	case NameHas(name, styleWords):
		return Style
	case NameHas(name, testWords):
		return Test
	}
	return ""
}

// MayCheck reports whether the name of a task or script does not say that it is no check, as "build" and "release" do.
func MayCheck(name string) bool { return !NameHas(name, otherWords) }

// NameHas reports whether one of some words is in the name of a task or script.
func NameHas(name string, list []string) bool {
	name = strings.TrimSuffix(path.Base(name), path.Ext(name))
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("-_:./ ", r) })
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(list, word) })
}

// isMade reports whether a program is one that a build made, or whose name is computed.
func isMade(program string) bool {
	return strings.ContainsAny(program, "$") || slices.ContainsFunc(strings.Split(path.Dir(program), "/"), func(dir string) bool {
		return slices.Contains([]string{"target", "dist", "bin", "build", "out"}, dir)
	}) && !strings.HasPrefix(program, "./bin/") && !strings.HasPrefix(program, "bin/")
}

// checking are the options by which formatters only check.
var checking = map[string][]string{
	"prettier": {"--check", "-c", "-l", "--list-different"}, "black": {"--check", "--diff"}, "ruff format": {"--check", "--diff"},
	"isort": {"-c", "--check", "--check-only", "--diff"}, "gofmt": {"-l", "-d"}, "goimports": {"-l", "-d"}, "gofumpt": {"-l", "-d"},
	"cargo fmt": {"--check"}, "shfmt": {"-d", "-l"}, "go mod": {"-diff", "verify"}, "taplo": {"--check", "check", "lint"},
	"tsc": {"--noEmit", "--noemit"}, "vue-tsc": {"--noEmit"}, "dprint": {"check"}, "clang-format": {"--dry-run", "-n"}, "terraform fmt": {"-check"},
	"hatch fmt": {"--check"}, "deno fmt": {"--check"}, "rye fmt": {"--check"}, "dotnet format": {"--verify-no-changes"}, "mix format": {"--check-formatted"},
	"dart format": {"--set-exit-if-changed"}, "mdformat": {"--check"}, "docformatter": {"--check", "-c"}, "autoflake": {"--check", "-c"}, "pyupgrade": {},
	"sphinx-build": {"-W", "-nW", "--fail-on-warning", "linkcheck", "doctest"}, "mkdocs": {"--strict", "-s"},
	"sqlfluff": {"lint"}, "golangci-lint": {"run", "fmt", "config"}, "biome": {"check", "ci", "lint", "format"},
}

// writes reports whether a command rewrites what it could check, or asks its tool for no check.
func (c Call) writes() bool {
	words := plain(c.Words)
	has := func(options ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(options, w) })
	}
	if has("--version", "--help", "install", "--write", "--fix", "--install-types", "--collect-only", "--no-run", "init", "help") ||
		has("-c") && isInterpreter(path.Base(words[0])) || isMade(words[0]) {
		return true
	}
	for _, tool := range c.Does() {
		if tool == "cargo doc" && !slices.ContainsFunc(c.Env, func(v string) bool { return strings.Contains(v, "-D") || strings.Contains(v, "deny") }) {
			return true // it makes documents
		}
		options, ok := checking[tool]
		asked := has(options...) || slices.ContainsFunc(options, func(o string) bool {
			return strings.HasPrefix(o, "-") && slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, o+"=") })
		})
		if ok && !asked && (len(words) > 1 || strings.HasSuffix(tool, "tsc")) { // an action has no options
			return true
		}
	}
	return false
}
