package node

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
	if !strings.HasPrefix(filter, "...") && !strings.HasSuffix(filter, "...") {
		return u.named(by, filter, m)
	}
	return once(u, by+" "+filter, func() map[*manifest]verdict { return u.related(by, filter) })[m]
}

// related returns the members that a filter with "..." has. With "^" those that it names are none of them.
func (u *unit) related(by, filter string) map[*manifest]verdict {
	named, found := map[*manifest]verdict{}, map[*manifest]verdict{}
	for _, m := range u.members {
		named[m] = u.named(by, trimmed(filter), m)
		if !strings.Contains(filter, "^") {
			found[m] = named[m]
		}
	}
	on, back := u.edges()
	if strings.HasSuffix(filter, "...") {
		spread(named, found, on)
	}
	if strings.HasPrefix(filter, "...") {
		spread(named, found, back)
	}
	return found
}

// trimmed returns a filter without "..." and "^": "./a" of "...^./a".
func trimmed(filter string) string {
	return strings.Trim(strings.TrimSuffix(strings.TrimPrefix(filter, "..."), "..."), "^")
}

// edges returns for each member those that it depends on, and those that depend on it.
func (u *unit) edges() (dependencies, dependents map[*manifest][]*manifest) {
	dependencies, dependents = map[*manifest][]*manifest{}, map[*manifest][]*manifest{}
	byName := map[string]*manifest{}
	for _, m := range u.members {
		byName[m.Name] = m
	}
	for _, m := range u.members {
		dependencies[m] = m.dependencies(byName)
		for _, on := range dependencies[m] {
			dependents[on] = append(dependents[on], m)
		}
	}
	return dependencies, dependents
}

// spread gives what is known of some members to those that edges lead to from there, also by way of others.
func spread(from, to map[*manifest]verdict, edges map[*manifest][]*manifest) {
	for start, v := range from {
		reach, seen := []*manifest{start}, map[*manifest]bool{start: true}
		for i := 0; v != missed && i < len(reach); i++ {
			for _, next := range edges[reach[i]] {
				if !seen[next] {
					seen[next], to[next] = true, max(to[next], v)
					reach = append(reach, next)
				}
			}
		}
	}
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
