package deploy

import (
	"cmp"
	"context"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Request is what a deploy, the plan of one, a rollback or a destroy was asked for.
type Request struct {
	// Environment to change.
	Environment string
	// From is the environment to take a release from; empty is the one that is required.
	From string
	// ForceSkip skips a stage of the promotion order, or takes a release that is not healthy.
	ForceSkip bool
	// Wait is how long to wait for the lock of another davit; 0 refuses at once.
	Wait time.Duration
	// BreakLock takes over the lock of another davit.
	BreakLock bool
	// AcceptHistory takes the releases as they are, although they are not as this machine has left them.
	AcceptHistory bool
	// Pull asks registries for the images that are not built, even for those that the engine has.
	Pull bool
	// RunJobs runs the jobs, too, that the way back to the last release has skipped.
	RunJobs bool
	// NoBuild builds nothing: a plan takes the images of the current release for what would be built.
	NoBuild bool
	// Volumes deletes those that nothing uses any more.
	Volumes bool
	// Releases removes those of an environment that is destroyed, with the images that only they keep.
	Releases bool
	// Timeout of the wait for health; 0 is that of the environment.
	Timeout time.Duration
	// Saved is a plan that was made before, which is carried out as it is or not at all.
	Saved *Proposal
	// Confirm gets what is to be changed before it is. With ask, it returns an error if it is not to be.
	Confirm func(ctx context.Context, proposal *Proposal, ask bool) error
	// Kill is closed by a second Ctrl-C.
	Kill <-chan struct{}
}

// timeout returns how long to wait for health.
func (o *operation) timeout() time.Duration { return cmp.Or(o.request.Timeout, o.Timeout) }

// Outcome is how a deploy, or a rollback, ended well.
type Outcome struct {
	Release release.Release
	// Changed says that something had to be changed.
	Changed bool
}

func usage(hint, format string, args ...any) error { return fault.Preconditionf(hint, format, args...) }

func refused(hint, format string, args ...any) error { return fault.Refusef(hint, format, args...) }
