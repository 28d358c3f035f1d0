package history

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Options describe a History.
type Options struct {
	Environment release.Environment
	Store       Store
	Images      Images
	// Repository mirrors the releases; nil where no registry does.
	Repository Repository
	Now        func() time.Time
}

// A History is the records of one environment.
type History struct {
	Options
	mirror *mirror // nil where no registry mirrors the releases
	// onlyMirrored are releases that only the mirror has, the newest first.
	onlyMirrored []release.Release
	read         sync.Map // releases that have been read, by Document.Ref
}

// New returns the history of an environment. Nothing is read yet.
func New(o Options) *History {
	h := &History{Options: o}
	if o.Repository != nil {
		h.mirror = &mirror{o.Repository, o.Environment}
	}
	return h
}

// Releases returns the records, the newest first. A store without any may have lost them, so the mirror is
// asked.
func (h *History) Releases(ctx context.Context) ([]release.Release, error) {
	documents, err := h.documents(ctx)
	if err != nil {
		return nil, err
	}
	if len(documents) == 0 {
		return h.mirrored(ctx)
	}
	documents = latest(documents)
	found, errs := make([]*release.Release, len(documents)), make([]error, len(documents))
	var group sync.WaitGroup
	for i, d := range documents {
		group.Go(func() { found[i], errs[i] = h.readRelease(ctx, d) })
	}
	group.Wait()
	var all []release.Release
	for _, r := range found {
		if r != nil { // another davit has just pruned it
			all = append(all, *r)
		}
	}
	return all, errors.Join(errs...)
}

// documents returns those of releases, the newest release first, and of one release the last document first.
func (h *History) documents(ctx context.Context) ([]Document, error) {
	all, err := h.Store.List(ctx, ReleaseRecord)
	slices.SortFunc(all, func(a, b Document) int {
		return cmp.Or(cmp.Compare(b.Number, a.Number), b.Time.Compare(a.Time))
	})
	return all, err
}

// latest returns the last document of each release.
func latest(sorted []Document) []Document {
	return slices.CompactFunc(slices.Clone(sorted), func(a, b Document) bool { return a.Number == b.Number })
}

// readRelease returns the release in a document, nil if that is gone. A document never changes, so each is
// read once.
func (h *History) readRelease(ctx context.Context, d Document) (*release.Release, error) {
	if r, known := h.read.Load(d.Ref); known {
		return r.(*release.Release), nil
	}
	text, err := h.Store.Read(ctx, d)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	r := &release.Release{}
	if err == nil {
		err = json.Unmarshal(text, r)
	}
	if err != nil {
		return nil, err
	}
	h.read.Store(d.Ref, r)
	return r, nil
}

// mirrored returns the releases of the mirror; the store has none.
func (h *History) mirrored(ctx context.Context) (all []release.Release, err error) {
	if h.mirror == nil {
		return nil, nil
	}
	if h.onlyMirrored, err = h.mirror.releases(ctx); err != nil {
		return nil, fault.Preconditionf(withoutMirror(err, h.Environment),
			"%s has no releases on its engine, and the registry that mirrors them cannot be read: %v",
			h.Environment.Name, err)
	}
	return slices.Clone(h.onlyMirrored), nil
}

// withoutMirror returns the hint for a registry that does not answer.
func withoutMirror(err error, e release.Environment) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		return h.Hint()
	}
	return "registry = false in [environments." + e.Name + "] keeps its releases on its engine alone"
}

// Record keeps a release, or its result, and the images that it uses. A store that has lost its releases
// first gets back those of the mirror: the number of the next one must not be taken.
func (h *History) Record(ctx context.Context, r release.Release) error {
	for len(h.onlyMirrored) > 0 {
		if err := h.keep(ctx, h.onlyMirrored[0]); err != nil {
			return err
		}
		h.onlyMirrored = h.onlyMirrored[1:]
	}
	return h.keep(ctx, r)
}

func (h *History) keep(ctx context.Context, r release.Release) error {
	r.Format = release.Format
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	for service, i := range r.Images {
		if err := h.Images.Keep(ctx, service, i); err != nil {
			return err
		}
	}
	return h.Store.Write(ctx, Document{Kind: ReleaseRecord, Number: r.Number, Result: r.Result,
		Time: h.Now()}, text)
}

// PruneReleases removes all but the newest releases, and what only they need. The last healthy one stays in
// any case: a deploy that fails returns to it.
func (h *History) PruneReleases(ctx context.Context, keep int) error {
	all, err := h.Releases(ctx)
	if err != nil {
		return err
	}
	gone, kept, retain := map[int]bool{}, []release.Release{}, retention(keep)
	for _, r := range all {
		if retain(r.Result) {
			kept = append(kept, r)
		} else {
			gone[r.Number] = true
		}
	}
	documents, err := h.documents(ctx)
	if err != nil {
		return err
	}
	for _, d := range documents {
		if gone[d.Number] {
			if err := h.Store.Delete(ctx, d); err != nil {
				return err
			}
		}
	}
	return h.Images.Unkeep(ctx, kept)
}
