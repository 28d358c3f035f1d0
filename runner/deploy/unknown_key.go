package deploy

import (
	"fmt"

	"github.com/davit-dev/davit/internal/fault"
)

// An UnknownKeyError says that the secrets of a release cannot be compared with anything: the key of its hashes is
// not here.
type UnknownKeyError struct {
	fault.Refusal
	Release     int
	Environment string
}

func (e *UnknownKeyError) Error() string {
	return fmt.Sprintf("release %d of %s has its hashes of secrets with a key that is not on its engine, so the secrets "+
		"cannot be compared and count as changed", e.Release, e.Environment)
}

// Hint returns the next thing to do.
func (e *UnknownKeyError) Hint() string {
	return "set DAVIT_RELEASE_KEY as it was then, or davit deploy " + e.Environment + " makes a release with the key of today"
}
