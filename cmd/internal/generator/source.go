package generator

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/templates/scaffold"
)

// An Origin is where a template is.
type Origin struct {
	// Template is the name of one that is built in or that a convention brings, the path of a folder, or the reference of one
	// that is published.
	Template string
	// From is the reference of the convention that brings it.
	From string
	// Pin is the digest of the archive that has it; empty for one that is built in or in a folder.
	Pin string
	// Files are those of the archive.
	Files fs.FS
}

// A Finder returns where the newest version is of the template that a project was made from.
type Finder func(*scaffold.Record) (Origin, error)

// isFolder reports whether the template is in a folder.
func (o Origin) isFolder() bool { return o.Pin == "" && isPath(o.Template) }

// isPath reports whether the name of a template is the path of a folder.
func isPath(name string) bool {
	return strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`)
}

// with calls a function with the folder of a template. A path is relative to a folder.
func with[T any](o Origin, relativeTo string, call func(fs.FS) (T, error)) (none T, err error) {
	switch {
	case o.Pin != "":
		return call(o.Files)
	case !o.isFolder():
		dir, err := scaffold.Folder(o.Template)
		if err != nil {
			return none, err
		}
		return call(dir)
	}
	root, err := os.OpenRoot(absolute(o.Template, relativeTo))
	if errors.Is(err, fs.ErrNotExist) {
		return none, fault.Preconditionf("davit new lists the built-in templates", "there is no folder %q with a template", o.Template)
	}
	if err != nil {
		return none, fault.Preconditionf("", "template %q cannot be read: %s", o.Template, regular.Reason(err))
	}
	defer root.Close()
	return call(regular.FS(root))
}

// Template returns the newest version of a template.
func Template(o Origin, relativeTo string) (*scaffold.Template, error) {
	return with(o, relativeTo, func(dir fs.FS) (*scaffold.Template, error) { return scaffold.Load(o.Template, dir) })
}

// version returns one version of a template.
func version(o Origin, relativeTo string, number int) (*scaffold.Template, error) {
	return with(o, relativeTo, func(dir fs.FS) (*scaffold.Template, error) { return scaffold.LoadVersion(o.Template, dir, number) })
}

// absolute returns a path that is relative to a folder as an absolute one.
func absolute(path, relativeTo string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(relativeTo, path)
}

// record returns what a project remembers of a version of a template.
func (o Origin) record(t *scaffold.Template, answers scaffold.Answers) *scaffold.Record {
	r := t.Record(o.Template, answers)
	r.From, r.Pin = o.From, o.Pin
	return r
}

// recorded returns the origin as a project names it: the path of a folder is relative to the project, unless it was given as
// an absolute one.
func (o Origin) recorded(relativeTo, project string) Origin {
	if o.isFolder() && !filepath.IsAbs(o.Template) {
		o.Template = RelativePath(o.Template, relativeTo, project)
	}
	return o
}

// RelativePath returns a path that is relative to one folder as the name of a template, relative to another one.
func RelativePath(name, relativeTo, project string) string {
	rel, err := filepath.Rel(project, absolute(name, relativeTo))
	if err != nil { // on another drive
		return absolute(name, relativeTo)
	}
	if rel = filepath.ToSlash(rel); !isPath(rel) {
		rel = "./" + rel
	}
	return rel
}
