package deploy

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A ReleaseStore keeps the records of the environment where everyone who deploys to it sees them.
type ReleaseStore interface {
	// Releases returns the records, the newest first.
	Releases(ctx context.Context) ([]release.Release, error)
	// Record keeps a release, or its result.
	Record(ctx context.Context, r release.Release) error
	// PruneReleases removes all but the newest releases, and what only they need. The last healthy one stays.
	PruneReleases(ctx context.Context, keep int) error
	// ListRepairs returns the records of heals, the newest first.
	ListRepairs(ctx context.Context) ([]release.Repair, error)
	// RecordRepair keeps the record of a heal, and removes all but the newest ones.
	RecordRepair(ctx context.Context, r release.Repair, keep int) error
}
