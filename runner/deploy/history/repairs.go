package history

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// RecordRepair keeps the record of a heal, and removes all but the newest ones. A heal is no release, and
// pushes none out of the history.
func (h *History) RecordRepair(ctx context.Context, r release.Repair, keep int) error {
	r.Format = release.Format
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := h.Store.Write(ctx, Document{Kind: RepairRecord, Number: r.Release, Result: r.Result,
		Time: h.Now()}, text); err != nil {
		return err
	}
	all, err := h.repairs(ctx)
	for _, d := range all[min(keep, len(all)):] {
		err = errors.Join(err, h.Store.Delete(ctx, d))
	}
	return err
}

// ListRepairs returns the records of heals, the newest first.
func (h *History) ListRepairs(ctx context.Context) (all []release.Repair, err error) {
	documents, err := h.repairs(ctx)
	for _, d := range documents {
		text, err := h.Store.Read(ctx, d)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var r release.Repair
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, err
}

func (h *History) repairs(ctx context.Context) ([]Document, error) {
	all, err := h.Store.List(ctx, RepairRecord)
	slices.SortFunc(all, func(a, b Document) int {
		return cmp.Or(b.Time.Compare(a.Time),
			cmp.Compare(b.Ref, a.Ref))
	})
	return all, err
}
