package make

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// inProject returns the path in the project of a name as seen by make in a folder. It returns false for a
// path outside of the project.
func inProject(dir, name string) (string, bool) {
	if name == "" || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\\x00") {
		return "", false
	}
	clean := path.Join(dir, name)
	return clean, clean != ".." && !strings.HasPrefix(clean, "../")
}

// wildcards returns the files that match the patterns, as seen from the folder that make runs in.
func (v *variables) wildcards(patterns string) []string {
	var out []string
	for _, p := range strings.Fields(patterns) {
		full, ok := inProject(v.dir, p)
		if !ok || v.spend(len(p)) {
			continue
		}
		for _, name := range v.glob("", strings.Split(full, "/")) {
			out = append(out, strings.TrimPrefix(name, strings.TrimPrefix(v.dir+"/", "./")))
		}
	}
	return out
}

// glob returns the files that match a pattern. It lists only the folders that the pattern names.
func (v *variables) glob(dir string, parts []string) []string {
	var out []string
	for _, entry := range v.files.List(path.Join(".", dir)) {
		name := strings.TrimSuffix(entry, "/")
		if match, err := path.Match(parts[0], name); err != nil || !match || v.spend(len(name)) {
			continue
		}
		full := path.Join(dir, name)
		if len(parts) == 1 {
			out = append(out, full)
		} else if strings.HasSuffix(entry, "/") {
			out = append(out, v.glob(full, parts[1:])...)
		}
	}
	return out
}

// include reads the files that an include directive names. For -include and sinclude, must is false.
func (r *reader) include(names string, must bool, at string) {
	for _, f := range fields(names) {
		text, ok := r.vars.expand(f)
		if !ok {
			r.note("%s includes %q, which only make can find: targets in it are not known", at, f)
		}
		for _, name := range strings.Fields(text) {
			r.includeOne(name, must, at)
		}
	}
}

func (r *reader) includeOne(name string, must bool, at string) {
	found := []string{name}
	if strings.ContainsAny(name, "*?[") {
		found = r.vars.wildcards(name)
	}
	for _, f := range found {
		full, ok := inProject(r.vars.dir, f)
		if !ok {
			r.note("%s includes %q, which is outside of the project: targets in it are not known", at, f)
		} else if !r.readFile(full) && must {
			r.missing = append(r.missing, missing{f, at})
		}
	}
}

// A missing is a file that an include directive names and that does not exist.
type missing struct{ name, at string }

// noteMissing adds a note for each missing file, which says whether a rule makes it.
func (r *reader) noteMissing() {
	for _, m := range r.missing {
		if r.out.makes(m.name) {
			r.note("%s includes %s, which make makes first: targets in it are not known", m.at, m.name)
		} else {
			r.out.missingInclude = true
			r.note("%s includes %s, which is not there: make stops until something makes it", m.at, m.name)
		}
	}
}

// makes reports whether a rule or a pattern makes a file.
func (m *makefile) makes(name string) bool {
	if slices.ContainsFunc(m.rules, func(r *rule) bool { return r.name == name }) {
		return true
	}
	return slices.ContainsFunc(m.patterns, func(p string) bool { _, ok := stem(p, name); return ok })
}

func (r *reader) note(format string, args ...any) {
	if len(r.out.notes) < 20 {
		r.out.notes = append(r.out.notes, fmt.Sprintf(format, args...))
	}
}
