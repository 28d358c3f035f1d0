package deploy

import (
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// ApplyOptions say how to deploy.
type ApplyOptions struct {
	// Timeout is how long to wait for health; 0 is without a limit.
	Timeout time.Duration
	// Volumes deletes volumes that the release does not have.
	Volumes bool
	// KeepGoing continues with the other services when one fails. On the way back to an earlier release, some
	// services that work are better than none.
	KeepGoing bool
	// Emit receives events, by service; nil receives nothing.
	Emit func(ui.Event)
}

// DestroyOptions say what to remove.
type DestroyOptions struct {
	// Volumes deletes the volumes too.
	Volumes bool
	// Emit receives events, by service; nil receives nothing.
	Emit func(ui.Event)
}

// HealOptions say how to heal.
type HealOptions struct {
	ApplyOptions
	// Keep is how many containers of each service stay in quarantine.
	Keep int
}
