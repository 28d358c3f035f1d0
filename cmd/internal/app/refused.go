package app

import (
	"errors"
	"slices"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// Where git refuses to read the repository, since it belongs to another user, a walk finds the files. That is enough to
// look, and to run what a project offers. It is not enough to promise something of the project: that a check changed
// nothing, or which commit an image is of.

// warnRefused adds a warning if git refuses to read the repository.
func (l loader) warnRefused() {
	if refused, is := errors.AsType[*tree.RefusedError](l.Tree.Refused()); is {
		l.Warnings = append(l.Warnings, Warning{refused.Error(), refused.Hint()})
	}
}

// refuseChecks returns the refusal of git if a job has a check.
func (p *Project) refuseChecks(job *Job) error {
	refused := p.Tree.Refused()
	if refused == nil || !slices.ContainsFunc(job.Graph.Steps(), isCheck) {
		return nil
	}
	return refused
}

func isCheck(s runner.Step) bool { return s.Effect == runner.Reads }
