package compose

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/runner/compose/label"
)

// A heal has a record, on an image of its own beside those of the releases: a heal is none, and pushes none out of the history. A label
// is all of the record, so that one question to the engine tells of all.

// Note keeps the record of a heal, and forgets the oldest but for so many.
func (t *Target) Note(ctx context.Context, r release.Repair, keep int) error {
	version, err := t.engine.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	at := t.Now().UTC()
	tag := t.repository("heal") + ":" + at.Format(asideTime)
	labels := map[string]string{label.Project: t.Environment.Project, label.Environment: t.Environment.Name, label.Heal: string(text)}
	b, err := scratch(tag, version.Arch, at, labels, file{"heal.json", text})
	if err != nil {
		return err
	}
	if err := load(ctx, t.engine, bytes.NewReader(b)); err != nil {
		return err
	}
	return t.forgetRepairs(ctx, keep)
}

// Repairs are the records of heals, the newest first.
func (t *Target) Repairs(ctx context.Context) (all []release.Repair, err error) {
	images, err := t.repairs(ctx)
	for _, i := range images {
		var r release.Repair
		if err := json.Unmarshal([]byte(i.Labels[label.Heal]), &r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, err
}

func (t *Target) repairs(ctx context.Context) ([]image.Summary, error) {
	list, err := t.engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("label",
		label.Project+"="+t.Environment.Project, label.Environment+"="+t.Environment.Name, label.Heal)})
	slices.SortFunc(list.Items, func(a, b image.Summary) int {
		return cmp.Compare(slices.Max(append(b.RepoTags, "")), slices.Max(append(a.RepoTags, "")))
	})
	return list.Items, err
}

func (t *Target) forgetRepairs(ctx context.Context, keep int) error {
	images, err := t.repairs(ctx)
	if err != nil || len(images) <= keep {
		return err
	}
	for _, i := range images[keep:] {
		for _, tag := range i.RepoTags {
			if err := t.untag(ctx, tag); err != nil {
				return err
			}
		}
	}
	return nil
}
