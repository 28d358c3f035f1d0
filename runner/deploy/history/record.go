package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A record is a document of a release that has been read. It cannot change, so each is read once.
type record struct {
	Document
	text    []byte
	release release.Release
}

// readRecord returns the record in a document; nil if that is gone. One that cannot be used says so, so that
// the others can still be seen.
func (h *History) readRecord(ctx context.Context, d Document) (*record, error) {
	if r, known := h.read.Load(d.Ref); known {
		return r.(*record), nil
	}
	text, err := h.Store.Read(ctx, d)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return &record{d, nil, h.unusable(d, nil, err)}, nil
	}
	r := &record{d, text, h.parse(ctx, d, text)}
	h.read.Store(d.Ref, r)
	return r, nil
}

// parse returns the release in the text of a document, with the model that its Compose text means.
func (h *History) parse(ctx context.Context, d Document, text []byte) release.Release {
	var r release.Release
	err := json.Unmarshal(text, &r)
	if err == nil {
		err = h.fits(d, r)
	}
	if err == nil && r.Writable() == nil {
		err = h.derive(ctx, &r)
	}
	if err != nil {
		invalid := h.unusable(d, text, err)
		invalid.Images = r.Images // they stay protected
		return invalid
	}
	r.Digest = release.DigestOf(text)
	return r
}

// fits returns why a release is not the one that its document is labelled with.
func (h *History) fits(d Document, r release.Release) error {
	switch {
	case r.Project != h.Environment.Project || r.Environment != h.Environment.Name:
		return fmt.Errorf("it belongs to environment %q of project %q", r.Environment, r.Project)
	case r.Number != d.Number:
		return fmt.Errorf("it is of release %d", r.Number)
	case r.Result != d.Result:
		return fmt.Errorf("it is %s in its text, and %s in its label", r.Result, d.Result)
	case r.Format >= release.FirstChained && r.Writable() == nil && r.Model.Services != nil:
		return errors.New(`it has a "model" besides its Compose text`)
	}
	return nil
}

// derive sets the model of a release to what its Compose text means. A record of an old format has a model
// too, which has to be the same.
func (h *History) derive(ctx context.Context, r *release.Release) error {
	if h.DeriveModel == nil {
		return nil
	}
	derived, err := h.DeriveModel(ctx, *r)
	if err != nil {
		return err
	}
	if path := release.Disagreement(r.Model, derived); r.Format < release.FirstChained && path != "" {
		return fmt.Errorf("its model and its Compose text disagree about %s", path)
	}
	r.Model, r.Hashes, r.SelfModified = derived, nil, nil
	return nil
}

// unusable returns what is known of a release without its text.
func (h *History) unusable(d Document, text []byte, reason error) release.Release {
	return release.Release{Number: d.Number, Result: d.Result, Project: h.Environment.Project,
		Environment: h.Environment.Name, Time: d.Time.UTC(), Digest: release.DigestOf(text),
		Invalid: fmt.Sprintf("release %d of %s cannot be used: %v", d.Number, h.Environment.Name, reason)}
}

// encode returns the text of the record of a release.
func encode(r release.Release) ([]byte, error) {
	r.Format = release.Format
	return json.Marshal(r.Reduced())
}
