package deploytest

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// stored is a document with its text.
type stored struct {
	history.Document
	text []byte
}

// records keeps the documents of an environment, and the images that its releases name: a history.Store and a
// history.Images.
type records struct{ *Memory }

func (r records) documents() map[string]stored {
	at := r.Environment.Instance()
	if r.engine.documents[at] == nil {
		r.engine.documents[at] = map[string]stored{}
	}
	return r.engine.documents[at]
}

// List returns all documents of a kind.
func (r records) List(ctx context.Context, kind history.Kind) (all []history.Document, err error) {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	for _, d := range r.documents() {
		if d.Kind == kind {
			all = append(all, d.Document)
		}
	}
	return all, ctx.Err()
}

// Read returns the text of a document.
func (r records) Read(ctx context.Context, d history.Document) ([]byte, error) {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	found, has := r.documents()[d.Ref]
	if !has {
		return nil, fs.ErrNotExist
	}
	return found.text, ctx.Err()
}

// Write keeps a document.
func (r records) Write(ctx context.Context, d history.Document, text []byte) error {
	r.step()
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	d.Ref = r.world.next()
	r.documents()[d.Ref] = stored{d, text}
	return nil
}

// Delete removes a document.
func (r records) Delete(ctx context.Context, d history.Document) error {
	r.step()
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	delete(r.documents(), d.Ref)
	return ctx.Err()
}

// Propose returns the text that was proposed first.
func (r records) Propose(ctx context.Context, kind history.Kind, text []byte) ([]byte, error) {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	at := "proposal " + string(kind)
	if _, has := r.documents()[at]; !has {
		r.documents()[at] = stored{text: text}
	}
	return r.documents()[at].text, ctx.Err()
}

// EndProposal ends a proposal.
func (r records) EndProposal(ctx context.Context, kind history.Kind) error {
	return r.Delete(ctx, history.Document{Ref: "proposal " + string(kind)})
}

// imagePrefix begins the names by which the environment keeps images.
func (r records) imagePrefix() string {
	return "davit.local/" + r.Environment.Project + "/" + r.Environment.Name + "/image/"
}

func (r records) imageName(service string, i release.Image) string {
	return r.imagePrefix() + service + ":" + strings.TrimPrefix(i.Digest, "sha256:")
}

// Keep gives the image of a service a name of the environment's own.
func (r records) Keep(ctx context.Context, service string, i release.Image) error {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	if id := r.engine.id(i.Ref()); id != "" {
		r.engine.names[r.imageName(service, i)] = id
	}
	return ctx.Err()
}

// Unkeep takes the names of the environment from all images but those of some releases.
func (r records) Unkeep(ctx context.Context, but []release.Release) error {
	kept := map[string]bool{}
	for _, one := range but {
		for service, i := range one.Images {
			kept[r.imageName(service, i)] = true
		}
	}
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	for name := range maps.Clone(r.engine.names) {
		if strings.HasPrefix(name, r.imagePrefix()) && !kept[name] {
			r.engine.untag(name)
		}
	}
	return ctx.Err()
}

// Push sends an image to a registry.
func (r records) Push(ctx context.Context, i release.Image, ref string, _ func(ui.Event)) error {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	image, has := r.engine.images[r.engine.id(i.Ref())]
	if has && r.world.down == nil {
		r.world.push(ref, artifact{image: image})
	}
	if r.world.down != nil {
		return r.world.down
	}
	return ctx.Err()
}

// Forget removes all records of an environment, as an engine does that was set up anew.
func (e *Engine) Forget(environment release.Environment) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	delete(e.documents, environment.Instance())
}

// A Record is the text of a document of a release, and what it is labelled with.
type Record struct {
	Number int
	Result release.Result
	Text   string
}

// Records returns the documents of releases of an environment, the oldest first.
func (e *Engine) Records(environment release.Environment) (all []Record) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	documents := slices.SortedFunc(maps.Values(e.documents[environment.Instance()]),
		func(a, b stored) int { return a.Time.Compare(b.Time) })
	for _, d := range documents {
		if d.Kind == history.ReleaseRecord {
			all = append(all, Record{d.Number, d.Result, string(d.text)})
		}
	}
	return all
}

// ReplaceRecords replaces the documents of releases of an environment, as whoever can write to the engine may.
func (e *Engine) ReplaceRecords(environment release.Environment, all []Record) {
	e.Forget(environment)
	for _, r := range all {
		e.WriteRecord(environment, r.Number, r.Result, r.Text)
	}
}

// WriteRecord keeps the text of a record that davit might have written, such as one of a newer format.
func (e *Engine) WriteRecord(
	environment release.Environment, number int, result release.Result, text string,
) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	d := history.Document{Kind: history.ReleaseRecord, Number: number, Result: result, Time: e.world.tick(),
		Ref: e.world.next()}
	at := environment.Instance()
	if e.documents[at] == nil {
		e.documents[at] = map[string]stored{}
	}
	e.documents[at][d.Ref] = stored{d, []byte(text)}
}

// Key returns the text of the key of an environment; "" if it has none.
func (e *Engine) Key(environment release.Environment) string {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	for _, d := range e.documents[environment.Instance()] {
		if d.Kind == history.KeyRecord {
			return string(d.text)
		}
	}
	return ""
}

// ChangeRecords changes the texts of the documents of releases of an environment where they are, as whoever can write to
// the engine may.
func (e *Engine) ChangeRecords(environment release.Environment, change func(text string) string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	documents := e.documents[environment.Instance()]
	for at, d := range documents {
		if d.Kind == history.ReleaseRecord {
			documents[at] = stored{d.Document, []byte(change(string(d.text)))}
		}
	}
}
