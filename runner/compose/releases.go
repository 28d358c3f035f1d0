package compose

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/compose/label"
)

// store is the part of the names of images that is the same for all that davit keeps on an engine.
const store = "davit.local/"

// Records of one release are images with one number: the first when it has begun, and one more when it has ended. Labels of an image
// cannot be changed, so the last one counts; a davit that is killed leaves what is true, that nobody has said how it ended.

// repository is the name of the images of the environment's releases, and of those that the releases are made of.
func (t *Target) repository(part string) string {
	return store + t.Environment.Project + "/" + t.Environment.Name + "/" + part
}

// Record keeps a release, or how it ended, and the images that it is made of. An engine that has lost its releases gets back first what
// the registry has of them, the newest first: the number of the next one must not be taken.
func (t *Target) Record(ctx context.Context, r release.Release) error {
	for len(t.lost) > 0 {
		if err := t.keep(ctx, t.lost[0]); err != nil {
			return err
		}
		t.lost = t.lost[1:]
	}
	return t.keep(ctx, r)
}

func (t *Target) keep(ctx context.Context, r release.Release) error {
	version, err := t.engine.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return err
	}
	tag := t.repository("release") + ":" + label.Number(r.Number) + "-" + r.Result
	b, err := archive(r, tag, version.Arch, t.Now())
	if err != nil {
		return err
	}
	if err := t.tag(ctx, r); err != nil {
		return err
	}
	return load(ctx, t.engine, bytes.NewReader(b))
}

// tag names the images of a release: one that no container uses any more and that has no name is removed with the next "docker image
// prune", and the release could not come back.
func (t *Target) tag(ctx context.Context, r release.Release) error {
	for service, i := range r.Images {
		o := client.ImageTagOptions{Source: i.ID, Target: t.imageTag(service, i)}
		if _, err := t.engine.ImageTag(ctx, o); err != nil && !errdefs.IsNotFound(err) { // what is lost, Restore names
			return err
		}
	}
	return nil
}

func (t *Target) imageTag(service string, i release.Image) string {
	_, hex, _ := strings.Cut(i.ID, ":")
	return t.repository("image/"+strings.ToLower(service)) + ":" + hex[:min(12, len(hex))]
}

// records are the images of the releases, the newest first, and of one release the last first.
func (t *Target) records(ctx context.Context) ([]image.Summary, error) {
	list, err := t.engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("label",
		label.Project+"="+t.Environment.Project, label.Environment+"="+t.Environment.Name, label.Release)})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list.Items, func(a, b image.Summary) int {
		return cmp.Or(cmp.Compare(b.Labels[label.Release], a.Labels[label.Release]), cmp.Compare(b.Labels[label.Recorded], a.Labels[label.Recorded]))
	})
	return list.Items, nil
}

// Releases are the records of the environment, the newest first. What the engine says is the truth; only one that has none is taken for
// one that has lost them, and the registry is asked.
func (t *Target) Releases(ctx context.Context) (all []release.Release, err error) {
	records, err := t.records(ctx)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return t.shelved(ctx)
	}
	records = latest(records)
	found := make([]*release.Release, len(records))
	err = each(records, func(i int, r image.Summary) (err error) {
		found[i], err = t.recorded(ctx, r.ID)
		return err
	})
	for _, r := range found {
		if r != nil { // another davit has just forgotten it
			all = append(all, *r)
		}
	}
	return all, err
}

// recorded is the release in an image, nil where that is gone. It is read once: another release has another id.
func (t *Target) recorded(ctx context.Context, id string) (*release.Release, error) {
	if r, known := t.releases.Load(id); known {
		return r.(*release.Release), nil
	}
	r, err := unarchive(ctx, t.engine, id)
	if err != nil {
		return nil, gone(err)
	}
	t.releases.Store(id, &r)
	return &r, nil
}

// shelved are the releases that the registry has and the engine has not.
func (t *Target) shelved(ctx context.Context) (all []release.Release, err error) {
	s := t.shelfOf(t.Environment)
	if s == nil {
		return nil, nil
	}
	if t.lost, err = s.releases(ctx); err != nil {
		return nil, runner.Impossible(unasked(err, t.Environment), "the engine of %s has no releases, and whether there were any is not known: %v", t.Environment.Name, err)
	}
	return slices.Clone(t.lost), nil
}

// unasked is the next command where a registry does not tell.
func unasked(err error, e release.Environment) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		return h.Hint()
	}
	return "registry = false in [environments." + e.Name + "] keeps its releases on its engine alone"
}

// Forget removes the oldest releases but for so many, and what only they need. The last healthy one stays in any case: it is what a
// deploy that fails returns to.
func (t *Target) Forget(ctx context.Context, keep int) error {
	all, err := t.Releases(ctx)
	if err != nil {
		return err
	}
	gone, kept := map[string]bool{}, map[string]bool{}
	good := slices.IndexFunc(all, func(r release.Release) bool { return r.Result == release.Healthy })
	for i, r := range all {
		if i < keep || i == good {
			t.names(r, kept)
		} else {
			gone[label.Number(r.Number)] = true
		}
	}
	if err := t.forgetRecords(ctx, gone); err != nil {
		return err
	}
	return t.forgetImages(ctx, kept)
}

func (t *Target) names(r release.Release, into map[string]bool) {
	for service, i := range r.Images {
		into[t.imageTag(service, i)] = true
	}
}

func (t *Target) forgetRecords(ctx context.Context, numbers map[string]bool) error {
	records, err := t.records(ctx)
	if err != nil {
		return err
	}
	for _, r := range records {
		names := slices.DeleteFunc(r.RepoTags, func(tag string) bool { return tag == "<none>:<none>" })
		if len(names) == 0 { // a davit was killed while the engine loaded it
			names = []string{r.ID}
		} else if !numbers[r.Labels[label.Release]] {
			continue
		}
		for _, name := range names {
			if err := t.untag(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetImages takes the names of the environment from images that no release has any more. An image that a container uses stays.
func (t *Target) forgetImages(ctx context.Context, kept map[string]bool) error {
	list, err := t.engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("reference", t.repository("image/*"))})
	if err != nil {
		return err
	}
	for _, i := range list.Items {
		for _, tag := range i.RepoTags {
			if strings.HasPrefix(tag, t.repository("image/")) && !kept[tag] {
				if err := t.untag(ctx, tag); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (t *Target) untag(ctx context.Context, tag string) error {
	_, err := t.engine.ImageRemove(ctx, tag, client.ImageRemoveOptions{PruneChildren: true})
	if errdefs.IsNotFound(err) || errdefs.IsConflict(err) {
		return nil
	}
	return err
}
