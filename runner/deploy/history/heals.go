package history

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A heal has a record, on an image of its own beside those of the releases: a heal is none, and pushes none out of the history. A label
// is all of the record, so that one question to the engine tells of all.

// healTime is in the name of the record: sorted as text, it is sorted.
const healTime = "20060102T150405.000"

// RecordRepair keeps the record of a heal, and forgets the oldest but for so many.
func (h *History) RecordRepair(ctx context.Context, r release.Repair, keep int) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	at := h.now().UTC()
	err = h.store.Make(ctx, images.Scratch{
		Name: h.repository("heal") + ":" + at.Format(healTime), Created: at, File: images.File{Name: "heal.json", Content: text},
		Labels: map[string]string{label.Project: h.of.Project, label.Environment: h.of.Name, label.Heal: string(text)},
	})
	if err != nil {
		return err
	}
	return h.forgetRepairs(ctx, keep)
}

// ListRepairs are the records of heals, the newest first.
func (h *History) ListRepairs(ctx context.Context) (all []release.Repair, err error) {
	records, err := h.repairs(ctx)
	for _, i := range records {
		var r release.Repair
		if err := json.Unmarshal([]byte(i.Labels[label.Heal]), &r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, err
}

func (h *History) repairs(ctx context.Context) ([]image.Summary, error) {
	list, err := h.store.Engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("label",
		label.Project+"="+h.of.Project, label.Environment+"="+h.of.Name, label.Heal)})
	slices.SortFunc(list.Items, func(a, b image.Summary) int {
		return cmp.Compare(slices.Max(append(b.RepoTags, "")), slices.Max(append(a.RepoTags, "")))
	})
	return list.Items, err
}

func (h *History) forgetRepairs(ctx context.Context, keep int) error {
	records, err := h.repairs(ctx)
	if err != nil || len(records) <= keep {
		return err
	}
	for _, i := range records[keep:] {
		for _, tag := range i.RepoTags {
			if err := h.store.Untag(ctx, tag); err != nil {
				return err
			}
		}
	}
	return nil
}
