package buildkit

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	docker "github.com/moby/moby/client"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/fault"
)

// An archiveEntry is an image in an archive that "docker save" writes and "docker load" reads.
type archiveEntry struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// loadLayout loads an image into the store of a Docker engine. The classic store holds one platform and no
// attestations, so it gets the platform of the engine.
func loadLayout(ctx context.Context, d *docker.Client, m builtImage, names []string) error {
	version, err := d.ServerVersion(ctx, docker.ServerVersionOptions{})
	if err != nil {
		return err
	}
	one, err := selectManifest(m.layout, digest.Digest(m.digest),
		ocispecs.Platform{OS: version.Os, Architecture: version.Arch})
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(writeArchive(w, m.layout, one, names)) }()
	defer r.Close()
	answer, err := d.ImageLoad(ctx, r, docker.ImageLoadWithQuiet(true))
	if err != nil {
		return fmt.Errorf("the Docker engine did not load the image: %w", err)
	}
	defer answer.Close()
	return checkLoad(answer)
}

// checkLoad reads the answer of the engine, which may report an error after it has reported success.
func checkLoad(answer io.Reader) error {
	for d := json.NewDecoder(answer); ; {
		var progress struct{ Error string }
		switch err := d.Decode(&progress); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case progress.Error != "":
			return fmt.Errorf("the Docker engine did not load the image: %s", progress.Error)
		}
	}
}

// selectManifest returns the manifest of an image for a platform, from its index if it has one.
func selectManifest(dir string, root digest.Digest, p ocispecs.Platform) (manifest, error) {
	_, m, err := readManifest(dir, root)
	if err != nil || m.Config != nil {
		return m, err
	}
	for _, d := range m.Manifests {
		if d.Platform != nil && d.Platform.OS == p.OS && d.Platform.Architecture == p.Architecture {
			_, m, err = readManifest(dir, d.Digest)
			return m, err
		}
	}
	return m, fault.Preconditionf("--output FOLDER keeps it as an OCI layout",
		"the image is not for %s/%s, which the Docker engine runs", p.OS, p.Architecture)
}

// writeArchive writes an image for "docker load".
func writeArchive(to io.Writer, dir string, m manifest, names []string) error {
	w := tar.NewWriter(to)
	a := archiveEntry{Config: archivePath(m.Config.Digest), RepoTags: names}
	parts, written := []ocispecs.Descriptor{*m.Config}, map[digest.Digest]bool{}
	for _, l := range m.Layers {
		a.Layers = append(a.Layers, archivePath(l.Digest))
		parts = append(parts, l)
	}
	for _, part := range parts {
		if written[part.Digest] {
			continue
		}
		written[part.Digest] = true
		if err := addBlob(w, dir, part); err != nil {
			return err
		}
	}
	list, err := json.Marshal([]archiveEntry{a})
	if err != nil {
		return err
	}
	return errors.Join(addFile(w, "manifest.json", int64(len(list)), bytes.NewReader(list)), w.Close())
}

func archivePath(d digest.Digest) string {
	return path.Join(blobs, d.Algorithm().String(), d.Encoded())
}

func addBlob(w *tar.Writer, dir string, d ocispecs.Descriptor) error {
	f, err := os.Open(blobPath(dir, d.Digest))
	if err != nil {
		return err
	}
	defer f.Close()
	return addFile(w, archivePath(d.Digest), d.Size, f)
}

func addFile(w *tar.Writer, name string, size int64, content io.Reader) error {
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size,
		Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err := io.Copy(w, content)
	return err
}
