package history

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Repository of a registry keeps small images under tags.
type Repository interface {
	// Tags returns all tags; a repository that nobody has pushed to has none.
	Tags(ctx context.Context) ([]string, error)
	// Layer returns the only layer of an image, as a tar.
	Layer(ctx context.Context, tag string) ([]byte, error)
	// Put pushes an image of one layer, a tar, with labels.
	Put(ctx context.Context, tag string, labels map[string]string, layer []byte) error
	// Delete removes an image with all its tags. A registry that does not delete is no error.
	Delete(ctx context.Context, tag string) error
}

// A mirror keeps the releases of an environment in a registry. Each environment has a repository, so that
// what is removed for one never belongs to another, and credentials for one need not open the others.
//
// Everything in it has a tag. "release-000007-healthy" is a record, "signature-000007-" with a part of a digest is a
// signature of it, and "image-" with a digest is an image that a release uses. Nobody keeps a tag in a registry from moving, so an image from there counts only if
// its digest is that of the release.
type mirror struct {
	Repository
	history *History
}

// The prefixes of the tags.
const (
	recordPrefix = "release-"
	imagePrefix  = "image-"
)

var separators = regexp.MustCompile(`[_-]{2,}`)

// MirrorRepository returns the name of the repository that mirrors an environment; empty if none does.
func MirrorRepository(e release.Environment) string {
	if e.Registry == "" {
		return ""
	}
	return strings.TrimSuffix(e.Registry, "/") + "/" + repositoryName(e.Instance())
}

// repositoryName returns a name that registries accept: they are strict about separators.
func repositoryName(instance string) string {
	return strings.Trim(separators.ReplaceAllString(instance, "-"), "_-")
}

// MirrorImage returns the reference under which the mirror of an environment has an image; empty if there is
// no mirror.
func MirrorImage(e release.Environment, i release.Image) string {
	if e.Registry == "" {
		return ""
	}
	return MirrorRepository(e) + ":" + imageTag(i)
}

func imageTag(i release.Image) string {
	_, hex, _ := strings.Cut(i.Digest, ":")
	return imagePrefix + hex
}

// Upstream returns the reference that an image was pulled by, with its digest; empty for one that was built.
func Upstream(i release.Image) string {
	named, err := reference.ParseNormalizedNamed(i.Source)
	if err != nil {
		return ""
	}
	return named.String()
}

// entry is a record in the mirror.
type entry struct {
	tag    string
	number int
	result release.Result
}

// recordTag returns the tag of a document.
func recordTag(d Document) string { return fmt.Sprintf("%s%06d-%s", recordPrefix, d.Number, d.Result) }

// entries returns the records under some tags, the newest first, and of each release the final one.
func entries(tags []string) (all []entry) {
	for _, tag := range tags {
		text, is := strings.CutPrefix(tag, recordPrefix)
		number, result, ok := strings.Cut(text, "-")
		if n, err := strconv.Atoi(number); is && ok && err == nil {
			all = append(all, entry{tag, n, release.Result(result)})
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(
			cmp.Compare(b.number, a.number), cmp.Compare(finality(b.result), finality(a.result)),
			cmp.Compare(a.tag, b.tag))
	})
	return slices.CompactFunc(all, func(a, b entry) bool { return a.number == b.number })
}

// finality returns a higher number for a result that no other follows.
func finality(result release.Result) int {
	if result == release.Pending {
		return 0
	}
	return 1
}

// expired returns the entries that are not kept.
func expired(all []entry, keep int) (gone []entry) {
	retain := retention(keep)
	for _, e := range all {
		if !retain(e.result) {
			gone = append(gone, e)
		}
	}
	return gone
}

// records returns those in the mirror, the newest first.
func (m *mirror) records(ctx context.Context) (all chain, err error) {
	tags, err := m.Tags(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range entries(tags) {
		r, err := m.read(ctx, e)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// read returns one record. One that cannot be used says so; an error is that of the registry.
func (m *mirror) read(ctx context.Context, e entry) (*record, error) {
	layer, err := m.Layer(ctx, e.tag)
	if err != nil {
		return nil, err
	}
	d := Document{Kind: ReleaseRecord, Number: e.number, Result: e.result}
	text, err := Text(layer)
	if err != nil {
		return &record{d, text, m.history.unusable(d, text, err)}, nil
	}
	return &record{d, text, m.history.parse(ctx, d, text)}, nil
}

// A mirroring is one copy of the releases to the mirror.
type mirroring struct {
	h    *History
	tags []string // of the mirror
	emit func(ui.Event)
}

// Mirror copies to the registry the releases that it lacks, and removes the oldest there but for so many.
func (h *History) Mirror(ctx context.Context, keep int, emit func(ui.Event)) error {
	if h.mirror == nil {
		return nil
	}
	m := mirroring{h: h, emit: emit}
	var err error
	if m.tags, err = h.mirror.Tags(ctx); err != nil {
		return err
	}
	documents, err := h.documents(ctx)
	if err != nil {
		return err
	}
	if h.replaceMirror {
		m.tags = slices.DeleteFunc(m.tags, func(tag string) bool { return strings.HasPrefix(tag, recordPrefix) })
	}
	for _, d := range slices.Backward(latest(documents)) {
		if err := m.release(ctx, d); err != nil {
			return err
		}
	}
	if err := m.signatures(ctx); err != nil {
		return err
	}
	return m.prune(ctx, keep)
}

// labels returns those of what the mirror keeps.
func (m *mirroring) labels() map[string]string {
	return map[string]string{"dev.davit.project": m.h.Environment.Project, "dev.davit.environment": m.h.Environment.Name}
}

// release copies one release, its images first: a release that the mirror lists is complete.
func (m *mirroring) release(ctx context.Context, d Document) error {
	tag := recordTag(d)
	if slices.Contains(m.tags, tag) {
		return nil
	}
	r, err := m.h.readRecord(ctx, d)
	if err != nil || r == nil {
		return err
	}
	for _, i := range r.release.Images {
		if err := m.image(ctx, i); err != nil {
			return err
		}
	}
	if m.emit != nil {
		m.emit(ui.Said("registry", "pushing "+MirrorRepository(m.h.Environment)+":"+tag))
	}
	m.tags = append(m.tags, tag)
	return m.h.mirror.Put(ctx, tag, m.labels(), Layer(r.text))
}

// image copies one image, unless a registry has it already.
func (m *mirroring) image(ctx context.Context, i release.Image) error {
	tag := imageTag(i)
	if Upstream(i) != "" || slices.Contains(m.tags, tag) {
		return nil
	}
	m.tags = append(m.tags, tag)
	return m.h.Images.Push(ctx, i, MirrorImage(m.h.Environment, i), m.emit)
}

// prune removes expired records, and then images that no record uses any more, as far as the registry
// deletes.
func (m *mirroring) prune(ctx context.Context, keep int) error {
	all := entries(m.tags)
	gone := expired(all, keep)
	if len(gone) == 0 {
		return nil
	}
	named, err := m.referenced(ctx, all, gone)
	if err != nil {
		return err
	}
	for _, tag := range m.tags {
		old := slices.ContainsFunc(entries([]string{tag}), func(e entry) bool {
			return slices.ContainsFunc(gone, func(g entry) bool { return g.number == e.number })
		})
		ofOld := slices.ContainsFunc(gone, func(g entry) bool { return strings.HasPrefix(tag, signatureTags(g.number)) })
		if old || ofOld || strings.HasPrefix(tag, imagePrefix) && !named[tag] {
			if err := m.h.mirror.Delete(ctx, tag); err != nil {
				return err
			}
		}
	}
	return nil
}

// referenced returns the tags of the images that the remaining releases use.
func (m *mirroring) referenced(ctx context.Context, all, gone []entry) (map[string]bool, error) {
	tags := map[string]bool{}
	for _, e := range all {
		if slices.Contains(gone, e) {
			continue
		}
		r, err := m.h.mirror.read(ctx, e)
		if err != nil {
			return nil, err
		}
		for _, i := range r.release.Images {
			tags[imageTag(i)] = true
		}
	}
	return tags, nil
}
