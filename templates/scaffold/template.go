package scaffold

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/strict"
)

const (
	// manifestFile is the file with the questions of a version.
	manifestFile = "template.toml"
	// filesFolder is the folder with the files of a version.
	filesFolder = "files"
	// maxSize is the most that a version may have in all its files, in bytes.
	maxSize = 16 << 20
)

// A Template is one version of a template.
type Template struct {
	// Name is how it is called: "go-service", or the folder that it is in.
	Name    string `json:"template"`
	Version int    `json:"template_version"`
	// Digest identifies all bytes of the version.
	Digest string `json:"digest"`
	manifest
	files   map[string]string // by path below files/
	sources map[string]string // all, by path below the folder of the version
}

// A manifest is a template.toml.
type manifest struct {
	// Summary is one line of help.
	Summary string `toml:"summary" json:"summary"`
	// Questions are asked in this order. A default may use the answers before it.
	Questions []Question `toml:"questions" json:"questions"`
	// When maps a file or a folder of files/ to the answer that it is for: "docker" (a question of type bool) or
	// "lang=go".
	When map[string]string `toml:"when" json:"-"`
	// Executable are the files that are programs.
	Executable []string `toml:"executable" json:"-"`
}

// Load returns the newest version of the template in a folder.
func Load(name string, dir fs.FS) (*Template, error) {
	versions, err := versionsOf(name, dir)
	if err != nil {
		return nil, err
	}
	return LoadVersion(name, dir, versions[len(versions)-1])
}

// Versions returns all versions of the template in a folder, the oldest first.
func Versions(name string, dir fs.FS) (all []*Template, err error) {
	numbers, err := versionsOf(name, dir)
	for _, n := range numbers {
		t, err := LoadVersion(name, dir, n)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, err
}

// Sources returns the files that the version consists of, by path in the folder of the template: "2/template.toml".
func (t *Template) Sources() map[string]string {
	all := map[string]string{}
	for name, text := range t.sources {
		all[path.Join(strconv.Itoa(t.Version), name)] = text
	}
	return all
}

// LoadVersion returns one version of the template in a folder.
func LoadVersion(name string, dir fs.FS, version int) (*Template, error) {
	number := strconv.Itoa(version)
	root, err := fs.Sub(dir, number)
	if err != nil {
		return nil, err
	}
	files, err := readFiles(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Preconditionf("a template keeps its earlier versions", "template %q has no version %d", name, version)
	}
	if err != nil {
		return nil, fault.Preconditionf("", "template %q: %v", name, err)
	}
	t := &Template{Name: name, Version: version, Digest: digestOf(files), files: map[string]string{}, sources: files}
	file, text := path.Join(name, number, manifestFile), files[manifestFile]
	if err := strict.Decode(file, []byte(text), &t.manifest); err != nil {
		return nil, err
	}
	for i, q := range t.Questions {
		t.Questions[i].Type = cmp.Or(q.Type, word)
	}
	for name, text := range files {
		if name, is := strings.CutPrefix(name, filesFolder+"/"); is {
			t.files[name] = text
		}
	}
	if err := t.check(); err != nil {
		return nil, strict.At(file, []byte(text), nil, "", "%v", err)
	}
	return t, nil
}

// versionsOf returns the versions that a template has, the oldest first.
func versionsOf(name string, dir fs.FS) (versions []int, err error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fault.Preconditionf("davit new lists the templates", "there is no template %q", name)
	}
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil && n > 0 && strconv.Itoa(n) == e.Name() {
			versions = append(versions, n)
		}
	}
	if slices.Sort(versions); len(versions) == 0 {
		return nil, fault.Preconditionf("a template has a folder for each version: 1/template.toml, 1/files/",
			"%q is no template: it has no version", name)
	}
	return versions, nil
}

// readFiles returns the files of a version, by path. template.toml is one of them.
func readFiles(root fs.FS) (map[string]string, error) {
	files, size := map[string]string{}, 0
	if _, err := fs.Stat(root, manifestFile); err != nil {
		return nil, err
	}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is no regular file", name)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if size += int(info.Size()); info.Size() > maxSize || size > maxSize {
			return fmt.Errorf("it has more than %d MiB", maxSize>>20)
		}
		data, err := fs.ReadFile(root, name)
		files[name] = string(data)
		return err
	})
	return files, err
}

// digestOf returns the digest of files and their paths.
func digestOf(files map[string]string) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(sum, "%d %s %d %s", len(name), name, len(files[name]), files[name])
	}
	return fmt.Sprintf("sha256:%x", sum.Sum(nil))
}

// check returns what is wrong with a template, whatever the answers are.
func (t *Template) check() error {
	if len(t.files) == 0 {
		return fmt.Errorf("it has no files in %s/", filesFolder)
	}
	for i, q := range t.Questions {
		if err := q.check(); err != nil {
			return err
		}
		if slices.ContainsFunc(t.Questions[:i], func(other Question) bool { return other.Name == q.Name }) {
			return fmt.Errorf("it asks twice for %q", q.Name)
		}
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(t.When)), t.Executable) {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(t.files)), func(file string) bool { return isNamed(file, name) }) {
			return fmt.Errorf("there is no %s/%s", filesFolder, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.When)) {
		if err := t.checkCondition(t.When[name]); err != nil {
			return err
		}
	}
	return nil
}

// checkCondition returns an error if a condition of a file is about no question.
func (t *Template) checkCondition(condition string) error {
	name, value, compared := strings.Cut(condition, "=")
	i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.Name == name })
	if i < 0 {
		return fmt.Errorf("%q is the name of no question", name)
	}
	if q := t.Questions[i]; !compared && q.Type != boolean {
		return fmt.Errorf("%q is no question of type bool: write %s=VALUE", name, name)
	} else if compared && q.Type == choice && !slices.Contains(q.Choices, value) {
		return fmt.Errorf("%q has no choice %q", name, value)
	}
	return nil
}

// isNamed reports whether template.toml means a file of the template by a name: its own, that of a folder that it is in, or the
// one that it has in a project.
func isNamed(file, name string) bool { return inOrIs(file, name) || file == name+rendered }

// inOrIs reports whether a file is a folder or is in it.
func inOrIs(file, folder string) bool { return file == folder || strings.HasPrefix(file, folder+"/") }

// question returns the question of a name.
func (t *Template) question(name string) (Question, bool) {
	i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.Name == name })
	if i < 0 {
		return Question{}, false
	}
	return t.Questions[i], true
}
