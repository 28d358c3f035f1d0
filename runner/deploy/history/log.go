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
	return h.appendLog(ctx, RepairRecord, r, keep)
}

// ListRepairs returns the records of heals, the newest first.
func (h *History) ListRepairs(ctx context.Context) ([]release.Repair, error) {
	return readLog[release.Repair](ctx, h, RepairRecord)
}

// RecordAudit keeps an audit entry, and removes all but the newest ones.
func (h *History) RecordAudit(ctx context.Context, a release.AuditEntry, keep int) error {
	a.Format = release.Format
	return h.appendLog(ctx, AuditRecord, a, keep)
}

// ListAudit returns the audit entries, the newest first.
func (h *History) ListAudit(ctx context.Context) ([]release.AuditEntry, error) {
	return readLog[release.AuditEntry](ctx, h, AuditRecord)
}

// appendLog keeps a document of a log, and removes all but the newest ones.
func (h *History) appendLog(ctx context.Context, kind Kind, document any, keep int) error {
	text, err := json.Marshal(document)
	if err != nil {
		return err
	}
	if err := h.Store.Write(ctx, Document{Kind: kind, Time: h.Now()}, text); err != nil {
		return err
	}
	all, err := h.log(ctx, kind)
	for _, d := range all[min(keep, len(all)):] {
		err = errors.Join(err, h.Store.Delete(ctx, d))
	}
	return err
}

// readLog returns the documents of a log, the newest first.
func readLog[T any](ctx context.Context, h *History, kind Kind) (all []T, err error) {
	documents, err := h.log(ctx, kind)
	for _, d := range documents {
		text, err := h.Store.Read(ctx, d)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var one T
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, err
}

// log lists the documents of a log, the newest first.
func (h *History) log(ctx context.Context, kind Kind) ([]Document, error) {
	all, err := h.Store.List(ctx, kind)
	slices.SortFunc(all, func(a, b Document) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.Ref, a.Ref))
	})
	return all, err
}
