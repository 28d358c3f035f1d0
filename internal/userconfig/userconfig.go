// Package userconfig reads what the configuration of a user says of package registries: their addresses, and the
// credentials for them. A step in a container gets that, and nothing else of the user's configuration.
//
// It reads the variables and files that package managers document. Of a file it keeps the entries that name
// registries, certificates and credentials: the rest, such as the folder of a cache, is about this machine.
//
// Two steps are equal if they get the same addresses and credentials for the same places. So what counts of a
// value is its text without user names, passwords and tokens: see Counted.
package userconfig

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/regular"
)

// A Source is where a configuration is read from.
type Source struct {
	// Env is the caller's environment, "NAME=value", and Home the home of the user.
	Env  []string
	Home string
	// Project is the absolute path of the project.
	Project string
	// Credential reports whether the value of a variable is a credential, by its name.
	Credential func(name string) bool
}

// A Config is what a step gets.
type Config struct {
	// Variables are values by name, and Counted what counts of them.
	Variables, Counted map[string]string
	// Files are the files by their path in the container, where "~/" is the home of the user there.
	Files map[string]File
	// Hidden are the credentials in all that, which no output may show.
	Hidden []string
	// Loopback are the variables and files with an address of the loopback interface, which in a container is
	// another one than here.
	Loopback []string
}

// A File is the content of a file, and what counts of it.
type File struct {
	Text    []byte
	Counted string
}

// maxFile is the size of the largest secret that an engine accepts.
const maxFile = 500 << 10

// Read returns what the package managers of the given names read, and more variables, by name. Files of the
// project can name further variables.
func (s Source) Read(tools, more, projectFiles []string) Config {
	r := &reader{Source: s, env: map[string]string{}, secret: map[string]bool{}, Config: Config{
		Variables: map[string]string{}, Counted: map[string]string{}, Files: map[string]File{},
	}}
	for _, pair := range environ.Join(s.Env) {
		name, value, _ := strings.Cut(pair, "=")
		r.env[name] = value
	}
	for _, name := range tools {
		r.addTool(known()[name])
	}
	r.addNamed(more)
	for _, name := range projectFiles {
		if text, err := r.read(filepath.Join(s.Project, filepath.FromSlash(name))); err == nil {
			r.addReferences(text)
		}
	}
	r.finish()
	return r.Config
}

// A reader collects a Config.
type reader struct {
	Source
	Config
	env    map[string]string
	secret map[string]bool // variables that are used as credentials, by name
}

// addTool adds what one package manager reads.
func (r *reader) addTool(t tool) {
	for _, name := range slices.Sorted(maps.Keys(r.env)) {
		if t.reads(name) {
			r.Variables[name] = r.env[name]
		}
	}
	for _, f := range t.files {
		r.addFile(f)
	}
	for _, name := range t.certificates {
		r.addCertificate(name)
	}
	if t.derive != nil {
		t.derive(r)
	}
}

// addNamed adds variables that are set, by name.
func (r *reader) addNamed(names []string) {
	for _, name := range names {
		if value, set := r.env[name]; set {
			r.Variables[name] = value
		}
	}
}

// addFile adds the first of the places of a file that there is. A variable that names another file, or none, ends
// the search.
func (r *reader) addFile(f file) {
	for _, place := range f.places {
		path := r.path(place)
		text, err := r.read(path)
		switch whole := strings.HasPrefix(place, "$") && !strings.Contains(place, "/"); {
		case err == nil:
			r.addText(f, text)
			return
		case whole && path == os.DevNull && f.variable != "":
			r.Variables[f.variable] = "/dev/null"
			return
		case whole && path != "":
			return
		}
	}
}

// addText adds what a step gets of the text of a file.
func (r *reader) addText(f file, text []byte) {
	if f.keep != nil {
		text = keep(text, f.keep())
	}
	if f.variable != "" {
		r.Variables[f.variable] = f.to
	}
	if len(text) > 0 || f.variable != "" {
		r.mount(f.to, text)
	}
}

// mount adds a file and what it names: variables and certificates.
func (r *reader) mount(to string, text []byte) {
	r.addReferences(text)
	expanded := r.expand(string(text))
	r.Files[to] = File{text, Counted(to, expanded)}
	r.Hidden = append(r.Hidden, credentials(to, expanded)...)
	if OnLoopback(expanded) {
		r.Loopback = append(r.Loopback, to)
	}
	for _, path := range certificatesIn(expanded) {
		r.mountCertificate(path, path)
	}
}

// addReferences adds the variables that a file names, as ${NAME}.
func (r *reader) addReferences(text []byte) {
	names := references(string(text))
	r.addNamed(names)
	used := strings.Join(credentials("", string(text)), "\n")
	for _, name := range names {
		if slices.Contains(references(used), name) {
			r.secret[name] = true
		}
	}
}

// addCertificate adds the file of a certificate that a variable names.
func (r *reader) addCertificate(variable string) {
	if path := r.env[variable]; path != "" && r.mountCertificate("/run/secrets/"+variable, path) {
		r.Variables[variable] = "/run/secrets/" + variable
	}
}

// mountCertificate adds the file of a certificate, of which only counts that it is there.
func (r *reader) mountCertificate(to, path string) bool {
	text, err := r.read(path)
	if err != nil || !strings.HasPrefix(to, "/") {
		return false
	}
	r.Files[to] = File{text, "set"}
	return true
}

// finish says what counts of the variables, and what is hidden of them.
func (r *reader) finish() {
	for name, value := range r.Variables {
		if r.secret[name] || r.Credential(name) {
			r.Counted[name] = "set"
			r.Hidden = append(r.Hidden, value)
			continue
		}
		r.Counted[name] = WithoutUser(value)
		r.Hidden = append(r.Hidden, passwords(value)...)
		if OnLoopback(value) {
			r.Loopback = append(r.Loopback, name)
		}
	}
	slices.Sort(r.Loopback)
	slices.Sort(r.Hidden)
	r.Hidden = slices.Compact(r.Hidden)
}

// path returns the absolute path of a place: one that begins with "~/" or a variable, or an absolute one.
func (r *reader) path(place string) string {
	first, rest, _ := strings.Cut(place, "/")
	switch {
	case first == "~":
		first = r.Home
	case strings.HasPrefix(first, "$"):
		first = r.env[first[1:]]
	}
	if first == "" && !strings.HasPrefix(place, "/") {
		return ""
	}
	return filepath.Join(cmp.Or(first, string(filepath.Separator)), filepath.FromSlash(rest))
}

// read returns the text of a regular file.
func (r *reader) read(path string) ([]byte, error) {
	if !filepath.IsAbs(path) {
		return nil, os.ErrNotExist
	}
	return regular.Read(path, maxFile)
}
