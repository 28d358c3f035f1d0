package buildkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/containerd/log"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// The files of an OCI layout.
const (
	layoutFile = ocispecs.ImageLayoutFile
	indexFile  = ocispecs.ImageIndexFile
	blobs      = ocispecs.ImageBlobsDir
)

// A layout is a folder in which an OCI layout is written. It stays for as long as davit runs; another davit
// in the same project writes to a folder of its own. Its content is kept as final for the next run.
type layout struct {
	dir, final string
	complete   bool
}

var notInFolder = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// newLayout creates a layout for the image of a step. It starts with the blobs of the previous one, so that
// the engine sends only new blobs.
func (r *Runner) newLayout(step string) (*layout, error) {
	parent, err := r.layoutsFolder()
	if err != nil {
		return nil, err
	}
	silenceLog()
	l := &layout{final: filepath.Join(parent, notInFolder.ReplaceAllString(step, "-"))}
	removeStale(parent)
	if l.dir, err = os.MkdirTemp(parent, runPattern); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(l.dir, blobs, "sha256"), 0o755); err != nil {
		return nil, err
	}
	return l, linkBlobs(l.final, l.dir)
}

// silenceLog keeps the blob store from logging to the terminal what the file system does not support.
var silenceLog = sync.OnceFunc(func() { log.L.Logger.SetOutput(io.Discard) })

// layoutsFolder returns the folder of the layouts.
func (r *Runner) layoutsFolder() (string, error) {
	if r.o.Cache != "" {
		return r.o.Cache, os.MkdirAll(r.o.Cache, 0o755)
	}
	r.images.mu.Lock()
	defer r.images.mu.Unlock()
	if r.images.temp == "" {
		dir, err := os.MkdirTemp("", "davit-images-*")
		if err != nil {
			return "", err
		}
		r.images.temp = dir
	}
	return r.images.temp, nil
}

// removeTemporary removes the layouts of this run.
func (i *images) removeTemporary() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, m := range i.byStep {
		if m.layout != "" {
			os.RemoveAll(m.layout)
		}
	}
	if i.temp != "" {
		os.RemoveAll(i.temp)
	}
}

// runPattern matches the layouts of runs. One that is older than stale was left by a davit that was killed.
const (
	runPattern = ".run-*"
	stale      = 24 * time.Hour
)

func removeStale(parent string) {
	old, _ := filepath.Glob(filepath.Join(parent, runPattern))
	for _, dir := range old {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > stale {
			os.RemoveAll(dir)
		}
	}
}

// discard removes an incomplete layout.
func (l *layout) discard() {
	if !l.complete {
		os.RemoveAll(l.dir)
	}
}

// finish completes the layout of one image, and removes everything else from the folder.
func (l *layout) finish(root digest.Digest, tag string) (string, error) {
	reached := map[digest.Digest]bool{}
	d, err := l.collect(ocispecs.Descriptor{Digest: root}, reached)
	if err != nil {
		return "", err
	}
	if err := l.prune(reached); err != nil {
		return "", err
	}
	d.Annotations = map[string]string{ocispecs.AnnotationRefName: tag}
	index := ocispecs.Index{Versioned: specs.Versioned{SchemaVersion: 2},
		MediaType: ocispecs.MediaTypeImageIndex, Manifests: []ocispecs.Descriptor{d}}
	if err := writeJSON(filepath.Join(l.dir, indexFile), index); err != nil {
		return "", err
	}
	if err := writeJSON(filepath.Join(l.dir, layoutFile),
		ocispecs.ImageLayout{Version: ocispecs.ImageLayoutVersion}); err != nil {
		return "", err
	}
	l.complete = true
	_ = copyLayout(l.dir, l.final, linkFile) // without it the next run is slower, not wrong
	return l.dir, nil
}

// A manifest is an image manifest or an index.
type manifest struct {
	MediaType string                `json:"mediaType"`
	Config    *ocispecs.Descriptor  `json:"config"`
	Layers    []ocispecs.Descriptor `json:"layers"`
	Manifests []ocispecs.Descriptor `json:"manifests"`
}

// collect adds the digests of all parts of an image to reached, and completes the descriptor of its root.
func (l *layout) collect(d ocispecs.Descriptor, reached map[digest.Digest]bool) (ocispecs.Descriptor, error) {
	data, m, err := readManifest(l.dir, d.Digest)
	if err != nil {
		return d, err
	}
	d.MediaType, d.Size = m.MediaType, int64(len(data))
	reached[d.Digest] = true
	for _, part := range m.Layers {
		reached[part.Digest] = true
	}
	if m.Config != nil {
		reached[m.Config.Digest] = true
	}
	for _, child := range m.Manifests {
		if _, err := l.collect(child, reached); err != nil {
			return d, err
		}
	}
	return d, nil
}

func readManifest(dir string, d digest.Digest) (data []byte, m manifest, err error) {
	if err = d.Validate(); err != nil {
		return nil, m, fmt.Errorf("the engine returned no digest of the image: %w", err)
	}
	if data, err = os.ReadFile(blobPath(dir, d)); err == nil {
		err = json.Unmarshal(data, &m)
	}
	return data, m, err
}

func blobPath(dir string, d digest.Digest) string {
	return filepath.Join(dir, blobs, d.Algorithm().String(), d.Encoded())
}

// prune removes what is not part of the image.
func (l *layout) prune(reached map[digest.Digest]bool) error {
	all, err := os.ReadDir(filepath.Join(l.dir, blobs, "sha256"))
	for _, e := range all {
		if d := digest.NewDigestFromEncoded(digest.SHA256, e.Name()); !reached[d] {
			err = errors.Join(err, os.Remove(blobPath(l.dir, d)))
		}
	}
	for _, rest := range []string{"ingest", indexFile + ".lock", indexFile} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(l.dir, rest)))
	}
	return err
}

func writeJSON(path string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// linkBlobs links the blobs of one folder into another. The first may be missing.
func linkBlobs(from, to string) error {
	return eachBlob(from, func(d digest.Digest) error { return linkFile(blobPath(from, d), blobPath(to, d)) })
}

// linkFile makes a hard link, or a copy where the file system has no links. Nobody writes to a blob again.
func linkFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	return copyFile(from, to)
}

func eachBlob(dir string, do func(digest.Digest) error) error {
	all, err := os.ReadDir(filepath.Join(dir, blobs, "sha256"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range all {
		if failed := do(digest.NewDigestFromEncoded(digest.SHA256, e.Name())); !errors.Is(failed,
			fs.ErrNotExist) {
			err = errors.Join(err, failed)
		}
	}
	return err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// copyLayout replaces a layout by a copy of another. The old one stays until the copy is complete.
func copyLayout(from, to string, file func(from, to string) error) error {
	parent := filepath.Dir(filepath.Clean(to))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(parent, ".davit-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	err = errors.Join(os.Chmod(dir, 0o755), os.MkdirAll(filepath.Join(dir, blobs, "sha256"), 0o755))
	if err == nil {
		err = eachBlob(from, func(d digest.Digest) error { return file(blobPath(from, d), blobPath(dir, d)) })
	}
	for _, name := range []string{layoutFile, indexFile} {
		if err == nil {
			err = file(filepath.Join(from, name), filepath.Join(dir, name))
		}
	}
	if err != nil {
		return err
	}
	return replaceFolder(dir, filepath.Clean(to))
}

// replaceFolder replaces a folder by another. If that fails, the old one is moved back.
func replaceFolder(dir, final string) error {
	old := dir + ".old"
	if err := os.Rename(final, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(dir, final); err != nil {
		return errors.Join(err, os.Rename(old, final))
	}
	return os.RemoveAll(old)
}
