package generator

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/templates/scaffold"
)

// A Status says which version of its template a project has, and which there is.
type Status struct {
	Template string `json:"template"`
	Version  int    `json:"current"`
	Newest   int    `json:"newest"`
}

// Behind reports whether there is a newer version.
func (s Status) Behind() bool { return s.Newest > s.Version }

// An Upgrade is what moves a project to the newest version of its template.
type Upgrade struct {
	Status
	Changes []scaffold.Change `json:"changes"`

	dir    string
	record *scaffold.Record
}

// Conflicts returns the files in which lines are marked, and those that are no text.
func (u *Upgrade) Conflicts() (marked, binary []string) {
	for _, c := range u.Changes {
		switch {
		case c.Action == scaffold.Conflict && c.Reason == "":
			marked = append(marked, c.Path)
		case c.Action == scaffold.Conflict:
			binary = append(binary, c.Path)
		}
	}
	return marked, binary
}

// ReadRecord returns what a project remembers of its template; nil if it was made from none.
func ReadRecord(dir string) (*scaffold.Record, error) {
	data, err := regular.ReadInside(dir, scaffold.RecordFile, regular.Config)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Preconditionf("", "%s cannot be read: %s", scaffold.RecordFile, regular.Reason(err))
	}
	return scaffold.ParseRecord(data)
}

// FindRecord returns the nearest folder upwards from dir that was made from a template. The root of the project
// is the last folder that it looks at, and the result if there is none.
func FindRecord(dir, root string) string {
	physical, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return root
	}
	for at := physical; at != root && at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, filepath.FromSlash(scaffold.RecordFile))); err == nil {
			return at
		}
	}
	return root
}

// Check returns which version of its template a project has, and which there is; nil if it was made from none. It is an error
// if the project cannot be moved to that, since the version that it has is missing or changed.
func Check(dir string, find Finder) (*Status, error) {
	record, origin, err := originOf(dir, find)
	if err != nil || record == nil {
		return nil, err
	}
	return check(record, origin, dir)
}

// originOf returns what a project remembers, and where the newest version is; nil if it was made from none.
func originOf(dir string, find Finder) (record *scaffold.Record, origin Origin, err error) {
	if record, err = ReadRecord(dir); err == nil && record != nil {
		origin, err = find(record)
	}
	return record, origin, err
}

func check(record *scaffold.Record, origin Origin, dir string) (*Status, error) {
	newest, err := Template(origin, dir)
	if err != nil {
		return nil, err
	}
	status := &Status{record.Template, record.Version, newest.Version}
	if err := checkNotNewer(record, newest); err != nil || !status.Behind() {
		return status, err
	}
	_, err = begun(record, origin, dir)
	return status, err
}

// checkNotNewer returns an error if a project has a version of its template that is not there yet.
func checkNotNewer(r *scaffold.Record, newest *scaffold.Template) error {
	if r.Version > newest.Version {
		return fault.Preconditionf("a newer davit, or a newer copy of the template, has it",
			"this project has version %d of template %q, of which there is version %d here", r.Version, r.Template, newest.Version)
	}
	return nil
}

// PlanUpgrade returns what moves a project to the newest version of its template, and changes nothing; nil if it was made
// from none. Questions that are new are answered by set, else by ask.
func PlanUpgrade(ctx context.Context, dir string, find Finder, set map[string]string, ask scaffold.Asker) (*Upgrade, error) {
	record, origin, err := originOf(dir, find)
	if err != nil || record == nil {
		return nil, err
	}
	status, err := check(record, origin, dir)
	if err != nil {
		return nil, err
	}
	u := &Upgrade{Status: *status, Changes: []scaffold.Change{}, dir: dir, record: record}
	if !status.Behind() {
		return u, nil
	}
	was, err := begun(record, origin, dir)
	if err != nil {
		return nil, err
	}
	newest, err := Template(origin, dir)
	if err != nil {
		return nil, err
	}
	if u.record, err = newRecord(newest, origin, record.Answers, dir, set, ask); err != nil {
		return nil, err
	}
	will, err := newest.Render(u.record.Answers)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	u.Changes, err = scaffold.Upgrade(was, will, reader(root), func(ours, base, theirs string) (string, bool, error) {
		return mergeFile(ctx, dir, status, ours, base, theirs)
	})
	return u, err
}

// begun returns the files that a project was made from.
func begun(r *scaffold.Record, origin Origin, dir string) ([]scaffold.File, error) {
	t, err := version(origin, dir, r.Version)
	if err != nil {
		return nil, err
	}
	if t.Digest != r.Digest {
		return nil, fault.Refusef("a change of a template is a new version of it; put version "+
			"back as it was, or write the digest that it has now into "+scaffold.RecordFile+": "+t.Digest,
			"version %d of template %q is not the one that this project was made from", r.Version, r.Template)
	}
	return t.Render(r.Answers)
}

// newRecord returns what a project remembers after its upgrade.
func newRecord(newest *scaffold.Template, origin Origin, was scaffold.Answers, dir string, set map[string]string, ask scaffold.Asker) (
	*scaffold.Record, error,
) {
	answers := map[string]string{}
	for _, q := range newest.Questions {
		if answer, ok := was[q.Name]; ok {
			answers[q.Name] = answer
		}
	}
	maps.Copy(answers, set)
	all, err := newest.Answer(filepath.Base(dir), answers, ask)
	if err != nil {
		return nil, err
	}
	return origin.record(newest, all), nil
}

// chmod makes a program of a file for whoever may read it, or of nobody.
func chmod(root *os.Root, name string, executable bool) error {
	info, err := root.Stat(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	mode := info.Mode().Perm() &^ 0o111
	if executable {
		mode |= mode & 0o444 >> 2
	}
	return root.Chmod(filepath.FromSlash(name), mode)
}

// reader returns a function that reads a file of a project.
func reader(root *os.Root) scaffold.OurFunc {
	files := regular.FS(root)
	return func(name string) (string, bool, error) {
		info, err := root.Lstat(filepath.FromSlash(name))
		if errors.Is(err, fs.ErrNotExist) {
			return "", false, deadEnd(root, name)
		}
		data, err := fs.ReadFile(files, name)
		switch {
		case errors.Is(err, fs.ErrPermission):
			return "", false, fault.Preconditionf("an upgrade reads the files that the template changed; make it readable",
				"%s cannot be read: %s", name, regular.Reason(err))
		case err != nil:
			return "", false, &scaffold.NoFileError{Reason: insteadOfFile(info, err)}
		}
		return string(data), true, nil
	}
}

// deadEnd returns a *scaffold.NoFileError if a folder above a missing file is a link to nothing.
func deadEnd(root *os.Root, name string) error {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, err := root.Lstat(filepath.FromSlash(dir)); err != nil {
			continue
		}
		if _, err := root.Stat(filepath.FromSlash(dir)); errors.Is(err, fs.ErrNotExist) {
			return &scaffold.NoFileError{Reason: "no file here: " + dir + " is a link to nothing"}
		}
		return nil
	}
	return nil
}

// insteadOfFile says what is in the place of a file of the template, which could not be read for an error. There is no info
// if the path to it leads out of the project, or through a file.
func insteadOfFile(info fs.FileInfo, err error) string {
	switch {
	case regular.Escapes(err):
		return "no file here: its path leads out of the project"
	case info == nil:
		return "no file here: " + regular.Reason(err)
	case info.IsDir():
		return "no file here: it is a folder"
	case errors.Is(err, fs.ErrNotExist):
		return "no file here: it is a link to nothing"
	}
	return "no file here: " + regular.Reason(err)
}

// Apply changes the files of the project, and writes last which version it has now.
func (u *Upgrade) Apply() error {
	root, err := os.OpenRoot(u.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, c := range u.Changes {
		switch c.Action {
		case scaffold.Keep:
		case scaffold.Delete:
			err = root.Remove(filepath.FromSlash(c.Path))
		default:
			err = write(root, c.Path, c.Now, c.Executable)
		}
		if err == nil && c.Chmod {
			err = chmod(root, c.Path, c.Executable)
		}
		if err != nil {
			return err
		}
	}
	if !u.Behind() {
		return nil
	}
	return write(root, scaffold.RecordFile, u.record.Format(), false)
}

// Record returns what the project remembers of its template once it has moved.
func (u *Upgrade) Record() []byte { return []byte(u.record.Format()) }
