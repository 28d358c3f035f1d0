package history

import (
	"context"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Kind is what a document records.
type Kind string

// The kinds of documents.
const (
	ReleaseRecord Kind = "release"
	RepairRecord  Kind = "repair"
	// AuditRecord says that something else changed the environment: a destroy, a lock that was taken over, a command.
	AuditRecord Kind = "audit"
	// OwnershipRecord says what of the engine belongs to the environment.
	OwnershipRecord Kind = "ownership"
	// SignatureRecord is a signature of the record of a release.
	SignatureRecord Kind = "signature"
	// KeyRecord is the key of the hashes of secrets.
	KeyRecord Kind = "key"
)

// A Document is one record of an environment.
type Document struct {
	Kind Kind
	// Number is that of the release, and Result its result at that time; other documents have neither.
	Number int
	Result release.Result
	// Time is when it was recorded.
	Time time.Time
	// Ref is the store's name of it; empty for one that is about to be written.
	Ref string
	// Text is set by a store that lists documents with their text; Read returns it.
	Text []byte
}

// A Store keeps the documents of one environment.
type Store interface {
	// List returns all documents of a kind, in any order.
	List(ctx context.Context, kind Kind) ([]Document, error)
	// Read returns the text of a document. The error of one that is gone is fs.ErrNotExist.
	Read(ctx context.Context, d Document) ([]byte, error)
	// Write keeps a document.
	Write(ctx context.Context, d Document, text []byte) error
	// Delete removes a document. One that is gone is no error.
	Delete(ctx context.Context, d Document) error
	// Propose returns the text that was proposed first for a document of a kind, until that is ended: all that
	// propose one at the same time get the same.
	Propose(ctx context.Context, kind Kind, text []byte) ([]byte, error)
	// EndProposal ends a proposal. One that is gone is no error.
	EndProposal(ctx context.Context, kind Kind) error
}

// Images protects the images of releases from being cleaned up.
type Images interface {
	// Keep protects the image of a service. An image that is lost is no error.
	Keep(ctx context.Context, service string, i release.Image) error
	// Unkeep ends the protection of all images of the environment but those of some releases.
	Unkeep(ctx context.Context, but []release.Release) error
	// Push sends an image to a registry under a reference. An image that is lost is no error.
	Push(ctx context.Context, i release.Image, ref string, emit func(ui.Event)) error
}
