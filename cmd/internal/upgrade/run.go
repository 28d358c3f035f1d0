package upgrade

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
)

// The outcomes of a subject.
const (
	Moved     = "moved"      // to its newest versions
	Unchanged = "unchanged"  // there was nothing to change
	Declined  = "declined"   // it was not wanted, and is as it was
	TakenBack = "taken back" // it was moved, and is as it was
)

// A Reporter tells the user what happens, and asks.
type Reporter interface {
	// Propose tells what a subject would do.
	Propose(*Proposal)
	// Show shows what became of the files of a subject that was moved.
	Show(subject string, changes []Change)
	// Agrees reports whether the user wants the changes of a subject.
	Agrees(ctx context.Context, subject string) (bool, error)
	// Resume tells that an earlier upgrade of a subject was interrupted, and which files it has left changed; kept is the
	// folder of what those were that git does not have.
	Resume(subject string, left []string, kept string)
	// End tells how the upgrade of a subject ended, and why; kept is the folder of what it had written.
	End(subject, outcome, reason, kept string)
}

// Options are what an upgrade depends on besides its subjects.
type Options struct {
	Reporter Reporter
	// Test checks the project after each subject, and before the first; nil for no check.
	Test func(context.Context) error
	// Commit makes a commit of each subject.
	Commit bool
}

// Run moves subjects, one after the other. Its error says which of them were taken back.
func (w *Work) Run(ctx context.Context, subjects []Subject, o Options) error {
	if err := w.resume(ctx, o.Reporter); err != nil {
		return err
	}
	if err := w.checkCommitted(ctx, o); err != nil {
		return err
	}
	r := &run{Options: o, w: w}
	for _, s := range subjects {
		if err := r.subject(ctx, s); err != nil {
			return err
		}
	}
	if len(r.takenBack) > 0 {
		return &fault.Error{Reason: fmt.Sprintf("%s: taken back, since davit check fails with it", text.And(r.takenBack)),
			Next: "what it changed is in the folder that is named above"}
	}
	return nil
}

// checkCommitted refuses to commit where something is not committed yet.
func (w *Work) checkCommitted(ctx context.Context, o Options) error {
	if !o.Commit {
		return nil
	}
	if !w.inGit() {
		return fault.Preconditionf("git init makes one", "--commit needs a repository of git, and this is none")
	}
	names, err := w.files(ctx)
	if err != nil || len(names) == 0 {
		return err
	}
	return fault.Refusef("commit it, or git stash --include-untracked", "--commit makes commits of the upgrade alone, and %s not committed yet",
		amount(names))
}

// amount names one file, or how many there are.
func amount(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return fmt.Sprintf("%s and %d more are", names[0], len(names)-1)
}

// A run is one call of Run.
type run struct {
	Options
	w         *Work
	tested    bool
	takenBack []string
}

// subject moves one subject.
func (r *run) subject(ctx context.Context, s Subject) error {
	p, err := s.Propose(ctx)
	if err != nil || p == nil {
		return err
	}
	r.Reporter.Propose(p)
	if p.Move == nil {
		return nil
	}
	if p.Conflict != nil && (r.Test != nil || r.Commit) {
		return fault.Refusef("davit upgrade "+s.Name+" without --test and --commit marks them", "%v; nothing of it was changed", p.Conflict)
	}
	if err := r.testBefore(ctx); err != nil {
		return err
	}
	if p.Changes != nil {
		if yes, err := r.Reporter.Agrees(ctx, s.Name); err != nil || !yes {
			r.Reporter.End(s.Name, Declined, "", "")
			return err
		}
	}
	return r.move(ctx, p)
}

// testBefore refuses an upgrade of a project that fails its check already.
func (r *run) testBefore(ctx context.Context) error {
	if r.Test == nil || r.tested {
		return nil
	}
	r.tested = true
	err := r.Test(ctx)
	if err == nil || fault.ChangedNothing(err) || fault.Of(err).Stops() {
		return err
	}
	return fault.Refusef("davit check says what, and without --test nothing is checked", "davit check fails before anything is upgraded")
}

// move moves a subject, and takes it back if it is not wanted then.
func (r *run) move(ctx context.Context, p *Proposal) error {
	copies, err := r.w.copy(ctx, p)
	if err != nil {
		return err
	}
	moved := p.Move(ctx)
	changes, err := copies.Changes(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	if moved == nil {
		moved = context.Cause(ctx)
	}
	if moved != nil {
		return errors.Join(r.takeBack(ctx, copies, changes, "it failed"), moved)
	}
	return r.settle(ctx, p, copies, changes)
}

// settle asks about the changes of a subject if that has not been done, checks, and commits.
func (r *run) settle(ctx context.Context, p *Proposal, copies *Copies, changes []Change) error {
	if len(changes) == 0 {
		r.Reporter.End(p.Subject, Unchanged, "", "")
		return copies.Forget()
	}
	if p.Changes == nil {
		r.Reporter.Show(p.Subject, changes)
		if yes, err := r.Reporter.Agrees(ctx, p.Subject); err != nil || !yes {
			return errors.Join(r.takeBack(ctx, copies, changes, "not confirmed"), err)
		}
	}
	if p.Conflict != nil {
		return errors.Join(copies.Forget(), p.Conflict)
	}
	if err := r.test(ctx); err != nil {
		failed := r.takeBack(ctx, copies, changes, "davit check fails with it")
		if failed != nil || fault.Of(err).Stops() {
			return errors.Join(failed, err)
		}
		r.takenBack = append(r.takenBack, p.Subject)
		return nil
	}
	if r.Commit && copies.Head == r.w.tree.Head().Commit {
		if err := r.w.commit(ctx, message(p, changes), paths(changes)); err != nil {
			return errors.Join(r.takeBack(ctx, copies, changes, "it could not be committed"), err)
		}
	}
	r.Reporter.End(p.Subject, Moved, "", "")
	return copies.Forget()
}

func (r *run) test(ctx context.Context) error {
	if r.Test == nil {
		return nil
	}
	return r.Test(ctx)
}

// takeBack takes a subject back, and tells so.
func (r *run) takeBack(ctx context.Context, copies *Copies, changes []Change, reason string) error {
	if len(changes) == 0 {
		return copies.Forget()
	}
	if head := r.w.tree.Head().Commit; head != copies.Head {
		return errors.Join(copies.Forget(), fmt.Errorf("%s made a commit, %.12s, which is not taken back", copies.Subject, head))
	}
	kept, err := copies.TakeBack(context.WithoutCancel(ctx), changes)
	if err != nil {
		return err
	}
	r.Reporter.End(copies.Subject, TakenBack, reason, kept)
	return copies.Forget()
}

func paths(changes []Change) (names []string) {
	for _, c := range changes {
		names = append(names, c.Path)
	}
	return names
}

// message returns the message of the commit of a subject.
func message(p *Proposal, changes []Change) string {
	var lines []string
	for _, i := range p.Items {
		if i.Moves() {
			lines = append(lines, fmt.Sprintf("%s: %s to %s", i.Name, i.Current, i.Newest))
		}
	}
	if len(lines) == 0 {
		lines = paths(changes)
	}
	return "Upgrade " + p.Subject + "\n\n" + strings.Join(lines, "\n") + "\n"
}
