package node

import (
	"path"
	"slices"
	"strings"
)

// worksOn returns whether a linter or a test runner, called in the root or below it, takes in the files of a member.
func (u *unit) worksOn(c located, m *manifest) verdict {
	dir := path.Join(u.root.Dir, c.dir)
	if slices.Contains(compilers, c.command[0]) {
		return u.compiles(dir, c.command, m)
	}
	s := once(u, dir+" "+strings.Join(c.command, "\x00"), func() scope { return u.scopeOf(dir, c.command) })
	in := len(s.paths) == 0 && near(dir, m.Dir) && !(c.command[0] == "mocha" && dir != m.Dir && !u.hasMocharc(dir))
	for _, one := range s.paths {
		in = in || touches(one, m.Dir)
	}
	if !in || slices.ContainsFunc(s.without, func(one string) bool { return covers(one, m.Dir) }) {
		return missed
	}
	return u.inProjects(c.command, m)
}

// inProjects returns whether the projects that vitest or jest is limited to have a member; those of vitest are called like
// the packages.
func (u *unit) inProjects(c command, m *manifest) verdict {
	name := c.value("--project", "--selectProjects")
	named := func(m *manifest) bool { return name == m.Name || name == path.Base(m.Dir) }
	switch {
	case name == "" || c[0] != "vitest" && c[0] != "jest" || named(m):
		return reached
	case slices.ContainsFunc(u.members, named):
		return missed
	}
	return unclear
}

// hasMocharc reports whether a folder has a configuration of mocha, which alone looks for tests only in its folder "test".
func (u *unit) hasMocharc(dir string) bool {
	text, _ := u.project.Read(join(dir, "package.json"))
	return strings.Contains(text, `"mocha": {`) || slices.ContainsFunc([]string{".js", ".cjs", ".mjs", ".json", ".jsonc", ".yml", ".yaml"},
		func(ext string) bool { return u.project.Exists(join(dir, ".mocharc"+ext)) })
}

// valued are the flags of linters and test runners whose next word is a value, and no file to work on.
var valued = strings.Fields("-c --config --ext --rulesdir --parser --parser-options --plugin --rule --env --global --max-warnings " +
	"-f --format -o --output-file --cache-location --cache-strategy --resolve-plugins-relative-to --ignore-path --log-level --loglevel " +
	"--project --selectProjects --import -r --require --loader --experimental-loader --env-file --test-reporter --test-reporter-destination --test-name-pattern " +
	"--test-concurrency --test-timeout -t --testNamePattern --environment --reporter --reporters -R --timeout -u --ui --extension -g " +
	"--grep --maxWorkers --coverageDirectory --coverage-directory --outputFile --config-path --stdin-filepath --customSyntax --custom-syntax")

// withVerb are linters and test runners whose first argument may be one of these verbs.
var (
	withVerb = strings.Fields("bun vitest playwright cypress biome deno gts ng next vue-cli-service")
	verbs    = strings.Fields("test run check ci lint format fmt related bench")
)

// excluding are their flags for files that are not worked on.
var excluding = strings.Fields("--ignore-pattern --ignore --exclude --testPathIgnorePatterns --test-coverage-exclude --disable-nested-config")

// A scope has the folders, files and patterns, relative to the project, that a linter or a test runner is limited to, and
// those that it is not to work on.
type scope struct{ paths, without []string }

// scopeOf returns what a command works on.
func (u *unit) scopeOf(dir string, c command) (s scope) {
	s.without = u.ignoredBy(dir, c[0])
	rest := c[1:].withoutValues(valued...)
	if len(rest) > 0 && slices.Contains(verbs, rest[0]) && slices.Contains(withVerb, c[0]) {
		rest = rest[1:]
	}
	for i, word := range rest {
		flag, value, joined := strings.Cut(word, "=")
		name, negated := strings.CutPrefix(word, "!")
		switch {
		case joined && slices.Contains(excluding, flag):
			s.without = append(s.without, path.Join(dir, value))
		case i > 0 && slices.Contains(excluding, rest[i-1]):
			s.without = append(s.without, path.Join(dir, word))
		case slices.Contains([]string{"--dir", "--root", "--rootDir", "--spec", "--projects", "--roots"}, flag) && joined:
			s.paths = append(s.paths, path.Join(dir, value))
		case strings.HasPrefix(word, "-"):
		case negated:
			s.without = append(s.without, path.Join(dir, name))
		case strings.ContainsAny(word, "/*") || word == "." || u.project.Exists(join(dir, word)):
			s.paths = append(s.paths, path.Join(dir, word))
		}
	}
	return s
}

// ignoredBy returns the patterns of the file with what a linter does not work on.
func (u *unit) ignoredBy(dir, program string) (patterns []string) {
	file := map[string]string{"eslint": ".eslintignore", "prettier": ".prettierignore", "stylelint": ".stylelintignore"}[program]
	if file == "" {
		return nil
	}
	text, _ := u.project.Read(join(dir, file))
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "!") {
			patterns = append(patterns, path.Join(dir, line))
		}
	}
	return patterns
}

// touches reports whether a path or a pattern may mean a file in a folder.
func touches(name, dir string) bool {
	if strings.Contains(name, "(") || unbalanced(name) {
		return true
	}
	pattern, parts := strings.Split(path.Clean(name), "/"), strings.Split(path.Clean(dir), "/")
	for i := range min(len(pattern), len(parts)) {
		switch {
		case pattern[i] == "." || pattern[i] == "**" || parts[i] == "." || boundless(pattern[i]):
			return true
		case !matchPart(pattern[i], parts[i]):
			return false
		}
	}
	return true
}

// boundless reports whether a part of a path stands for too many others.
func boundless(part string) bool {
	_, ok := alternatives(part)
	return !ok
}

// unbalanced reports whether a part of a path opens a brace that another one closes.
func unbalanced(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.Count(part, "{") != strings.Count(part, "}") })
}

// covers reports whether a pattern means all that is in a folder: "packages/**" of "packages/a".
func covers(name, dir string) bool {
	name = strings.TrimSuffix(strings.TrimSuffix(path.Clean(name), "/**/*"), "/**")
	if name == "." || name == "**" {
		return true
	}
	for at := dir; at != "."; at = path.Dir(at) {
		if matchPath(strings.Split(name, "/"), strings.Split(at, "/")) {
			return true
		}
	}
	return false
}
