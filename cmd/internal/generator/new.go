package generator

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/templates/scaffold"
)

// A Request says what a project is made from.
type Request struct {
	Origin
	// Caller is the folder that the path of a template is relative to.
	Caller string
	// Dir is the folder of the project.
	Dir string
	// Set are answers that are given already.
	Set map[string]string
	// Ask answers the other questions.
	Ask scaffold.Asker
}

// A Project is one that is to be written.
type Project struct {
	Dir string `json:"dir"`
	scaffold.Record
	Files []scaffold.File `json:"files"`
}

// Plan returns the project that a request makes, and writes nothing. A folder that has something in it is refused.
func Plan(r Request) (*Project, error) {
	t, err := Template(r.Origin, r.Caller)
	if err != nil {
		return nil, err
	}
	if err := CheckEmpty(r.Dir); err != nil {
		return nil, err
	}
	answers, err := t.Answer(filepath.Base(r.Dir), r.Set, r.Ask)
	if err != nil {
		return nil, err
	}
	files, err := t.Render(answers)
	if err != nil {
		return nil, err
	}
	record := r.Origin.recorded(r.Caller, r.Dir).record(t, answers)
	files = append(files, scaffold.File{Path: scaffold.RecordFile, Text: record.Format()})
	return &Project{Dir: r.Dir, Record: *record, Files: files}, nil
}

// CheckEmpty returns an error about a folder that has anything but a repository of git in it.
func CheckEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.Preconditionf("name another folder", "%s is no folder that a project can be written into: %s", dir, regular.Reason(err))
	}
	for _, e := range entries {
		if e.Name() != ".git" {
			return fault.Refusef("name a new folder, or an empty one; davit adopt begins with a folder as it is",
				"%s is not empty: it has %s", dir, e.Name())
		}
	}
	return nil
}

// Write writes the project. What it has written is removed again if it cannot write all of it.
func (p *Project) Write() (err error) {
	if err := os.MkdirAll(p.Dir, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(p.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for i, f := range p.Files {
		if err := write(root, f.Path, f.Text, f.Executable); err != nil {
			for _, written := range p.Files[:i+1] {
				root.Remove(filepath.FromSlash(written.Path))
			}
			return err
		}
	}
	return nil
}

// write writes a file, and the folders that it is in.
func write(root *os.Root, name, text string, executable bool) error {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	mode := fs.FileMode(0o666)
	if executable {
		mode = 0o777
	}
	return root.WriteFile(name, []byte(text), mode)
}
