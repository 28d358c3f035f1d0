package deploy

import (
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// ApplyOptions of a deploy.
type ApplyOptions struct {
	// Timeout is how long to wait for health; 0 is without a limit.
	Timeout time.Duration
	// Volumes deletes volumes that the release does not have.
	Volumes bool
	// KeepGoing goes on with the other services when one fails: on a return to an earlier release each that
	// works is better than none.
	KeepGoing bool
	// Emit takes what happens, by service; nil takes nothing.
	Emit func(ui.Event)
}

// DestroyOptions of a destroy.
type DestroyOptions struct {
	// Volumes deletes the volumes too.
	Volumes bool
	// Emit takes what happens, by service; nil takes nothing.
	Emit func(ui.Event)
}

// HealOptions of a heal.
type HealOptions struct {
	ApplyOptions
	// Keep is how many containers of each service stay quarantined.
	Keep int
}
