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
)

// Landing returns an error if a path of a plan leads, by the links that are in the project now, out of the project or to
// what the step may not write: a link to .git is as good as its name. The last part of the path may be a link: what writes
// there replaces it.
func Landing(project string, reserved *Reserved, name string) error {
	return landing(project, reserved, path.Dir(path.Clean(name)), path.Base(path.Clean(name)), name)
}

// FolderLanding is Landing for a folder that a step runs in, whose last part is followed.
func FolderLanding(project, dir string) error {
	return landing(project, &Reserved{}, path.Clean(dir), "", dir)
}

func landing(project string, reserved *Reserved, dir, base, name string) error {
	there, err := Followed(project, dir)
	if err != nil {
		return err
	}
	return reserved.Refuse(name, path.Join(there, base))
}

// Followed returns where a folder of a project leads by the links that are there now, relative to the project. It returns
// an error if that is outside, or a link leads nowhere.
func Followed(project, dir string) (there string, err error) {
	root, err := filepath.EvalSymlinks(project)
	if err != nil {
		return "", err
	}
	real, missing, err := followed(root, dir)
	if err != nil {
		return "", fmt.Errorf("%q cannot be followed: %w", dir, err)
	}
	inside, err := filepath.Rel(root, real)
	if err != nil || !filepath.IsLocal(inside) {
		return "", fault.Preconditionf("remove the link", "%q leads out of the project, to %q", dir, real)
	}
	return path.Join(filepath.ToSlash(inside), missing), nil
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
