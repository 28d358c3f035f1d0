package pluginreg

import (
	"errors"
	"io/fs"
	"os"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
)

// checkFolder returns an error if the folder of vendored plugins of a project is a link that leads out of it, or is no
// folder.
func checkFolder(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Stat(project.PluginsFolder)
	_, linkErr := root.Lstat(project.PluginsFolder)
	switch {
	case regular.Escapes(err):
		return noFolder("a link that leads out of the project")
	case errors.Is(err, fs.ErrNotExist) && linkErr == nil:
		return noFolder("a link to nothing")
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && !info.IsDir():
		return noFolder("a file")
	}
	return err
}

func noFolder(what string) error {
	return fault.Preconditionf("remove it: davit vendor makes a folder of that name", "%s is %s, not a folder of the project",
		project.PluginsFolder, what)
}
