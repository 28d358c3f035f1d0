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

// isFolder reports whether the name of a template is the path of a folder.
func isFolder(name string) bool {
	return strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`)
}

// withFolder calls a function with the folder of a template. The path of one that is not built in is relative to a folder.
func withFolder[T any](name, relativeTo string, call func(fs.FS) (T, error)) (none T, err error) {
	if !isFolder(name) {
		dir, err := scaffold.Folder(name)
		if err != nil {
			return none, err
		}
		return call(dir)
	}
	root, err := os.OpenRoot(absolute(name, relativeTo))
	if errors.Is(err, fs.ErrNotExist) {
		return none, fault.Preconditionf("davit new lists the built-in templates", "there is no folder %q with a template", name)
	}
	if err != nil {
		return none, fault.Preconditionf("", "template %q cannot be read: %s", name, regular.Reason(err))
	}
	defer root.Close()
	return call(regular.FS(root))
}

// Template returns the newest version of a template: one that is built in, or that of a folder.
func Template(name, relativeTo string) (*scaffold.Template, error) {
	return withFolder(name, relativeTo, func(dir fs.FS) (*scaffold.Template, error) { return scaffold.Load(name, dir) })
}

// version returns one version of a template.
func version(name, relativeTo string, number int) (*scaffold.Template, error) {
	return withFolder(name, relativeTo, func(dir fs.FS) (*scaffold.Template, error) {
		return scaffold.LoadVersion(name, dir, number)
	})
}

// absolute returns a path that is relative to a folder as an absolute one.
func absolute(path, relativeTo string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(relativeTo, path)
}

// recorded returns how a project names its template: the path of a folder is relative to the project, unless it was
// given as an absolute one.
func recorded(name, relativeTo, project string) string {
	if !isFolder(name) || filepath.IsAbs(name) {
		return name
	}
	rel, err := filepath.Rel(project, absolute(name, relativeTo))
	if err != nil { // on another drive
		return absolute(name, relativeTo)
	}
	if rel = filepath.ToSlash(rel); !isFolder(rel) {
		rel = "./" + rel
	}
	return rel
}
