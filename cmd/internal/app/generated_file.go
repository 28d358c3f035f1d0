package app

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/templates/pipeline"
)

// A GeneratedFile is a file that davit writes from what a project offers, beside what is there.
type GeneratedFile struct {
	// System is what reads it: github, gitlab, woodpecker, vscode.
	System string `json:"system"`
	// File is where the system looks for it.
	File string `json:"file"`
	// State is absent, current, behind or foreign: davit has not written what is there.
	State string `json:"state"`
	// Text is what it should be.
	Text string `json:"text"`
	// Now is what is there; nil without a file.
	Now []byte `json:"-"`
	// Command is the command that prints it: "davit ci github".
	Command string `json:"-"`
}

// The states of a GeneratedFile.
const (
	FileAbsent  = "absent"
	FileCurrent = "current"
	FileBehind  = "behind"
	FileForeign = "foreign"
)

// PipelineFile returns the pipeline for a CI system.
func (p *Project) PipelineFile(system, version string, environments []release.Environment) (*GeneratedFile, error) {
	all, err := p.Pipeline(version, environments)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(pipeline.Systems, func(s pipeline.System) bool { return s.Name == system })
	f := &GeneratedFile{System: system, Command: "davit ci " + system, File: pipeline.Systems[i].File, Text: all.Render(system)}
	return f, p.compare(f, pipeline.IsOwn)
}

// compare sets what is there of a file.
func (p *Project) compare(f *GeneratedFile, isOwn func(text string) bool) (err error) {
	path := filepath.Join(p.Root.Dir, filepath.FromSlash(f.File))
	if f.State = FileAbsent; !exists(path) {
		return nil
	}
	f.Now, err = regular.Read(path, regular.Config)
	switch {
	case err != nil:
		return usage("", "%s cannot be read: %s", f.File, regular.Reason(err))
	case string(f.Now) == f.Text:
		f.State = FileCurrent
	case isOwn(string(f.Now)):
		f.State = FileBehind
	default:
		f.State = FileForeign
	}
	return nil
}

// GeneratedJob returns the job that writes a file, and runs nothing. A file that davit has not written is left alone.
func (p *Project) GeneratedJob(f *GeneratedFile) (*Job, error) {
	if f.State == FileForeign {
		return nil, fault.Refusef(f.Command+" prints what it would be; move the file away to have it written",
			"%s is not a file that %s has written", f.File, f.Command)
	}
	return p.writing(strings.Fields(f.Command)[1], f.File, f.Text)
}

// WriteGenerated carries out a GeneratedJob.
func (p *Project) WriteGenerated(ctx context.Context, job *Job, r Request, emit func(ui.Event)) error {
	return p.execute(ctx, job, r, emit)
}
