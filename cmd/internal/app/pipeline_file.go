package app

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/templates/pipeline"
)

// A PipelineFile is the pipeline for a CI system, beside the file that is there.
type PipelineFile struct {
	System string `json:"system"`
	// File is where the system looks for it.
	File string `json:"file"`
	// State is absent, current, behind or foreign: davit has not written what is there.
	State string `json:"state"`
	// Text is the pipeline as it should be.
	Text string `json:"text"`
	// Now is what is there; nil without a file.
	Now []byte `json:"-"`
}

// The states of a PipelineFile.
const (
	PipelineAbsent  = "absent"
	PipelineCurrent = "current"
	PipelineBehind  = "behind"
	PipelineForeign = "foreign"
)

// PipelineFile returns the pipeline for a CI system, and how the file of the project compares with it.
func (p *Project) PipelineFile(system, version string, environments []release.Environment) (*PipelineFile, error) {
	all, err := p.Pipeline(version, environments)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(pipeline.Systems, func(s pipeline.System) bool { return s.Name == system })
	f := &PipelineFile{System: system, File: pipeline.Systems[i].File, Text: all.Render(system), State: PipelineAbsent}
	path := filepath.Join(p.Root.Dir, filepath.FromSlash(f.File))
	if !exists(path) {
		return f, nil
	}
	data, err := regular.Read(path, regular.Config)
	f.Now = data
	switch {
	case err != nil:
		return nil, usage("", "%s cannot be read: %s", f.File, regular.Reason(err))
	case string(data) == f.Text:
		f.State = PipelineCurrent
	case pipeline.IsOwn(string(data)):
		f.State = PipelineBehind
	default:
		f.State = PipelineForeign
	}
	return f, nil
}

// PipelineJob returns the job that writes a pipeline, and runs nothing. A file that davit has not written is left alone.
func (p *Project) PipelineJob(f *PipelineFile) (*Job, error) {
	if f.State == PipelineForeign {
		return nil, fault.Refusef("davit ci "+f.System+" prints the pipeline; move the file away to have it written",
			"%s is not a file that davit ci has written", f.File)
	}
	return p.writing("ci", f.File, f.Text)
}

// WritePipeline carries out a PipelineJob.
func (p *Project) WritePipeline(ctx context.Context, job *Job, r Request, emit func(ui.Event)) error {
	return p.execute(ctx, job, r, emit)
}
