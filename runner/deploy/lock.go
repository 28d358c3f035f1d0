package deploy

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/self"
)

// A Locker lets one davit at a time change the environment.
type Locker interface {
	// Lock acquires the lease of the environment. A *LockedError names the holder of one that is taken.
	Lock(ctx context.Context, o LockOptions) (*Lease, error)
	// Holder returns who holds the lock; nil for nobody.
	Holder(ctx context.Context) (*Holder, error)
}

// LockOptions say who acquires the lock, and for what.
type LockOptions struct {
	Owner     string
	Operation string // "deploy", "rollback"
	// Break takes the lock from a holder that still renews it.
	Break bool
}

// A Lease is a lock that is held. Its holder renews it; one that is not renewed expires.
type Lease struct {
	// Held ends when the lease does, and outlives the context that the lock was acquired with. Its cause is a
	// *LeaseLostError where somebody else has taken the lock.
	Held context.Context
	// Unlock releases the lock, also after Ctrl-C.
	Unlock func()
	// Stale is the lock that was taken over, if the last holder did not release it.
	Stale *StaleLock
}

// A Holder is who has locked an environment.
type Holder struct {
	Owner     string `json:"owner"`
	Operation string `json:"operation"`
	self.Process
	Since time.Time `json:"since"`
	// Renewed is when the lease was last renewed, and Expires when it ends if it is not renewed again.
	Renewed time.Time `json:"-"`
	Expires time.Time `json:"expires"`
}

// String returns who and where: `Ann <ann@example.com> on "build-7"`.
func (h Holder) String() string {
	if strings.HasSuffix(h.Owner, "@"+h.Host) {
		return h.Owner
	}
	return fmt.Sprintf("%s on %q", h.Owner, h.Host)
}

// Activity returns who does what, and since when: `Ann <ann@example.com> on "build-7" began to deploy at …`.
func (h Holder) Activity() string {
	return fmt.Sprintf("%s began to %s at %s", h, h.Operation, clock(h.Since))
}

func clock(t time.Time) string { return t.Local().Format(time.DateTime) }

// A LockedError says that somebody else is changing an environment. Nothing was touched.
type LockedError struct {
	fault.Refusal
	Environment string
	Holder      Holder
}

func (e *LockedError) Error() string {
	h := e.Holder
	return fmt.Sprintf(
		"environment %q is locked by %s since %s, to %s (process %d); it was last renewed at %s and expires at %s",
		e.Environment, h, clock(h.Since), h.Operation, h.ID, clock(h.Renewed), clock(h.Expires))
}

// Hint returns the next thing to do.
func (e *LockedError) Hint() string {
	return "--wait 10m waits for it; --break-lock takes it over if that davit no longer runs"
}

// The reasons for which a lock is taken that was not released.
const (
	LockBroken   = "broken"  // with --break-lock
	LeaseExpired = "expired" // its holder did not renew it
	HolderExited = "gone"    // its holder was a process of this machine that has exited
)

// A StaleLock is a lock that was taken from its holder, and why.
type StaleLock struct {
	Holder Holder
	Reason string
}

// String returns a sentence about it.
func (t *StaleLock) String() string {
	h := t.Holder
	switch t.Reason {
	case HolderExited:
		return fmt.Sprintf(
			"took over the lock of %s: its davit, which began to %s at %s, was killed after %s", h,
			h.Operation, clock(h.Since), clock(h.Renewed))
	case LeaseExpired:
		return fmt.Sprintf(
			"took over the lock of %s: its davit, which began to %s at %s, last renewed it at %s", h,
			h.Operation, clock(h.Since), clock(h.Renewed))
	}
	return fmt.Sprintf("broke the lock of %s, who began to %s at %s", h, h.Operation, clock(h.Since))
}

// A LeaseLostError says that the lock of an environment was taken while a change was under way.
type LeaseLostError struct {
	Environment string
	By          Holder
}

func (e *LeaseLostError) Error() string {
	return fmt.Sprintf(
		"the lock of environment %q was taken by %s at %s, to %s", e.Environment, e.By, clock(e.By.Since),
		e.By.Operation)
}
