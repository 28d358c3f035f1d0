package tree

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// The limits of Unlisted: more is not compared.
const (
	MaxUnlisted      = 5_000
	MaxUnlistedBytes = 200 << 20
)

// Unlisted are the files inside the project that Files leaves out and that the result of a step may depend on.
// Repositories' own data and the state of tools and editors are not among them.
type Unlisted struct {
	// Files are sorted. There are none if TooMany is set.
	Files []string
	// Environments are the folders of installed dependencies, sorted; their files are not among Files.
	Environments []string
	// TooMany is a folder with many of the files, if there are more than MaxUnlisted, or than MaxUnlistedBytes
	// bytes.
	TooMany string
	files   int
	bytes   int64
	named   matcher
	top     string // the ignored folder that is being listed
}

// Unlisted returns the files that git ignores, or outside of git those that a walk leaves out. Repositories
// are those inside the project. Files that the globs name do not count for the limits.
func (t *Tree) Unlisted(ctx context.Context, repositories []string, named ...string) (*Unlisted, error) {
	u := &Unlisted{named: compile(named)}
	if err := t.addUnlisted(ctx, u); err != nil {
		return nil, err
	}
	for _, name := range repositories {
		if err := t.addInner(ctx, u, name); err != nil {
			return nil, err
		}
	}
	if u.TooMany != "" {
		u.Files = nil
	}
	slices.Sort(u.Files)
	slices.Sort(u.Environments)
	return u, nil
}

func (t *Tree) addUnlisted(ctx context.Context, u *Unlisted) error {
	if inRepository(t.dir) {
		out, err := t.git(ctx, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && out != "./\x00":
			return u.addGit(t, out)
		case err != nil && !gitFailed(err):
			return err
		}
	}
	w := &walk{Tree: t, unlisted: u}
	return w.folder(".", nil)
}

// addInner adds the files of a repository inside the project.
func (t *Tree) addInner(ctx context.Context, u *Unlisted, name string) error {
	inner, err := t.inner(name)
	if inner == nil || err != nil {
		return err
	}
	defer inner.Close()
	one := &Unlisted{files: u.files, bytes: u.bytes}
	if err := inner.addUnlisted(ctx, one); err != nil {
		return fmt.Errorf("the repository %q: %w", name, err)
	}
	u.files, u.bytes = one.files, one.bytes
	if one.TooMany != "" && u.TooMany == "" {
		u.TooMany = path.Join(name, one.TooMany)
	}
	for _, file := range one.Files {
		u.Files = append(u.Files, path.Join(name, file))
	}
	for _, dir := range one.Environments {
		u.Environments = append(u.Environments, path.Join(name, dir))
	}
	return nil
}

// addGit adds what git lists: files, and folders with a slash at the end.
func (u *Unlisted) addGit(t *Tree, out string) error {
	for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		folder, isFolder := strings.CutSuffix(name, "/")
		switch {
		case name == "":
		case u.within(t, folder, isFolder):
		case isFolder:
			if err := u.addFolder(t, folder, true); err != nil {
				return err
			}
		default:
			u.addPath(t, name)
		}
	}
	return nil
}

// within reports whether a path is below a folder that is not listed file by file. Git names single files of
// such a folder if it does not ignore all of it.
func (u *Unlisted) within(t *Tree, name string, isFolder bool) bool {
	dir, c := t.placed(path.Dir(name), func(string) bool { return true })
	if c == environment {
		u.addEnvironment(dir)
	}
	return c != ordinary || !isFolder && toolFile(name)
}

func (u *Unlisted) addEnvironment(dir string) {
	if !slices.Contains(u.Environments, dir) {
		u.Environments = append(u.Environments, dir)
	}
}

// addFolder adds a folder that git ignores, or that is of another class than ordinary.
func (u *Unlisted) addFolder(t *Tree, dir string, isIgnored bool) error {
	switch t.classOf(dir, isIgnored) {
	case toolState:
		return nil
	case environment:
		u.addEnvironment(dir)
		return nil
	}
	if u.top == "" {
		u.top = dir
		defer func() { u.top = "" }()
	}
	found, err := t.readFolder(dir)
	if err != nil {
		return knownAbsent(err)
	}
	for _, e := range found {
		name := path.Join(dir, e.Name())
		switch {
		case u.TooMany != "":
			return nil
		case !e.IsDir():
			u.addFile(name, e)
			continue
		}
		if err := u.addFolder(t, name, true); err != nil {
			return err
		}
	}
	return nil
}

func (u *Unlisted) addPath(t *Tree, name string) {
	if info, err := os.Lstat(t.path(name)); err == nil {
		u.addFile(name, fs.FileInfoToDirEntry(info))
	}
}

// addFile adds a file or a link; what is gone meanwhile, or is neither, is left out.
func (u *Unlisted) addFile(name string, e fs.DirEntry) {
	if toolFile(name) || !e.Type().IsRegular() && e.Type()&fs.ModeSymlink == 0 {
		return
	}
	info, err := e.Info()
	if err != nil {
		return
	}
	u.Files = append(u.Files, name)
	if u.named.matches(name) {
		return
	}
	u.files, u.bytes = u.files+1, u.bytes+info.Size()
	if u.TooMany == "" && (u.files > MaxUnlisted || u.bytes > MaxUnlistedBytes) {
		u.TooMany = cmp.Or(u.top, path.Dir(name))
	}
}
