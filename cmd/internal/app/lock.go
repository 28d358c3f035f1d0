package app

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// pinProvider is the name under which davit itself offers to update pinned images, as one more part of
// "upgrade".
const pinProvider = "davit"

// pinStep is the id of that step.
const pinStep = pinProvider + ":images"

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

// pinOffer returns the offer of davit itself for "upgrade", if images are pinned. The content of the file is
// known when the step runs.
func (p pins) pinOffer() (o conventions.Offer, ok bool) {
	if _, err := os.Lstat(filepath.Join(p.Root.Dir, project.LockFile)); errors.Is(err, fs.ErrNotExist) {
		return o, false
	}
	if lock, err := p.readLock(); err == nil && len(lock.Images) == 0 && len(lock.Plugins) > 0 {
		return o, false
	}
	return conventions.Offer{Provider: pinProvider, Authority: conventions.Inferred, Plan: &plan.Plan{
		API: plan.API, Match: true, Stack: pinProvider, Summary: project.LockFile + " pins images",
		Steps: map[string]plan.Step{"images": {Op: plan.OpWrite,
			Files: map[string]string{project.LockFile: ""}}},
		Targets: map[string][]string{"upgrade": {"images"}},
		About: map[string]plan.About{"upgrade": {Why: "the images in " + project.LockFile + " are moved",
			Source: project.LockFile}},
	}}, true
}

// addPins makes updating the pinned images a part of "upgrade", besides the other providers.
func addPins(r *conventions.Resolution) {
	t, ok := r.At("upgrade")
	if !ok {
		return
	}
	if i := slices.IndexFunc(t.Losers,
		func(c conventions.Candidate) bool { return c.Provider == pinProvider }); i >= 0 {
		moved := t.Losers[i]
		moved.Rejected = ""
		t.Losers = slices.Delete(slices.Clone(t.Losers), i, i+1)
		t.Winners = append(slices.Clone(t.Winners), moved)
	}
}

// movePins gives the step that updates pinned images the content of the file that it writes.
func (p pins) movePins(ctx context.Context, job *Job) error {
	steps := job.Graph.Steps()
	i := slices.IndexFunc(steps, func(s runner.Step) bool { return s.ID == pinStep })
	if i < 0 {
		return nil
	}
	if _, err := p.readLock(); err != nil {
		return err
	}
	if p.Engine == nil {
		return &runner.EngineError{Step: pinStep, Reason: "looks up the digests of images"}
	}
	text, err := p.pinned(ctx, true)
	if err != nil {
		return err
	}
	steps[i].Plan.Files = map[string]string{project.LockFile: text}
	job.Graph, err = runner.NewGraph(steps)
	return err
}

// Lock writes project.lock: digests stay as they are, unless upgrade, and images that are not used any more
// are removed.
func (p *Project) Lock(ctx context.Context, upgrade bool, r Request, emit func(ui.Event)) error {
	text, err := pins{p}.pinned(ctx, upgrade)
	if err != nil {
		return err
	}
	write := runner.Step{
		ID: "davit:lock", Plugin: pinProvider, Effect: runner.Writes, Targets: []string{"lock"},
		Plan: plan.Step{Op: plan.OpWrite, Files: map[string]string{project.LockFile: text}},
	}
	g, err := runner.NewGraph([]runner.Step{write})
	if err != nil {
		return err
	}
	return p.execute(ctx, &Job{Selection: &Selection{Targets: []string{"lock"}}, Graph: g}, r, emit)
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

// pinned returns the content of project.lock as it should be.
func (p pins) pinned(ctx context.Context, upgrade bool) (string, error) {
	lock, refs, err := p.lockAndImages(ctx)
	if err != nil {
		return "", err
	}
	out := &project.Lock{Version: 1, Images: map[string]string{}, Plugins: lock.Plugins}
	for _, ref := range refs {
		if was := lock.Images[ref]; was != "" && !upgrade {
			out.Images[ref] = was
		}
	}
	open := out.Unpinned(refs)
	if len(open) > 0 && p.Offline {
		return "", usage("leave out --offline",
			"what %s stands for is looked up in a registry, which takes a network connection",
			strings.Join(open, ", "))
	}
	if len(open) > 0 {
		found, err := p.Engine.Pin(ctx, open)
		if err != nil {
			return "", err
		}
		for ref, digest := range found {
			out.Images[ref] = digest
		}
	}
	return string(out.Format()), nil
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
