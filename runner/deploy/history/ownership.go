package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Ownership returns the record of what belongs to the environment; nil if there is none.
func (h *History) Ownership(ctx context.Context) (*release.Ownership, error) {
	all, err := h.ownerships(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	text, err := h.Store.Read(ctx, all[0])
	if errors.Is(err, fs.ErrNotExist) { // another davit has just written the next one
		return h.Ownership(ctx)
	}
	if err != nil {
		return nil, err
	}
	o := &release.Ownership{}
	if err := json.Unmarshal(text, o); err != nil {
		return nil, fmt.Errorf("the record of what belongs to %s cannot be read: %w", h.Environment.Name, err)
	}
	return o, nil
}

// RecordOwnership keeps the record of what belongs to the environment in the place of the last one. The newest counts: an
// older one that cannot be removed now is removed with the next.
func (h *History) RecordOwnership(ctx context.Context, o release.Ownership) error {
	before, err := h.ownerships(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := h.Store.Write(ctx, Document{Kind: OwnershipRecord, Time: h.Now()}, text); err != nil {
		return err
	}
	for _, d := range before {
		_ = h.Store.Delete(ctx, d)
	}
	return nil
}

// ownerships returns the documents, the newest first. There are several only while one is replaced.
func (h *History) ownerships(ctx context.Context) ([]Document, error) {
	all, err := h.Store.List(ctx, OwnershipRecord)
	slices.SortFunc(all, func(a, b Document) int { return b.Time.Compare(a.Time) })
	return all, err
}
