package deploy

import (
	"context"

	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A ReleaseStore keeps the records of the environment where everyone who deploys to it sees them.
type ReleaseStore interface {
	// Releases returns the records, the newest first. One that cannot be used says so in Invalid.
	Releases(ctx context.Context) ([]release.Release, error)
	// Namesakes returns the last release of each environment of this name that another project has on the engine, and
	// of which something is there.
	Namesakes(ctx context.Context) ([]release.Release, error)
	// VerifyHistory returns an error that nothing may be changed with if the records that Releases has just returned,
	// or else those that there are, are not the descent of those that this machine has seen. With compare, a registry
	// is asked too. With accept, the records count as they are from now on. A *NotRememberedError is no reason to
	// refuse anything.
	VerifyHistory(ctx context.Context, compare, accept bool) error
	// Record keeps a release, or its result.
	Record(ctx context.Context, r release.Release) error
	// SignWith has the records of releases signed that become healthy from now on.
	SignWith(s trust.Signer)
	// Signatures returns the signatures of the record of a release. They are not verified.
	Signatures(ctx context.Context, r release.Release) ([]trust.Signature, error)
	// PruneReleases removes all but the newest releases, and what only they need. The last two healthy ones stay.
	PruneReleases(ctx context.Context, keep int) error
	// RemoveReleases removes all releases and heals, and what only they need. An audit entry says so before.
	RemoveReleases(ctx context.Context) error
	// Removed returns the number of the newest release that was removed so; 0 for none.
	Removed(ctx context.Context) (int, error)
	// ListRepairs returns the records of heals, the newest first.
	ListRepairs(ctx context.Context) ([]release.Repair, error)
	// RecordRepair keeps the record of a heal, and removes all but the newest ones.
	RecordRepair(ctx context.Context, r release.Repair, keep int) error
	// ListAudit returns the audit entries, the newest first.
	ListAudit(ctx context.Context) ([]release.AuditEntry, error)
	// RecordAudit keeps an audit entry, and removes all but the newest ones.
	RecordAudit(ctx context.Context, a release.AuditEntry, keep int) error
}
