package history

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Options describe a History.
type Options struct {
	Environment release.Environment
	Store       Store
	Images      Images
	// DeriveModel returns the model that the Compose text of a release means; nil leaves the releases without
	// models.
	DeriveModel func(context.Context, release.Release) (release.Model, error)
	// Seen remembers on this machine which records it has seen; nil remembers nothing.
	Seen SeenStore
	// Repository mirrors the releases; nil where no registry does.
	Repository Repository
	Now        func() time.Time
}

// A History is the records of one environment.
type History struct {
	Options
	mirror *mirror // nil where no registry mirrors the releases
	// onlyMirrored are records that only the mirror has, the newest first.
	onlyMirrored []*record
	signer       trust.Signer // of the records of healthy releases; nil for none
	read         sync.Map     // records that have been read, by Document.Ref
	// returned is what Releases has returned last, for VerifyHistory to judge.
	returned atomic.Pointer[reading]
	kept     sync.Map // images that are kept, by service and reference
	// accepted says that the next record follows a history that somebody has accepted, and begun has what the
	// first document of each release of this davit says about that, and its images.
	accepted bool
	begun    map[int]release.Release
	// removals are those of documents that others have replaced; nobody has to wait for them but Settle.
	removals sync.WaitGroup
	// replaceMirror says that the records of the mirror are not those of the store, and are replaced.
	replaceMirror bool
}

// New returns the history of an environment. Nothing is read yet.
func New(o Options) *History {
	h := &History{Options: o, begun: map[int]release.Release{}}
	if o.Repository != nil {
		h.mirror = &mirror{o.Repository, h}
	}
	return h
}

// Releases returns the records, the newest first. One that cannot be used says so in Invalid. A store without
// any may have lost them, so the mirror is asked.
func (h *History) Releases(ctx context.Context) ([]release.Release, error) {
	now, err := h.records(ctx)
	if err != nil {
		return nil, err
	}
	h.returned.Store(&now)
	return h.addUndone(now.releases()), nil
}

// A reading is the documents of an environment at one moment, and the records in them.
type reading struct {
	documents []Document
	records   chain // the last document of each release, the newest first
}

// releases returns the releases of the records.
func (r reading) releases() (all []release.Release) {
	for _, one := range r.records {
		all = append(all, one.release)
	}
	return all
}

// records reads the documents.
func (h *History) records(ctx context.Context) (r reading, err error) {
	if r.documents, err = h.documents(ctx); err != nil {
		return r, err
	}
	if len(r.documents) == 0 {
		r.records, err = h.mirrored(ctx)
	} else {
		r.records, err = h.readAll(ctx, latest(r.documents))
	}
	return r, err
}

// readAll reads documents at once. Those that another davit has just pruned are not among the records.
func (h *History) readAll(ctx context.Context, documents []Document) (all chain, err error) {
	found, errs := make(chain, len(documents)), make([]error, len(documents))
	var group sync.WaitGroup
	for i, d := range documents {
		group.Go(func() { found[i], errs[i] = h.readRecord(ctx, d) })
	}
	group.Wait()
	for _, r := range found {
		if r != nil {
			all = append(all, r)
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

// mirrored returns the records of the mirror; the store has none.
func (h *History) mirrored(ctx context.Context) (all chain, err error) {
	if h.mirror == nil {
		return nil, nil
	}
	if h.onlyMirrored, err = h.mirror.records(ctx); err != nil {
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
	return onlyOnEngine(e.Name)
}

// onlyOnEngine says how to have no mirror of an environment.
func onlyOnEngine(environment string) string {
	return "registry = false in [environments." + environment + "] keeps its releases on its engine alone"
}

// Record keeps a release, or its result, and the images that it uses. A store that has lost its releases
// first gets back those of the mirror: the number of the next one must not be taken.
func (h *History) Record(ctx context.Context, r release.Release) error {
	h.returned.Store(nil)
	h.rememberUndone(r)
	if _, begun := h.begun[r.Number]; !begun {
		if err := h.beginRelease(ctx, r); err != nil {
			return err
		}
	}
	for len(h.onlyMirrored) > 0 {
		if err := h.keep(ctx, h.onlyMirrored[0].release, h.onlyMirrored[0].text); err != nil {
			return err
		}
		h.onlyMirrored = h.onlyMirrored[1:]
	}
	r.Chain, r.Accepted = h.begun[r.Number].Chain, h.begun[r.Number].Accepted
	text, err := encode(r)
	if err != nil {
		return err
	}
	if err := h.sign(ctx, r, text); err != nil {
		return err
	}
	if err := h.keep(ctx, r, text); err != nil || r.Result == release.Pending {
		return err // another document of it follows
	}
	_ = h.save(Seen{Format: release.Format, Number: r.Number, Digest: release.DigestOf(text)}) // the next look does
	return nil
}

// beginRelease reads the records that a release follows, and meanwhile keeps its images. All documents of a release have
// the same chain.
func (h *History) beginRelease(ctx context.Context, r release.Release) error {
	kept := make(chan error, 1)
	go func() { kept <- h.keepImages(ctx, r.Images) }()
	now, err := h.records(ctx)
	if err := errors.Join(err, <-kept); err != nil {
		return err
	}
	before := slices.DeleteFunc(now.records, func(b *record) bool { return b.Number >= r.Number })
	h.begun[r.Number] = release.Release{Images: r.Images, Chain: before.next(h.accepted), Accepted: h.accepted}
	h.accepted = false
	return nil
}

// keep keeps the images of a release, and then its record.
func (h *History) keep(ctx context.Context, r release.Release, text []byte) error {
	if err := h.keepImages(ctx, r.Images); err != nil {
		return err
	}
	return h.Store.Write(ctx, Document{Kind: ReleaseRecord, Number: r.Number, Result: r.Result,
		Time: h.Now()}, text)
}

// firstServices returns the first of the services that have an image, by the reference of that.
func firstServices(images map[string]release.Image) map[string]string {
	first := map[string]string{}
	for _, service := range slices.Sorted(maps.Keys(images)) {
		if ref := images[service].Ref(); first[ref] == "" {
			first[ref] = service
		}
	}
	return first
}

// keepImages keeps images, all at once: each for the first of the services that have it, since an engine takes long to
// write its names. Those that this davit has kept already are in use.
func (h *History) keepImages(ctx context.Context, images map[string]release.Image) error {
	var group sync.WaitGroup
	errs := make(chan error, len(images))
	for ref, service := range firstServices(images) {
		if _, kept := h.kept.Load(service + " " + ref); kept {
			continue
		}
		group.Go(func() {
			err := h.Images.Keep(ctx, service, images[service])
			if err == nil {
				h.kept.Store(service+" "+ref, true)
			}
			errs <- err
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// PruneReleases removes all but the newest releases, and what only they need. The last two healthy ones stay in
// any case: a deploy that fails returns to the last, and a rollback to the one before.
func (h *History) PruneReleases(ctx context.Context, keep int) error {
	defer h.Settle()
	h.returned.Store(nil)
	all, err := h.documents(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	gone, kept, retain := map[int]bool{}, []Document{}, retention(keep)
	for _, d := range latest(all) {
		if retain(d.Result) {
			kept = append(kept, d)
		} else {
			gone[d.Number] = true
		}
	}
	for _, d := range all {
		if gone[d.Number] {
			if err := h.Store.Delete(ctx, d); err != nil {
				return err
			}
		}
	}
	if len(gone) > 0 {
		if err := h.removeSignatures(ctx, func(number int) bool { return gone[number] }); err != nil {
			return err
		}
	}
	return h.unkeep(ctx, kept)
}

// unkeep ends the protection of all images but those of the releases in documents. Those of a release that this davit has
// recorded are known.
func (h *History) unkeep(ctx context.Context, but []Document) error {
	var releases []release.Release
	but = slices.DeleteFunc(but, func(d Document) bool {
		r, own := h.begun[d.Number]
		if own {
			releases = append(releases, r)
		}
		return own
	})
	others, err := h.readAll(ctx, but)
	if err != nil {
		return err
	}
	for _, r := range others {
		releases = append(releases, r.release)
	}
	h.kept.Clear()
	return h.Images.Unkeep(ctx, releases)
}

// Settle returns when the documents that have been replaced are removed.
func (h *History) Settle() { h.removals.Wait() }
