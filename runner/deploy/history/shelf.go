package history

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/runner/registry"
)

// registryMirror is where a registry keeps the releases of an environment: a repository for each environment, so that what is removed for one is
// never another's, and whoever may write to one need not be let into the others.
//
// All in it has a tag. "release-000007-healthy" is a record, as the engine has it, and "image-" with an id is an image that a release is
// made of. A tag is a promise that nobody keeps in a registry, so an image that comes from there counts only if its id is the one.
type registryMirror struct {
	registry.Kept
	project, environment string
}

// The beginnings of the tags.
const (
	recordPrefix = "release-"
	imagePrefix  = "image-"
)

// mirrorOf an environment; nil where no registry keeps its releases.
func (h *History) mirrorOf(e release.Environment) *registryMirror {
	if e.Registry == "" {
		return nil
	}
	k := registry.Kept{Repository: strings.TrimSuffix(e.Registry, "/") + "/" + repositoryName(e.Instance()), DockerConfig: images.DockerConfig(h.store.Env)}
	return &registryMirror{k, e.Project, e.Name}
}

var separators = regexp.MustCompile(`[_-]{2,}`)

// repositoryName is a name as registries take it: they are strict with what stands between words.
func repositoryName(instance string) string {
	return strings.Trim(separators.ReplaceAllString(instance, "-"), "_-")
}

// image is the reference of an image by its id.
func (s *registryMirror) image(id string) string {
	_, hex, _ := strings.Cut(id, ":")
	return s.Repository + ":" + imagePrefix + hex
}

// record is the tag of how a release ended.
func record(number, result string) string { return recordPrefix + number + "-" + result }

// entry is a record on the shelf.
type entry struct{ tag, number, result string }

// entries are the records under some tags, the newest first, of each release the one that says most.
func entries(tags []string) (all []entry) {
	for _, tag := range tags {
		number, result, ok := strings.Cut(strings.TrimPrefix(tag, recordPrefix), "-")
		if _, err := strconv.Atoi(number); ok && err == nil && strings.HasPrefix(tag, recordPrefix) {
			all = append(all, entry{tag, number, result})
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.number, a.number), cmp.Compare(finality(b.result), finality(a.result)), cmp.Compare(a.tag, b.tag))
	})
	return slices.CompactFunc(all, func(a, b entry) bool { return a.number == b.number })
}

// finality is higher for what nothing comes after.
func finality(result string) int {
	if result == release.Pending {
		return 0
	}
	return 1
}

// outlived are the entries that are not kept. As on an engine, the last healthy one stays in any case.
func outlived(all []entry, keep int) (gone []entry) {
	good := slices.IndexFunc(all, func(e entry) bool { return e.result == release.Healthy })
	for i, e := range all {
		if i >= keep && i != good {
			gone = append(gone, e)
		}
	}
	return gone
}

// releases are those on the shelf, the newest first.
func (s *registryMirror) releases(ctx context.Context) (all []release.Release, err error) {
	tags, err := s.Tags(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range entries(tags) {
		r, err := s.read(ctx, e.tag)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// read is one release. What is another environment's is not taken for one's own.
func (s *registryMirror) read(ctx context.Context, tag string) (r release.Release, err error) {
	layer, err := s.Layer(ctx, tag)
	if err != nil {
		return r, err
	}
	text, err := inLayer(bytes.NewReader(layer))
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err == nil && (r.Project != s.project || r.Environment != s.environment) {
		err = fmt.Errorf("it is of %s of %s", r.Environment, r.Project)
	}
	if err != nil {
		return r, fault.Preconditionf("", "%s:%s is no release of %s of %s: %v", s.Repository, tag, s.environment, s.project, errors.Join(err))
	}
	return r, nil
}

// upstream is where an image comes from that was pulled, by digest; empty for one that was built.
func upstream(i release.Image) string {
	named, err := reference.ParseNormalizedNamed(i.Name)
	if err != nil || i.Digest == "" {
		return ""
	}
	return reference.TrimNamed(named).Name() + "@" + i.Digest
}
