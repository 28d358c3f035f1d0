package node

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A script is one script of package.json with the scripts that it calls.
type script struct {
	name      string
	text      string
	whole     string      // its text and, on lines of their own, those of the scripts that it calls
	inMembers bool        // it is a script of workspace members and not of the root
	owners    []*manifest // the packages whose script it is
	commands  []command   // all commands that it runs, also by calling scripts, each without its wrappers
	located   []located   // those that call no script of its package, with their folders, and those in the arguments of others
	delegates []delegate  // what it runs of packages in other folders, which are relative to its own
	dirs      []string    // the folders that it runs commands in, relative to the package
	calls     []string    // the names of the scripts that it calls, itself first
}

// script returns a script with all that it calls.
func (m *manifest) script(name string) script {
	s := script{name: name, text: m.Scripts[name], owners: []*manifest{m}}
	m.follow(name, &s)
	return s
}

// follow adds the commands of a script and, once each, of those that it calls and of its pre and post
// scripts.
func (m *manifest) follow(name string, s *script) {
	if slices.Contains(s.calls, name) || m.Scripts[name] == "" {
		return
	}
	s.calls = append(s.calls, name)
	s.whole += m.Scripts[name] + "\n"
	m.follow("pre"+name, s)
	for _, c := range locate(m.Scripts[name]) {
		s.delegates = append(s.delegates, c.delegates()...)
		s.dirs = append(s.dirs, c.entered()...)
		var called []string
		if c.dir == "" {
			called = m.called(c.command)
		}
		if _, watches := c.once(); len(called) == 0 || watches || c.rewrites() {
			s.commands = append(s.commands, c.command)
		}
		if len(called) == 0 || c.command[0] == "concurrently" {
			s.located = append(s.located, m.expanded(c)...)
		}
		for _, next := range called {
			m.follow(next, s)
		}
	}
	m.follow("post"+name, s)
}

// expanded returns a command or, for concurrently, those in its arguments that call no script of the package.
func (m *manifest) expanded(c located) (all []located) {
	if c.command[0] != "concurrently" {
		return []located{c}
	}
	for _, word := range c.command[1:].withoutValues("-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-s", "--success") {
		for _, one := range locate(word) {
			if !strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "npm:") && len(m.called(one.command)) == 0 {
				all = append(all, one)
			}
		}
	}
	return all
}

// called returns the scripts that a command calls.
func (m *manifest) called(c command) []string {
	if _, some := c.selection(); len(c) < 2 || c.folder() != "" || some || c[0] == "bun" && c[1] == "test" {
		return nil // "bun test" is a test runner
	}
	switch c[0] {
	case "npm", "pnpm", "yarn", "bun":
		return m.matching(c.scriptName())
	case "node":
		return m.matching(c.value("--run"))
	case "run-s", "run-p", "npm-run-all", "npm-run-all2", "wireit":
		return m.matching(c[1:]...)
	case "concurrently":
		return m.concurrent(c[1:])
	}
	return nil
}

// scriptName returns the script that "npm run x", "pnpm x", "yarn x" or "npm test" calls, or "".
func (c command) scriptName() string {
	if len(c) < 2 || !slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, c[0]) {
		return ""
	}
	rest := c[1:].afterFlags()
	if len(rest) > 1 && (rest[0] == "run" || rest[0] == "run-script") {
		rest = rest[1:].afterFlags()
	} else if c[0] == "npm" && len(rest) > 0 && !slices.Contains([]string{"test", "t", "start"}, rest[0]) {
		return ""
	}
	if len(rest) == 0 {
		return ""
	} else if rest[0] == "t" {
		return "test"
	}
	return rest[0]
}

// matching returns the scripts with the names. In a name, "*" matches letters ("lint:*"), and /…/ is a
// regular expression.
func (m *manifest) matching(words ...string) (out []string) {
	for _, word := range words {
		if m.Scripts[word] != "" {
			out = append(out, word)
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(m.Scripts)) {
			if matches(word, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func matches(pattern, name string) bool {
	if inner, ok := strings.CutPrefix(pattern, "/"); ok && strings.HasSuffix(inner, "/") {
		re, err := regexp.Compile(strings.TrimSuffix(inner, "/"))
		return err == nil && re.MatchString(name)
	}
	if !strings.Contains(pattern, "*") || strings.HasPrefix(pattern, "-") {
		return false
	}
	// A colon separates parts of a name, as a slash does in a path: "lint:*" does not match "lint:a:b",
	// "lint:**" does.
	if before, ok := strings.CutSuffix(pattern, "**"); ok {
		return strings.HasPrefix(name, before)
	}
	ok, err := path.Match(strings.ReplaceAll(pattern, ":", "/"), strings.ReplaceAll(name, ":", "/"))
	return err == nil && ok
}

// concurrent returns the scripts that concurrently calls: "npm:lint:*", "npm run lint".
func (m *manifest) concurrent(words []string) (out []string) {
	for _, word := range words {
		if name, ok := strings.CutPrefix(word, "npm:"); ok {
			out = append(out, m.matching(name)...)
			continue
		}
		for _, c := range split(word) {
			out = append(out, m.called(c.unwrapped())...)
		}
	}
	return out
}

// includes reports whether the script calls another.
func (s script) includes(other script) bool {
	return s.name != other.name && slices.Contains(s.calls, other.name)
}

// any reports whether the condition holds for one of the commands.
func (s script) any(is func(command) bool) bool { return slices.ContainsFunc(s.commands, is) }

// all reports whether there are commands and the condition holds for all of them.
func (s script) all(is func(command) bool) bool {
	return len(s.commands) > 0 && !slices.ContainsFunc(s.commands, func(c command) bool { return !is(c) })
}
