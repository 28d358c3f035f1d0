package main

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// script is one script of package.json, with all that it comes to.
type script struct {
	name      string
	text      string
	inMembers bool      // it stands in members of the workspace and not in the root
	commands  []command // all that it runs, the ones of the scripts that it calls included, each without its wrappers
	calls     []string  // the names of the scripts that it calls, itself first
}

// script finds a script and looks through what it calls.
func (m *manifest) script(name string) script {
	s := script{name: name, text: m.Scripts[name]}
	m.follow(name, &s)
	return s
}

// follow adds the commands of one script and, once each, of the ones that it calls, its pre and post scripts included.
func (m *manifest) follow(name string, s *script) {
	if slices.Contains(s.calls, name) || m.Scripts[name] == "" {
		return
	}
	s.calls = append(s.calls, name)
	m.follow("pre"+name, s)
	for _, c := range split(m.Scripts[name]) {
		c = c.unwrapped()
		called := m.called(c)
		if len(called) == 0 || c.rewrites() {
			s.commands = append(s.commands, c)
		}
		for _, next := range called {
			m.follow(next, s)
		}
	}
	m.follow("post"+name, s)
}

// called are the scripts that a command calls.
func (m *manifest) called(c command) []string {
	if len(c) < 2 {
		return nil
	}
	switch c[0] {
	case "npm", "pnpm", "yarn", "bun":
		return m.calledBy(c)
	case "node":
		return m.matching(c.value("--run"))
	case "run-s", "run-p", "npm-run-all", "npm-run-all2", "wireit":
		return m.matching(c[1:]...)
	case "concurrently":
		return m.concurrent(c[1:])
	}
	return nil
}

// calledBy are the scripts behind "npm run x", "pnpm x", "yarn x", "npm test".
func (m *manifest) calledBy(c command) []string {
	rest := c[1:].afterFlags()
	if len(rest) > 1 && (rest[0] == "run" || rest[0] == "run-script") {
		rest = rest[1:].afterFlags()
	} else if c[0] == "npm" && len(rest) > 0 && !slices.Contains([]string{"test", "t", "start"}, rest[0]) {
		return nil
	}
	if len(rest) == 0 {
		return nil
	}
	if rest[0] == "t" {
		return m.matching("test")
	}
	return m.matching(rest[0])
}

// matching are the scripts with these names, in which "*" stands for letters, "lint:*", and /…/ is a regular expression.
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
	// A colon parts names as a slash parts paths: "lint:*" is not "lint:a:b", "lint:**" is.
	if before, ok := strings.CutSuffix(pattern, "**"); ok {
		return strings.HasPrefix(name, before)
	}
	ok, err := path.Match(strings.ReplaceAll(pattern, ":", "/"), strings.ReplaceAll(name, ":", "/"))
	return err == nil && ok
}

// concurrent are the scripts that concurrently calls: "npm:lint:*", "npm run lint".
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

// includes tells whether the script calls another.
func (s script) includes(other script) bool {
	return s.name != other.name && slices.Contains(s.calls, other.name)
}

// any tells whether one of the commands is such.
func (s script) any(is func(command) bool) bool { return slices.ContainsFunc(s.commands, is) }

// all tells whether there are commands, and all are such.
func (s script) all(is func(command) bool) bool {
	return len(s.commands) > 0 && !slices.ContainsFunc(s.commands, func(c command) bool { return !is(c) })
}
