package runner

import (
	"fmt"
	"time"

	"github.com/davit-dev/davit/internal/release"
)

// Locked says that somebody else changes an environment. Nothing was touched.
type Locked struct {
	Environment string
	Holder      release.Holder
}

func (e *Locked) Error() string {
	h := e.Holder
	return fmt.Sprintf("environment %q is locked by %s on %q since %s, for its %s (process %d); the lock expires at %s",
		e.Environment, h.Owner, h.Host, h.Since.Format(time.RFC3339), h.What, h.Process, h.Expires.Format(time.RFC3339))
}

// ExitCode is that of what is refused.
func (e *Locked) ExitCode() int { return 4 }

// Hint is the next command.
func (e *Locked) Hint() string {
	return "wait for it; or, where that davit is no more, --break-lock"
}
