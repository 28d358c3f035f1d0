package main

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A verdict is whether a script of the root does what a script of a member would do.
type verdict int

const (
	missed verdict = iota
	unclear
	reached
)

// A selector has the words by which a program runs scripts in members of a workspace.
type selector struct {
	always           bool     // without any word, too
	all              []string // in all members
	include, exclude []string // in those that the value names
	vague            []string // in those that changed, and the like
}

// selectors are the programs that run scripts in members. "-w" of pnpm is the root.
var selectors = map[string]selector{
	"npm": {all: []string{"-ws", "--workspaces"}, include: []string{"-w", "--workspace"}},
	"pnpm": {all: []string{"-r", "--recursive", "recursive", "multi"}, include: []string{"-F", "--filter", "--filter-prod"},
		vague: []string{"--changed-files-ignore-pattern"}},
	"bun": {all: []string{"--workspaces"}, include: []string{"-F", "--filter"}},
	"yarn": {all: []string{"workspaces"}, include: []string{"workspace", "--include"}, exclude: []string{"--exclude"},
		vague: []string{"--since", "--from", "--no-private", "--public", "-R", "--recursive"}},
	"turbo": {always: true, include: []string{"-F", "--filter", "--scope"}, exclude: []string{"--ignore"},
		vague: []string{"--affected", "--since"}},
	"lerna": {always: true, include: []string{"--scope"}, exclude: []string{"--ignore"}, vague: []string{"--since"}},
	"nx":    {always: true, include: []string{"-p", "--projects", "--project"}, exclude: []string{"--exclude"}, vague: []string{"affected"}},
}

// A selection is the members that a command runs in: all of them, if it includes none by name.
type selection struct {
	by               string // the program
	include, exclude []string
	vague            bool
}

// selection returns the members that a command runs in, and whether it runs in members at all.
func (c command) selection() (s selection, some bool) {
	by, known := selectors[c[0]]
	s.by, some = c[0], known && by.always
	for i := 1; known && i < len(c) && c[i] != "--"; i++ {
		flag, value, joined := strings.Cut(c[i], "=")
		includes, excludes := slices.Contains(by.include, flag), slices.Contains(by.exclude, flag)
		if (includes || excludes) && !joined && i+1 < len(c) {
			i++
			value = c[i]
		}
		s.add(value, includes, excludes)
		s.vague = s.vague || slices.Contains(by.vague, flag)
		some = some || includes || slices.Contains(by.all, flag) && value != "false"
	}
	if s.by == "nx" && len(s.include) == 0 {
		s.include = c.project()
	}
	return s, some
}

// add adds the members that a value names: "a", "!a", "a,b" of nx.
func (s *selection) add(value string, includes, excludes bool) {
	values := []string{value}
	if s.by == "nx" {
		values = strings.Split(value, ",")
	}
	for _, one := range values {
		name, negated := strings.CutPrefix(one, "!")
		switch {
		case excludes || includes && negated:
			s.exclude = append(s.exclude, name)
		case includes:
			s.include = append(s.include, one)
		}
	}
}

// project returns the project that "nx test a" or "nx run a:test" runs in; "." without one.
func (c command) project() []string {
	words := c.positional()
	switch {
	case len(words) == 0 || slices.Contains([]string{"run-many", "affected"}, words[0]):
		return nil
	case words[0] == "run" && len(words) > 1:
		return []string{before(words[1], ":")}
	case len(words) > 1:
		return words[1:2]
	case strings.Contains(words[0], ":") && !strings.HasPrefix(words[0], "format:"):
		return []string{before(words[0], ":")}
	}
	return []string{"."}
}

// positional returns the words of a command that are neither flags nor select members, up to "--".
func (c command) positional() (words []string) {
	by := selectors[c[0]]
	for i := 1; i < len(c) && c[i] != "--"; i++ {
		switch {
		case slices.Contains(by.include, c[i]), slices.Contains(by.exclude, c[i]), slices.Contains(folderFlags, c[i]):
			i++
		case !strings.HasPrefix(c[i], "-"):
			words = append(words, c[i])
		}
	}
	return words
}

// selects returns whether a selection has a member.
func (u *unit) selects(s selection, m *manifest) (v verdict) {
	if len(s.include) == 0 {
		v = reached
	}
	for _, name := range s.include {
		v = max(v, u.picks(s.by, name, m))
	}
	for _, name := range s.exclude {
		v = min(v, reached-u.picks(s.by, name, m))
	}
	if s.vague {
		v = min(v, unclear)
	}
	return v
}

// picks returns whether a filter has a member: "a", "@x/*", "./packages/*", "a..." with all that it depends on, "...a" with
// all that depend on it.
func (u *unit) picks(by, filter string, m *manifest) verdict {
	if strings.ContainsAny(filter, "[$`(") {
		return unclear // those that changed since a commit, and what a shell expands
	}
	name, dependents := strings.CutPrefix(filter, "...")
	name, dependencies := strings.CutSuffix(name, "...")
	plain := strings.Trim(name, "^")
	if !dependents && !dependencies {
		return u.named(by, name, m)
	}
	v := missed
	if plain == name {
		v = u.named(by, plain, m)
	}
	for _, other := range u.members {
		if dependents && u.depends(m, other) || dependencies && u.depends(other, m) {
			v = max(v, u.named(by, plain, other))
		}
	}
	return v
}

// depends reports whether a member depends on another one, also by way of others.
func (u *unit) depends(m, on *manifest) bool {
	byName := map[string]*manifest{}
	for _, one := range u.members {
		byName[one.Name] = one
	}
	seen := []*manifest{m}
	for i := 0; i < len(seen); i++ {
		for _, next := range seen[i].dependencies(byName) {
			if !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	return m != on && slices.Contains(seen, on)
}

// named returns whether a name, a folder or a pattern means a member.
func (u *unit) named(by, name string, m *manifest) verdict {
	dir, braces := strings.CutPrefix(name, "{")
	dir = strings.TrimSuffix(dir, "}")
	switch {
	case name == m.Name || u.matchesName(by, name, m):
		return reached
	case braces && strings.ContainsAny(dir, ",{"), strings.ContainsAny(name, "{") && !strings.HasPrefix(name, ".") && !braces:
		return unclear
	case braces, strings.HasPrefix(name, "."), !strings.HasPrefix(name, "@") && strings.Contains(name, "/"), by == "npm":
		return u.inFolder(by, dir, m)
	case by == "nx" && !u.isMember(name):
		return unclear // a project may have another name, or a tag
	}
	return missed
}

// matchesName reports whether a name with "*", or without the scope, means a member.
func (u *unit) matchesName(by, name string, m *manifest) bool {
	scope, short, scoped := strings.Cut(m.Name, "/")
	ok, _ := path.Match(name, m.Name)
	spans, _ := path.Match(strings.ReplaceAll(name, "/", ":"), strings.ReplaceAll(m.Name, "/", ":"))
	return ok || spans && by != "lerna" || by != "npm" && by != "lerna" && scoped && scope != "" && name == short ||
		by == "nx" && name == path.Base(m.Dir)
}

// inFolder returns whether a folder or a pattern of folders means a member. The one above it may do so, and does for npm.
func (u *unit) inFolder(by, name string, m *manifest) verdict {
	dir := path.Join(u.root.Dir, name)
	switch {
	case matchPath(strings.Split(dir, "/"), strings.Split(m.Dir, "/")):
		return reached
	case !sdk.Inside(m.Dir, dir):
		return missed
	case by == "npm":
		return reached
	}
	return unclear
}

// isMember reports whether a name means a member.
func (u *unit) isMember(name string) bool {
	return name == "." || slices.ContainsFunc(u.members, func(m *manifest) bool { return m.Name == name || u.matchesName("nx", name, m) })
}
