package node

import (
	"slices"
	"strings"
)

// compilers are the programs that check types, and write what they compile unless they are told not to.
var compilers = []string{"tsc", "vue-tsc", "tsgo"}

// emits reports whether a command of a package writes what it compiles.
func (u *unit) emits(m *manifest, c command) bool {
	if !slices.Contains(compilers, c[0]) {
		return false
	}
	dir, sure := u.tsc(m, c)
	return dir != "" || !sure
}

// A reader makes commands of a package into checks that write nothing.
type reader struct {
	unit *unit
	of   *manifest
	// checked are the commands of other scripts that check. What one of these covers is left out.
	checked []command
	// types is whether a compiler may be told to write nothing, since nothing else of the script needs what it writes.
	types bool
	kept  int // commands that are left to run
}

// reader returns a reader for the commands of a script in one package.
func (u *unit) reader(s script, checks []script) *reader {
	r := &reader{unit: u, of: s.owners[0]}
	for _, other := range checks {
		if slices.Contains(other.owners, r.of) {
			r.checked = append(r.checked, r.of.script(other.name).commands...)
		}
	}
	r.types = !slices.ContainsFunc(names["build"], func(name string) bool { return slices.Contains(s.calls, name) }) &&
		s.all(func(c command) bool {
			return slices.Contains(compilers, c[0]) || slices.Contains(fixers, c[0]) || len(checking[c[0]]) > 0
		})
	return r
}

// writes reports whether a command has to be changed for a check, since it writes files or watches them.
func (r *reader) writes(c command) bool {
	_, watches := c.once()
	return watches || c.rewrites() || r.mayOmit(c) && r.unit.emits(r.of, c)
}

// read returns what a check runs in place of a command, and whether that is another one.
func (r *reader) read(c command) (replacement, bool) {
	if once, watches := c.once(); watches && len(once.words) > 0 {
		if more, changed := r.read(once.words); changed {
			return more, true
		}
		return once, true
	} else if watches {
		r.kept++
		return once, true
	}
	if !r.writes(c) {
		r.kept++
		return replacement{}, false
	}
	if !c.rewrites() {
		r.kept++
		return replacement{words: append(slices.Clone(c), "--noEmit")}, true
	}
	words, ok := c.readOnly()
	if !ok || slices.ContainsFunc(r.checked, words.coveredBy) {
		return replacement{}, true
	}
	r.kept++
	return replacement{words: words}, true
}

// mayOmit reports whether a compiler can be told to write nothing: not with the references between projects, and the
// declarations, that others read.
func (r *reader) mayOmit(c command) bool {
	if !r.types || !slices.Contains(compilers, c[0]) || c.flag("-b", "--build", "--emitDeclarationOnly", "-d", "--watch", "-w") {
		return false
	}
	text, ok := r.unit.project.Read(join(r.of.Dir, c.tsconfig()))
	return ok && !slices.ContainsFunc([]string{"emitDeclarationOnly", "composite", "references"},
		func(option string) bool { return strings.Contains(text, option) })
}

// coveredBy reports whether another command is the same check, of the same files or more.
func (c command) coveredBy(other command) bool {
	paths := other.paths()
	return other[0] == c[0] && (len(paths) == 0 || slices.Contains(paths, ".") ||
		!slices.ContainsFunc(c.paths(), func(name string) bool { return !slices.Contains(paths, name) }))
}

// paths returns the arguments of a command that are no flags.
func (c command) paths() command {
	return slices.DeleteFunc(slices.Clone(c[1:]), func(word string) bool { return strings.HasPrefix(word, "-") })
}
