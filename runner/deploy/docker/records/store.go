package records

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/image"

	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Store keeps the documents of one environment, and the images that its releases use.
type Store struct {
	images      images.Store
	environment release.Environment

	mu       sync.Mutex
	keys     []history.Document // that have been listed with others: a key stays as it is
	listed   bool               // whether that there are none is known
	underway *listing           // that a caller of List may share; nil for none
	changes  int                // of this store
}

// New returns the store of an environment on its engine. It asks the engine nothing yet.
func New(i images.Store, environment release.Environment) *Store {
	return &Store{images: i, environment: environment}
}

// nameTime is the form of the time in the names of documents other than releases.
const nameTime = "20060102T150405.000"

// repository returns the name of the images of a part of the environment: "davit.local/shop/dev/release".
func (s *Store) repository(part string) string {
	return images.Local + s.environment.Project + "/" + s.environment.Name + "/" + part
}

// kindLabel returns the label that only documents of a kind have.
func kindLabel(k history.Kind) string {
	switch k {
	case history.RepairRecord:
		return label.Heal
	case history.AuditRecord:
		return label.Audit
	case history.OwnershipRecord:
		return label.Ownership
	case history.SignatureRecord:
		return label.Signature
	case history.KeyRecord:
		return label.Key
	}
	return label.Recorded
}

// List returns all documents of a kind. Their text is in a label, so that one request returns all; that of a long release
// is not. It finds the keys of the environment too, which are not asked for again until something changes: whoever
// makes one proposes it before.
func (s *Store) List(ctx context.Context, kind history.Kind) ([]history.Document, error) {
	s.mu.Lock()
	keys, known := slices.Clone(s.keys), s.listed || len(s.keys) > 0
	s.mu.Unlock()
	if kind == history.KeyRecord && known {
		return keys, nil
	}
	l, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys, s.listed = documents(history.KeyRecord, l.images), l.changes == s.changes
	return documents(kind, l.images), nil
}

// documents returns those of a kind among images.
func documents(kind history.Kind, list []image.Summary) (all []history.Document) {
	for _, i := range list {
		if _, is := i.Labels[kindLabel(kind)]; is {
			all = append(all, document(kind, i))
		}
	}
	return all
}

func document(kind history.Kind, i image.Summary) history.Document {
	d := history.Document{Kind: kind, Result: release.Result(i.Labels[label.Result]), Ref: i.ID}
	d.Number, _ = strconv.Atoi(i.Labels[label.Release]) // davit wrote a number
	if nanoseconds, err := strconv.ParseInt(i.Labels[label.Recorded], 10, 64); err == nil {
		d.Time = time.Unix(0, nanoseconds)
	}
	if text, has := i.Labels[label.Document]; has {
		d.Text = []byte(text)
	}
	if kind != history.ReleaseRecord {
		d.Time, d.Text = namedTime(i), []byte(i.Labels[kindLabel(kind)])
	}
	return d
}

// namedTime returns when a document was recorded, from its name.
func namedTime(i image.Summary) (at time.Time) {
	for _, tag := range i.RepoTags {
		if len(tag) > len(nameTime) {
			at, _ = time.Parse(nameTime, tag[len(tag)-len(nameTime):])
		}
	}
	return at
}

// Read returns the text of a document.
func (s *Store) Read(ctx context.Context, d history.Document) ([]byte, error) {
	if d.Text != nil {
		return d.Text, nil
	}
	saved, err := s.images.Engine.ImageSave(ctx, []string{d.Ref})
	if errdefs.IsNotFound(err) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	defer saved.Close()
	text, err := findDocument(saved)
	if err != nil {
		return nil, fmt.Errorf("image %q has no record of davit: %w", d.Ref, err)
	}
	return text, nil
}

// findDocument returns the document in an archive. Engines name layers in two ways, and none of the other
// files is a tar.
func findDocument(archive io.Reader) ([]byte, error) {
	for t := tar.NewReader(archive); ; {
		if _, err := t.Next(); err != nil {
			return nil, err
		}
		if text, err := history.ReadText(t); err == nil {
			return text, nil
		}
	}
}

// longestLabel is how long the text of a record of a release may be, in bytes, to be a label: each list of records has all
// of them.
const longestLabel = 64 << 10

// Write keeps a document.
func (s *Store) Write(ctx context.Context, d history.Document, text []byte) error {
	i := images.Scratch{Created: d.Time, Name: s.repository(partOf(d.Kind)) + ":" + d.Time.UTC().Format(nameTime),
		Labels: map[string]string{label.Project: s.environment.Project, label.Environment: s.environment.Name}}
	if d.Kind == history.ReleaseRecord {
		s.describe(&i, d, text)
	} else {
		i.Labels[kindLabel(d.Kind)] = string(text)
	}
	defer s.changed()
	return s.images.Make(ctx, i)
}

// describe gives an image the name, the labels and the text of the record of a release. Where the text is a label, the layer
// stays that of the lock: an engine takes long to unpack another one.
func (s *Store) describe(i *images.Scratch, d history.Document, text []byte) {
	i.Name = s.repository("release") + ":" + label.Number(d.Number) + "-" + string(d.Result)
	i.Labels[label.Release], i.Labels[label.Result] = label.Number(d.Number), string(d.Result)
	i.Labels[label.Recorded] = fmt.Sprintf("%020d", d.Time.UnixNano())
	if len(text) <= longestLabel {
		i.Labels[label.Document] = string(text)
	} else {
		i.Layer = history.Layer(text)
	}
}

// partOf returns the part of the environment that documents of a kind are.
func partOf(k history.Kind) string {
	if k == history.RepairRecord {
		return "heal"
	}
	return string(k)
}

// Delete removes a document.
func (s *Store) Delete(ctx context.Context, d history.Document) error {
	found, err := s.images.Engine.ImageInspect(ctx, d.Ref)
	if errdefs.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	names := slices.DeleteFunc(found.RepoTags, func(tag string) bool { return tag == "<none>:<none>" })
	if len(names) == 0 { // a davit was killed while the engine loaded it
		names = []string{d.Ref}
	}
	defer s.changed()
	for _, name := range names {
		err = errors.Join(err, s.images.Untag(ctx, name))
	}
	return err
}
