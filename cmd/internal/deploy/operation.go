package deploy

import (
	"context"
	"errors"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// An operation is one change of one environment, under its lock.
type operation struct {
	*session
	environments *Environments
	request      Request
	emit         func(ui.Event)
	held         context.Context // while the environment is locked
	by           string          // who changes the environment
	// commit waits for what git says about the project.
	commit func() (tree.Commit, error)
	// leaving are the releases whose ways down run before a rollback, the newest first.
	leaving []release.Release
	// unsigned says that the current release lacks a signature which [trust] requires, and that this is accepted.
	unsigned bool
}

// errKilled is how an operation has ended whose lock was left behind.
var errKilled = errors.New("its davit was killed")

// change opens and locks an environment for do. Its context ends when the lock is lost: then somebody else is
// at work.
func (e *Environments) change(
	ctx context.Context, r Request, name string, emit func(ui.Event),
	do func(context.Context, *operation) error,
) error {
	s, err := e.connectNamed(ctx, r.Environment) // others may deploy until the lock is held
	if err != nil {
		return err
	}
	defer s.close()
	if err := e.checkVerify(s); err != nil {
		return err
	}
	by := e.by(ctx)
	lease, err := e.lock(ctx, s, r, deploy.LockOptions{Owner: by, Operation: name, Break: r.BreakLock}, emit)
	if err != nil {
		return err
	}
	defer lease.Unlock()
	if err := s.readReleases(ctx); err != nil {
		return err
	}
	if err := s.verifyHistory(ctx, r.AcceptHistory, emit); err != nil {
		return err
	}
	o := &operation{session: s, environments: e, request: r, emit: emit, held: lease.Held, by: by}
	if lease.Stale != nil {
		emit(ui.Event{Type: ui.EventWarning, Text: lease.Stale.String()})
		o.audit(ctx, release.TookLock, lease.Stale.String(), nil)
		if lease.Stale.Holder.Operation == "destroy" {
			o.audit(ctx, release.Destroyed, "", errKilled)
		}
	}
	ctx, cancel := o.whileHeld(ctx)
	defer cancel()
	return o.leaseLost(do(ctx, o))
}

// verifyHistory refuses a change if a newer davit has recorded releases, or if they are not as this machine has
// left them and that is not accepted.
func (s *session) verifyHistory(ctx context.Context, accept bool, emit func(ui.Event)) error {
	if err := s.writable(); err != nil {
		return err
	}
	err := s.backend.VerifyHistory(ctx, true, accept)
	if !notRemembered(err) {
		return err
	}
	if emit != nil {
		emit(ui.Event{Type: ui.EventWarning, Text: err.Error(), Hint: "XDG_STATE_HOME=DIR chooses another folder"})
	}
	return nil
}

// checkVerify returns why the verify targets of an environment cannot be run.
func (e *Environments) checkVerify(s *session) error {
	if len(s.Verify) == 0 {
		return nil
	}
	return e.Verifier.CheckTargets(s.Verify)
}

// whileHeld returns a context that ends with its parent, or when the lease does.
func (o *operation) whileHeld(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(o.held, func() { cancel(context.Cause(o.held)) })
	return ctx, func() { stop(); cancel(nil) }
}

// leaseLost replaces an error by the reason for it where the lock was lost: somebody else changes the
// environment now.
func (o *operation) leaseLost(err error) error {
	lost, is := errors.AsType[*deploy.LeaseLostError](context.Cause(o.held))
	if err == nil || !is {
		return err
	}
	return &fault.Error{Reason: lost.Error() + "; this davit has stopped, and left the rest to them",
		Next: "davit status " + o.Name + " shows what runs"}
}

// track returns what makes steps of the events of services.
func (o *operation) track() *track { return o.environments.track(o.emit) }
