package runner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/tree"
)

// outside reads files outside of the project that results depend on: folders that manifests name, what links
// lead to, and settings.
type outside struct {
	project string   // absolute, without links
	system  []string // folders of the system, whose files are not compared
	file    string   // of the index
	now     func() time.Time
	ctx     context.Context
	mu      sync.Mutex
	volumes map[string]*volume // by volume name; "" where a system has none
}

// A volume is the root of a file system, with an index of sums. Names are relative to it.
type volume struct {
	tree  *tree.Tree
	index *tree.Index
}

func newOutside(project, index string, now func() time.Time) *outside {
	if real, err := filepath.EvalSymlinks(project); err == nil {
		project = real
	}
	if index != "" {
		index += "-outside"
	}
	return &outside{project: project, system: systemFoldersFor(project), file: index, now: now, ctx: context.Background(), volumes: map[string]*volume{}}
}

func (o *outside) close() (err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range o.volumes {
		err = v.index.Save()
		v.tree.Close()
	}
	o.volumes = map[string]*volume{}
	return err
}

func (o *outside) volume(name string) (*volume, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if v := o.volumes[name]; v != nil {
		return v, nil
	}
	t, err := tree.Open(name + string(filepath.Separator))
	if err != nil {
		return nil, err
	}
	v := &volume{t, t.Index(o.file+strings.TrimSuffix(name, ":"), o.now)}
	if o.file == "" {
		v.index = t.Index("", o.now)
	}
	v.index.Until(o.ctx)
	o.volumes[name] = v
	return v, nil
}

// sums returns the sums of files by their absolute paths, which have no links in their folders. A missing file
// has none.
func (o *outside) sums(files []string) (tree.Snapshot, error) {
	sums := tree.Snapshot{}
	byVolume := map[string][]string{}
	for _, file := range files {
		byVolume[filepath.VolumeName(file)] = append(byVolume[filepath.VolumeName(file)], file)
	}
	for name, files := range byVolume {
		v, err := o.volume(name)
		if err != nil {
			return nil, err
		}
		names := make([]string, len(files))
		for i, file := range files {
			names[i] = filepath.ToSlash(strings.TrimPrefix(file[len(name):], string(filepath.Separator)))
		}
		found, err := v.index.Hash(names)
		if err != nil {
			return nil, err
		}
		for i, file := range files {
			if sum, there := found[names[i]]; there {
				sums[file] = sum
			}
		}
	}
	return sums, nil
}

// shown returns an absolute path as messages show it: relative to the project, with slashes.
func (o *outside) shown(full string) string {
	if rel, err := filepath.Rel(o.project, full); err == nil && len(rel) < len(full) {
		full = rel
	}
	return filepath.ToSlash(full)
}

// inside returns the path in the project of an absolute path without links; ok is false if it is elsewhere.
func (o *outside) inside(full string) (name string, ok bool) {
	rel, err := filepath.Rel(o.project, full)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

// leadsOutside returns where a link of the project leads, if that is outside of the project.
func (f *Files) leadsOutside(name string) []string {
	full, err := filepath.EvalSymlinks(filepath.Join(f.tree.Dir(), filepath.FromSlash(name)))
	if err != nil {
		return nil // it leads nowhere, and its text says all
	}
	if _, in := f.outside.inside(full); in {
		return nil
	}
	return []string{full}
}

// reached is what was found at a place outside of the project, and wherever that leads.
type reached struct {
	sums    map[string]string // by the path that messages show
	folders []string          // absolute
	doubt   string            // why results are not kept, or ""
}

// reach returns the sums of a file or of all files of a folder outside of the project, and of what links and
// manifests in it lead to.
func (f *Files) reach(ctx context.Context, v *view, full string) (reached, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if r, ok := v.reached[full]; ok {
		return r, nil
	}
	r := &reach{outside: f.outside, visited: map[string]bool{}, sums: map[string]string{}}
	r.follow(full)
	for len(r.queue) > 0 && r.doubt == "" {
		dir := r.queue[0]
		r.queue = r.queue[1:]
		switch err := r.folder(ctx, dir); {
		case ctx.Err() != nil:
			return reached{}, ctx.Err()
		case err != nil: // a file that is gone meanwhile, for example
			r.doubt = fmt.Sprintf("%q, outside of the project, cannot be read: %v", r.shown(dir), err)
		}
	}
	v.reached[full] = reached{r.sums, r.folders, r.doubt}
	return v.reached[full], nil
}

// A reach follows places outside of the project.
type reach struct {
	*outside
	visited map[string]bool
	queue   []string // folders
	folders []string // those that were read
	sums    map[string]string
	doubt   string
}

// maxReached is the number of files outside of the project from which results are not kept.
const maxReached = 50_000

// follow adds a file, or a folder that is read later. What is in the project is known already.
func (r *reach) follow(path string) {
	full, err := filepath.EvalSymlinks(path)
	if err != nil {
		r.sums[r.shown(path)] = "missing"
		return
	}
	if _, in := r.inside(full); in || r.visited[full] {
		return
	}
	r.visited[full] = true
	if within(r.system, full) {
		return
	}
	if slices.ContainsFunc(r.system, func(system string) bool { return within([]string{full}, system) }) {
		r.doubt = fmt.Sprintf("%q holds the whole system, which is not compared", full)
		return
	}
	info, err := os.Stat(full)
	switch {
	case err != nil || !info.IsDir() && !info.Mode().IsRegular():
		r.sums[r.shown(full)] = "unreadable"
	case info.IsDir():
		r.queue = append(r.queue, full)
	default:
		if err := r.add([]string{full}); err != nil {
			r.doubt = r.shown(full) + " cannot be read: " + err.Error()
		}
	}
}

// folder adds the files of a folder: those that its git lists, and those that its git ignores.
func (r *reach) folder(ctx context.Context, dir string) error {
	t, err := tree.Open(dir)
	if err != nil {
		r.sums[r.shown(dir)] = "unreadable"
		return nil
	}
	defer t.Close()
	entries, err := t.Files(ctx)
	if err != nil {
		return err
	}
	listed := make([]string, len(entries))
	for i, e := range entries {
		listed[i] = e.Path
	}
	u, err := t.Unlisted(listed)
	if err != nil {
		return err
	}
	if len(r.sums)+len(entries) > maxReached || u.TooMany != "" {
		r.doubt = fmt.Sprintf("%q, outside of the project, has too many files to be compared", r.shown(dir))
		return nil
	}
	var files []string
	for _, e := range entries {
		files = append(files, filepath.Join(dir, filepath.FromSlash(e.Path)))
	}
	for _, name := range u.Files {
		files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
	}
	r.folders = append(r.folders, dir)
	files = slices.DeleteFunc(files, func(file string) bool { _, in := r.inside(file); return in })
	return r.add(files)
}

// add adds files, and follows what links and manifests among them name.
func (r *reach) add(files []string) error {
	sums, err := r.outside.sums(files)
	if err != nil {
		return err
	}
	for file, sum := range sums {
		r.sums[r.shown(file)] = sum.Exact()
		if sum.Kind == tree.KindLink {
			r.follow(file)
		} else if manifests().MatchString(filepath.Base(file)) {
			r.followManifest(file)
		}
	}
	return nil
}

// manifests matches the names of files that may name further folders.
var manifests = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(package\.json|Cargo\.toml|pyproject\.toml|setup\.py|requirements.*\.txt|go\.work)$`)
})

// relatives matches paths of other folders in a manifest, of whatever format.
var relatives = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(file:|link:|portal:)?(\.\.?/[^"'\s,;\]]*)|path\s*=\s*"([^"]+)"`)
})

// followManifest follows the folders and files that a manifest names.
func (r *reach) followManifest(file string) {
	for _, path := range foldersOf(file) {
		r.follow(path)
	}
}

// foldersOf returns the folders and files that a manifest names. Text that is no path leads nowhere.
func foldersOf(manifest string) (found []string) {
	data, err := regular.Read(manifest, regular.Config)
	if err != nil {
		return nil
	}
	for _, match := range relatives().FindAllStringSubmatch(string(data), -1) {
		if match[1]+match[3] == "" && filepath.Base(manifest) == "package.json" { // main, exports, files: its own
			continue
		}
		path := filepath.Join(filepath.Dir(manifest), filepath.FromSlash(match[2]+match[3]))
		if info, err := os.Stat(path); err == nil && (info.IsDir() || info.Mode().IsRegular()) {
			found = append(found, path)
		}
	}
	return found
}
