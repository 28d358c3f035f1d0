package history

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// RemoveReleases removes all releases and heals, in the registry too, and what only they need, with the record of what
// belongs to the environment where nothing does any more. Of releases that are
// left if it ends early, each has those before it.
func (h *History) RemoveReleases(ctx context.Context) error {
	defer h.Settle()
	h.returned.Store(nil)
	if err := h.removeMirrored(ctx); err != nil {
		return err
	}
	all, err := h.documents(ctx)
	if err != nil {
		return err
	}
	repairs, err := h.Store.List(ctx, RepairRecord)
	if err != nil {
		return err
	}
	for _, d := range slices.Concat(all, repairs) {
		if err := h.Store.Delete(ctx, d); err != nil {
			return err
		}
	}
	if err := h.removeSignatures(ctx, func(int) bool { return true }); err != nil {
		return err
	}
	h.kept.Clear()
	if err := h.Images.Unkeep(ctx, nil); err != nil {
		return err
	}
	return h.removeOwnership(ctx)
}

// removeMirrored removes all that the mirror has, the newest records first.
func (h *History) removeMirrored(ctx context.Context) error {
	if h.mirror == nil {
		return nil
	}
	tags, err := h.mirror.Tags(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries(tags) {
		if err := h.mirror.Delete(ctx, e.tag); err != nil {
			return err
		}
	}
	for _, tag := range tags {
		if strings.HasPrefix(tag, imagePrefix) || strings.HasPrefix(tag, signaturePrefix) {
			if err := h.mirror.Delete(ctx, tag); err != nil {
				return err
			}
		}
	}
	if tags, err = h.mirror.Tags(ctx); err == nil && len(entries(tags)) > 0 {
		err = fmt.Errorf("the registry does not delete: it still has %s:%s", MirrorRepository(h.Environment), entries(tags)[0].tag)
	}
	return err
}

// Removed returns the number of the newest release that RemoveReleases has removed; 0 for none.
func (h *History) Removed(ctx context.Context) (number int, err error) {
	all, err := h.ListAudit(ctx)
	for _, a := range all {
		if a.Action == release.RemovedReleases {
			number = max(number, a.Release)
		}
	}
	return number, err
}
