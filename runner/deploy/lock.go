package deploy

import (
	"context"
	"fmt"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/self"
)

// A Locker keeps the environment to one davit at a time.
type Locker interface {
	// Lock keeps others out until the lease is given back, or is lost. A *LockedError names the holder.
	Lock(ctx context.Context, o LockOptions) (*Lease, error)
	// Holder returns who has the lock; nil for nobody.
	Holder(ctx context.Context) (*Holder, error)
}

// LockOptions say who wants to have an environment alone, and what for.
type LockOptions struct {
	Owner     string
	Operation string // "deploy", "rollback"
	// Break takes the lock of somebody who is at it.
	Break bool
}

// Lease is a lock that is held. Its holder says again and again that it is there; a lease of which that is not heard ends by itself.
type Lease struct {
	// Held ends when the lease does, and outlives the context that the lock was asked for with. Its cause is a *Lost where somebody
	// else has taken the lock.
	Held context.Context
	// Unlock gives it back, also after Ctrl-C.
	Unlock func()
	// Stale is whose lock it was before, if that was not given back.
	Stale *StaleLock
}

// Holder is who has locked an environment.
type Holder struct {
	Owner     string `json:"owner"`
	Operation string `json:"operation"`
	self.Process
	Since time.Time `json:"since"`
	// Renewed is when it last said that it is there, and Expires when the lock ends if it does not say so again.
	Renewed time.Time `json:"-"`
	Expires time.Time `json:"expires"`
}

func (h Holder) String() string { return fmt.Sprintf("%s on %q", h.Owner, h.Host) }

func clock(t time.Time) string { return t.Local().Format(time.DateTime) }

// LockedError says that somebody else changes an environment. Nothing was touched.
type LockedError struct {
	fault.Refusal
	Environment string
	Holder      Holder
}

func (e *LockedError) Error() string {
	h := e.Holder
	return fmt.Sprintf("environment %q is locked by %s since %s, to %s (process %d); it was last renewed at %s and expires at %s",
		e.Environment, h, clock(h.Since), h.Operation, h.ID, clock(h.Renewed), clock(h.Expires))
}

// Hint is the next command.
func (e *LockedError) Hint() string {
	return "wait for it, or use --break-lock if that davit no longer runs"
}

// The reasons for which a lock is taken that was not given back.
const (
	LockBroken   = "broken"  // that was asked for
	LeaseExpired = "expired" // nothing was heard of its holder
	HolderExited = "gone"    // its holder was a process of this machine, and is not there any more
)

// StaleLock is a lock that was taken from its holder, and why.
type StaleLock struct {
	Holder Holder
	Reason string
}

// String is a sentence about it.
func (t *StaleLock) String() string {
	h := t.Holder
	switch t.Reason {
	case HolderExited:
		return fmt.Sprintf("took over the lock of %s: its davit, which began to %s at %s, was killed after %s", h, h.Operation, clock(h.Since), clock(h.Renewed))
	case LeaseExpired:
		return fmt.Sprintf("took over the lock of %s: its davit, which began to %s at %s, last renewed it at %s", h, h.Operation, clock(h.Since), clock(h.Renewed))
	}
	return fmt.Sprintf("broke the lock of %s, who began to %s at %s", h, h.Operation, clock(h.Since))
}

// LeaseLostError says that the lock of an environment was taken while something was being done there.
type LeaseLostError struct {
	Environment string
	By          Holder
}

func (e *LeaseLostError) Error() string {
	return fmt.Sprintf("the lock of environment %q was taken by %s at %s, to %s", e.Environment, e.By, clock(e.By.Since), e.By.Operation)
}
