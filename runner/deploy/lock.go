package deploy

import (
	"context"
	"fmt"
	"time"

	"github.com/davit-dev/davit/internal/self"
)

// LockOptions say who wants to have an environment alone, and what for.
type LockOptions struct {
	Owner string
	What  string // "deploy", "rollback"
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
	// Taken is whose lock it was before, if that was not given back.
	Taken *Taken
}

// Holder is who has locked an environment.
type Holder struct {
	Owner string `json:"owner"`
	What  string `json:"what"`
	self.Process
	Since time.Time `json:"since"`
	// Heard is when it last said that it is there, and Expires when the lock ends if it does not say so again.
	Heard   time.Time `json:"-"`
	Expires time.Time `json:"expires"`
}

func (h Holder) String() string { return fmt.Sprintf("%s on %q", h.Owner, h.Host) }

func clock(t time.Time) string { return t.Local().Format(time.DateTime) }

// Locked says that somebody else changes an environment. Nothing was touched.
type Locked struct {
	Environment string
	Holder      Holder
}

func (e *Locked) Error() string {
	h := e.Holder
	return fmt.Sprintf("environment %q is locked by %s since %s, for its %s (process %d), who was heard of at %s; without a word the lock expires at %s",
		e.Environment, h, clock(h.Since), h.What, h.ID, clock(h.Heard), clock(h.Expires))
}

// ExitCode is that of what is refused.
func (e *Locked) ExitCode() int { return 4 }

// Hint is the next command.
func (e *Locked) Hint() string {
	return "wait for it; or, where that davit is no more, --break-lock"
}

// The reasons for which a lock is taken that was not given back.
const (
	Broken  = "broken"  // that was asked for
	Expired = "expired" // nothing was heard of its holder
	Gone    = "gone"    // its holder was a process of this machine, and is not there any more
)

// Taken is a lock that was taken from its holder, and why.
type Taken struct {
	Holder Holder
	Why    string
}

// String is a sentence about it.
func (t *Taken) String() string {
	h := t.Holder
	switch t.Why {
	case Gone:
		return fmt.Sprintf("the lock of %s is taken over: its davit, which began to %s at %s, was killed after %s", h, h.What, clock(h.Since), clock(h.Heard))
	case Expired:
		return fmt.Sprintf("the lock of %s is taken over: its davit, which began to %s at %s, was not heard of since %s", h, h.What, clock(h.Since), clock(h.Heard))
	}
	return fmt.Sprintf("the lock of %s is broken, who began to %s at %s", h, h.What, clock(h.Since))
}

// Lost says that the lock of an environment was taken while something was being done there.
type Lost struct {
	Environment string
	By          Holder
}

func (e *Lost) Error() string {
	return fmt.Sprintf("the lock of environment %q was taken by %s at %s, for its %s", e.Environment, e.By, clock(e.By.Since), e.By.What)
}
