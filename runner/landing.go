package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins/plan"
)

// Landing returns an error if a path of a plan leads, by the links that are in the project now, out of the project or to
// what no plan may write: a link to .git is as good as its name. The last part of the path may be a link: what writes there
// replaces it. What the name itself says is for plan.Guarded.
func Landing(project, name string) error {
	return landing(project, path.Dir(path.Clean(name)), path.Base(path.Clean(name)), name)
}

// FolderLanding is Landing for a folder that a step runs in, whose last part is followed.
func FolderLanding(project, dir string) error { return landing(project, path.Clean(dir), "", dir) }

func landing(project, dir, base, name string) error {
	root, err := filepath.EvalSymlinks(project)
	if err != nil {
		return err
	}
	real, missing, err := followed(root, dir)
	if err != nil {
		return fmt.Errorf("%q cannot be followed: %w", name, err)
	}
	inside, err := filepath.Rel(root, real)
	if err != nil || !filepath.IsLocal(inside) {
		return fault.Preconditionf("remove the link", "%q leads out of the project, to %q", name, real)
	}
	there := path.Join(filepath.ToSlash(inside), missing, base)
	if why := plan.Guarded(there); why != "" && there != path.Clean(name) {
		return fault.Preconditionf("remove the link", "%q leads to %q, which %s", name, there, why)
	}
	return nil
}

// followed returns the folder that a path leads to, as far as it is there, and what is missing of it.
func followed(root, dir string) (real, missing string, err error) {
	for {
		real, err = filepath.EvalSymlinks(filepath.Join(root, filepath.FromSlash(dir)))
		if !errors.Is(err, fs.ErrNotExist) || dir == "." {
			return real, missing, err
		}
		if info, dangling := os.Lstat(filepath.Join(root, filepath.FromSlash(dir))); dangling == nil &&
			info.Mode()&fs.ModeSymlink != 0 {
			return real, missing, errors.New("it is a link to what does not exist")
		}
		missing, dir = strings.TrimSuffix(path.Join(path.Base(dir), missing), "/"), path.Dir(dir)
	}
}
