package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// removalTimeout is how long the removal of a document that was replaced may take.
const removalTimeout = 10 * time.Second

// Ownership returns the record of what belongs to the environment; nil if there is none.
func (h *History) Ownership(ctx context.Context) (*release.Ownership, error) {
	o, _, err := h.readOwnership(ctx)
	return o, err
}

// readOwnership returns the record, and all documents.
func (h *History) readOwnership(ctx context.Context) (*release.Ownership, []Document, error) {
	all, err := h.ownerships(ctx)
	if err != nil || len(all) == 0 {
		return nil, all, err
	}
	text, err := h.Store.Read(ctx, all[0])
	if errors.Is(err, fs.ErrNotExist) { // another davit has just written the next one
		return h.readOwnership(ctx)
	}
	if err != nil {
		return nil, all, err
	}
	o := &release.Ownership{}
	if err := json.Unmarshal(text, o); err != nil {
		return nil, all, fmt.Errorf("the record of what belongs to %s cannot be read: %w", h.Environment.Name, err)
	}
	return o, all, nil
}

// RecordOwnership keeps the record of what belongs to the environment in the place of the last one.
func (h *History) RecordOwnership(ctx context.Context, o release.Ownership) error {
	before, err := h.ownerships(ctx)
	if err != nil {
		return err
	}
	return h.replaceOwnership(ctx, before, o)
}

// UpdateOwnership replaces the record by what next makes of it; with nil, it stays.
func (h *History) UpdateOwnership(
	ctx context.Context, next func(was *release.Ownership) (*release.Ownership, error),
) error {
	was, before, err := h.readOwnership(ctx)
	if err != nil {
		return err
	}
	o, err := next(was)
	if err != nil || o == nil {
		return err
	}
	return h.replaceOwnership(ctx, before, *o)
}

// replaceOwnership writes the record and begins to remove the documents before it. The newest counts: an older one that
// cannot be removed now is removed with the next.
func (h *History) replaceOwnership(ctx context.Context, before []Document, o release.Ownership) error {
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := h.Store.Write(ctx, Document{Kind: OwnershipRecord, Time: h.Now()}, text); err != nil {
		return err
	}
	h.removals.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTimeout)
		defer cancel()
		for _, d := range before {
			_ = h.Store.Delete(ctx, d)
		}
	})
	return nil
}

// removeOwnership removes a record by which nothing belongs to the environment.
func (h *History) removeOwnership(ctx context.Context) error {
	h.Settle() // what is being replaced
	o, all, err := h.readOwnership(ctx)
	if err != nil || o == nil || !o.Empty() {
		return err
	}
	for _, d := range all {
		if err := h.Store.Delete(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// ownerships returns the documents, the newest first. There are several only while one is replaced.
func (h *History) ownerships(ctx context.Context) ([]Document, error) {
	all, err := h.Store.List(ctx, OwnershipRecord)
	slices.SortFunc(all, func(a, b Document) int { return b.Time.Compare(a.Time) })
	return all, err
}
