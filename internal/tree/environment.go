package tree

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/regular"
)

// An Environment is what a folder of installed dependencies says of itself, without its files.
type Environment struct {
	// Record identifies what is installed: the names of the packages, also of those in packages, where links lead,
	// and the files in which package managers note what they installed.
	Record string
	// Outside are the absolute folders outside of the project that packages are linked to.
	Outside []string
}

// records are the files in which package managers note what they installed, and which they write last.
var records = map[string]bool{
	".package-lock.json": true, ".yarn-integrity": true, ".yarn-state.yml": true, ".modules.yaml": true,
	"install-state.gz": true, "pyvenv.cfg": true, "installed.json": true, "Manifest.lock": true,
	"direct_url.json": true,
}

// transient reports whether a name in an environment is one that programs add while they run: a folder of compiled
// modules, and what begins with a dot, as caches do. The records are none of these, nor are the packages that pnpm
// keeps in a folder of its own.
func transient(base string) bool {
	return base == "__pycache__" || strings.HasPrefix(base, ".") && !records[base] && base != pnpmStore
}

// pnpmStore is the folder in node_modules in which pnpm has all packages. Their folders are named after their
// versions.
const pnpmStore = ".pnpm"

// Environment reads the record of a folder of installed dependencies. A folder that is missing has an empty
// one.
func (t *Tree) Environment(dir string) (Environment, error) {
	r := &environmentReader{Tree: t, sum: sha256.New()}
	if err := r.folder(dir); err != nil {
		return Environment{}, fmt.Errorf("%q cannot be read: %w", dir, withoutPath(err))
	}
	slices.Sort(r.outside)
	return Environment{hex.EncodeToString(r.sum.Sum(nil)), slices.Compact(r.outside)}, nil
}

type environmentReader struct {
	*Tree
	sum      hash.Hash
	outside  []string
	recorded bool // in a node_modules in which a package manager noted what it installed
}

// folder reads a folder whose names are those of packages, or of folders of packages.
func (r *environmentReader) folder(dir string) error {
	found, err := r.readFolder(dir)
	if err != nil {
		return knownAbsent(err)
	}
	slices.SortFunc(found, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	defer func(before bool) { r.recorded = before }(r.recorded)
	r.recorded = r.recorded || slices.ContainsFunc(found, isRecord)
	if hasPackages(dir) && !r.recorded {
		return r.packages(dir, found)
	}
	for _, e := range found {
		if transient(e.Name()) {
			continue
		}
		if err := r.entry(path.Join(dir, e.Name()), e); err != nil {
			return err
		}
	}
	return nil
}

func isRecord(e os.DirEntry) bool { return records[e.Name()] }

// packages reads a node_modules in which no package manager noted what it installed, as that of Bun: the versions
// are in the manifests of the packages.
func (r *environmentReader) packages(dir string, found []os.DirEntry) error {
	for _, e := range found {
		name := path.Join(dir, e.Name())
		if transient(e.Name()) {
			continue
		}
		if err := r.entry(name, e); err != nil {
			return err
		}
		if err := r.record(path.Join(name, "package.json")); err != nil {
			return err
		}
	}
	return nil
}

// hasPackages reports whether a folder is a node_modules, or that of a scope in one.
func hasPackages(dir string) bool {
	base, above := path.Base(dir), path.Base(path.Dir(dir))
	return base == "node_modules" || strings.HasPrefix(base, "@") && above == "node_modules"
}

// entry reads one name in a folder of packages.
func (r *environmentReader) entry(name string, e os.DirEntry) error {
	fmt.Fprintf(r.sum, "%s\x00%d\x00", name, e.Type())
	switch base := e.Name(); {
	case e.Type()&fs.ModeSymlink != 0:
		if inStore(path.Dir(name)) { // it leads to another package there, or to what the folder above links to
			return nil
		}
		return r.link(name)
	case e.IsDir():
		switch {
		case isPackage(name):
			return r.nested(path.Join(name, "node_modules"))
		case folderOfPackages(name):
			return r.folder(name)
		}
		if strings.HasSuffix(base, ".dist-info") {
			return r.record(path.Join(name, "direct_url.json"))
		}
	case records[base] || strings.HasSuffix(base, ".pth"):
		return r.record(name)
	}
	return nil
}

// isPackage reports whether a folder is that of a package of npm, which may have packages of its own: it is in a
// node_modules, in a scope there, or in the folder of pnpm.
func isPackage(name string) bool {
	base, above := path.Base(name), path.Dir(name)
	if path.Base(above) == pnpmStore {
		return base != "node_modules"
	}
	return hasPackages(above) && !hasPackages(name) && base != pnpmStore
}

// inStore reports whether a folder is in the folder in which pnpm has all packages.
func inStore(dir string) bool { return strings.Contains(dir, "/"+pnpmStore+"/") }

// nested reads the node_modules of a package. Few packages have one.
func (r *environmentReader) nested(dir string) error {
	info, err := r.root.Lstat(filepath.FromSlash(dir))
	if err != nil {
		return knownAbsent(err)
	}
	if !info.IsDir() {
		return r.entry(dir, fs.FileInfoToDirEntry(info))
	}
	return r.folder(dir)
}

// folderOfPackages reports whether a folder in an environment has packages in it: a scope of npm, and the
// folders from lib down to site-packages.
func folderOfPackages(name string) bool {
	base, above := path.Base(name), path.Base(path.Dir(name))
	switch {
	case strings.HasPrefix(base, "@"), base == "composer", base == "site-packages":
		return true
	case base == "lib", base == "Lib", base == "lib64", base == pnpmStore && above == "node_modules":
		return true
	case base == "node_modules" && above == pnpmStore:
		return true
	case base == "bin", base == "Scripts":
		return above != "node_modules"
	}
	return strings.HasPrefix(base, "python") && (above == "lib" || above == "lib64")
}

// link adds the target of a link, and notes where it leads if that is outside of the project.
func (r *environmentReader) link(name string) error {
	target, err := r.root.Readlink(filepath.FromSlash(name))
	if err != nil {
		return knownAbsent(err)
	}
	io.WriteString(r.sum, target)
	full, err := filepath.EvalSymlinks(r.path(name))
	if err == nil {
		r.leadsTo(full)
	} else {
		io.WriteString(r.sum, " leads nowhere")
	}
	return knownAbsent(err)
}

// leadsTo notes a folder if it is outside of the project. A file, such as the interpreter of a virtual
// environment, belongs to the system.
func (r *environmentReader) leadsTo(full string) {
	if !filepath.IsAbs(full) {
		return
	}
	project, err := filepath.EvalSymlinks(r.dir)
	if info, failed := os.Stat(full); err == nil && failed == nil && info.IsDir() && !within(project, full) {
		r.outside = append(r.outside, full)
	}
}

// within reports whether an absolute path is a folder or below it.
func within(dir, full string) bool {
	rel, err := filepath.Rel(dir, full)
	return err == nil && filepath.IsLocal(rel)
}

// maxRecord is more than any record of a package manager has.
const maxRecord = 32 << 20

// record adds the content of a record, and notes the folders of source code that Python's name.
func (r *environmentReader) record(name string) error {
	f, err := r.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|regular.NonBlock, 0)
	if err != nil {
		return knownAbsent(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRecord))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	r.sum.Write(sum[:])
	switch path.Ext(name) {
	case ".pth":
		for line := range strings.Lines(string(data)) {
			r.leadsTo(strings.TrimSpace(line))
		}
	case ".json":
		r.leadsTo(editable(string(data)))
	}
	return nil
}

// editable returns the folder that a direct_url.json of Python says a package is read from, or "".
// See https://packaging.python.org/en/latest/specifications/direct-url/.
func editable(text string) string {
	if !strings.Contains(text, "editable") {
		return ""
	}
	_, rest, _ := strings.Cut(text, `"file://`)
	address, _, _ := strings.Cut(rest, `"`)
	dir, err := url.PathUnescape(address)
	if err != nil {
		return ""
	}
	return filepath.FromSlash(dir)
}
