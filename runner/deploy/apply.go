package deploy

import (
	"context"
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
	// Recorded waits until the release is recorded as pending; nil is for one that is. Apply calls it before the first
	// change of what is there, and meanwhile makes only new networks and volumes. Its error ends Apply.
	Recorded func() error
	// Verify checks the release once all services are healthy; nil checks nothing. Its error is that of Apply.
	Verify func(ctx context.Context) error
	// Emit receives events, by service; nil receives nothing.
	Emit func(ui.Event)
}

// AwaitRecord calls Recorded.
func (o ApplyOptions) AwaitRecord() error {
	if o.Recorded == nil {
		return nil
	}
	return o.Recorded()
}

// RunVerify calls Verify.
func (o ApplyOptions) RunVerify(ctx context.Context) error {
	if o.Verify == nil {
		return nil
	}
	return o.Verify(ctx)
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
