package app

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// pins are the digests of the project's images, in project.lock.
type pins struct{ *Project }

// readLock reads project.lock; nil if there is none.
func (p pins) readLock() (*project.Lock, error) {
	data, err := regular.ReadInside(p.Root.Dir, project.LockFile, regular.Lock)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, usage("", "%s cannot be read: %s", project.LockFile, regular.Reason(err))
	}
	return project.ParseLock(data)
}

// A LockMove is what becomes of project.lock if each image is pinned to what its tag is now.
type LockMove struct {
	// File is its name, Was and Now are its contents.
	File     string
	Was, Now []byte
	// Before and Then are the digests by reference, before and then. An image that is not pinned yet has none before.
	Before, Then map[string]string
}

// PinsImages reports whether project.lock pins images.
func (p *Project) PinsImages() (bool, error) {
	lock, err := pins{p}.readLock()
	return lock != nil && len(lock.Images) > 0, err
}

// MoveLock looks up what the tags of the pinned images are now, and changes nothing.
func (p *Project) MoveLock(ctx context.Context) (*LockMove, error) {
	was, err := regular.ReadInside(p.Root.Dir, project.LockFile, regular.Lock)
	if err != nil {
		return nil, err
	}
	before, err := project.ParseLock(was)
	if err != nil {
		return nil, err
	}
	then, err := pins{p}.pinned(ctx, true)
	if err != nil {
		return nil, err
	}
	return &LockMove{File: project.LockFile, Was: was, Now: then.Format(), Before: before.Images, Then: then.Images}, nil
}

// WriteLock makes a move.
func (p *Project) WriteLock(m *LockMove) error {
	return atomicfile.Write(filepath.Join(p.Root.Dir, m.File), m.Now, 0o644)
}

// Lock writes project.lock: digests stay as they are, unless upgrade, and images that are not used any more
// are removed.
func (p *Project) Lock(ctx context.Context, upgrade bool, r Request, emit func(ui.Event)) error {
	lock, err := pins{p}.pinned(ctx, upgrade)
	if err != nil {
		return err
	}
	job, err := p.writing("lock", project.LockFile, string(lock.Format()))
	if err != nil {
		return err
	}
	return p.execute(ctx, job, r, emit)
}

// CheckLock returns an error if project.lock lacks an image of the project, or has one that the project does
// not use.
func (p *Project) CheckLock(ctx context.Context) error {
	lock, refs, err := pins{p}.lockAndImages(ctx)
	if err != nil {
		return err
	}
	fault := func(noun string, names []string) error {
		return &fault.Error{Reason: project.LockFile + " " + noun + " " + strings.Join(names, ", "),
			Next: "davit lock writes it", Code: fault.Pending}
	}
	var stale []string
	for _, ref := range slices.Sorted(maps.Keys(lock.Images)) {
		if !slices.Contains(refs, ref) {
			stale = append(stale, ref)
		}
	}
	if open := lock.Unpinned(refs); len(open) > 0 {
		return fault("does not pin", open)
	}
	if len(stale) > 0 {
		return fault("pins what the project does not use:", stale)
	}
	return nil
}

// pinned returns project.lock as it should be.
func (p pins) pinned(ctx context.Context, upgrade bool) (*project.Lock, error) {
	lock, refs, err := p.lockAndImages(ctx)
	if err != nil {
		return nil, err
	}
	out := &project.Lock{Version: 1, Images: map[string]string{}, Plugins: lock.Plugins, Conventions: lock.Conventions}
	for _, ref := range refs {
		if was := lock.Images[ref]; was != "" && !upgrade {
			out.Images[ref] = was
		}
	}
	open := out.Unpinned(refs)
	if len(open) > 0 && p.Offline {
		return nil, usage("leave out --offline",
			"what %s stands for is looked up in a registry, which takes a network connection",
			strings.Join(open, ", "))
	}
	if len(open) > 0 {
		found, err := p.Engine.Pin(ctx, open)
		if err != nil {
			return nil, err
		}
		maps.Copy(out.Images, found)
	}
	return out, nil
}

// lockAndImages returns project.lock, and the references of the images that it should pin.
func (p pins) lockAndImages(ctx context.Context) (*project.Lock, []string, error) {
	if p.Engine == nil {
		return nil, nil, &runner.EngineError{Reason: "davit lock"}
	}
	lock, err := p.readLock()
	if err != nil {
		return nil, nil, err
	}
	if lock == nil {
		lock = &project.Lock{Version: 1}
	}
	refs, err := p.images(ctx)
	return lock, refs, err
}

// images returns the references of all images that the project uses, sorted, without those that name a digest
// themselves.
func (p pins) images(ctx context.Context) (refs []string, err error) {
	if err := incomplete(project.LockFile, p.Failures); err != nil {
		return nil, err
	}
	for _, o := range p.Offers {
		for _, tool := range o.Plan.Tools {
			refs = append(refs, tool.Image)
		}
		for _, id := range slices.Sorted(maps.Keys(o.Plan.Steps)) {
			found, err := p.imagesOf(ctx, "", o.Plan.Steps[id].Image)
			if err != nil {
				return nil, err
			}
			refs = append(refs, found...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Config.Targets)) {
		if p.Personal(name) == "" {
			refs = append(refs, p.Config.Targets[name].Image)
		}
	}
	refs = append(refs, p.Config.Image.Scanner)
	slices.Sort(refs)
	return slices.DeleteFunc(slices.Compact(refs),
		func(ref string) bool { return ref == "" || strings.Contains(ref, "@") }), nil
}

// imagesOf returns the image of a tool, and those that an image is built from.
func (p pins) imagesOf(ctx context.Context, tool string, i *plan.Image) (refs []string, err error) {
	if i != nil {
		refs, err = p.Engine.Bases(ctx, p.Root.Dir, *i)
	}
	return append(refs, tool), err
}

// checkLocked returns an error about images of a job that project.lock does not pin.
func (p pins) checkLocked(ctx context.Context, job *Job, lock *project.Lock) error {
	var refs []string
	for _, s := range job.Graph.Steps() {
		found, err := p.imagesOf(ctx, Image(s), s.Plan.Image)
		if err != nil {
			return err
		}
		refs = append(refs, found...)
	}
	refs = slices.DeleteFunc(refs, func(ref string) bool { return ref == "" })
	if open := lock.Unpinned(refs); len(open) > 0 {
		return usage("davit lock pins them", "--locked: %s does not pin %s", project.LockFile,
			strings.Join(open, ", "))
	}
	return nil
}
