package buildkit

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/runner"
)

// asLayout converts an image that only a Docker engine has to an OCI layout, from the archive of "docker
// save". The digest becomes that of the manifest. It is the same for the same image on every machine.
func (r *Runner) asLayout(ctx context.Context, s runner.Step, m builtImage) (builtImage, error) {
	if m.layout != "" {
		return m, nil
	}
	l, err := r.newLayout(s.ID)
	if err != nil {
		return m, err
	}
	defer l.discard()
	archive, err := r.conn.Docker.ImageSave(ctx, []string{m.digest})
	if err != nil {
		return m, fmt.Errorf("the Docker engine did not export the image: %w", err)
	}
	defer archive.Close()
	u := unpacker{dir: l.dir, texts: map[string][]byte{}, layers: map[string]ocispecs.Descriptor{},
		links: map[string]string{}}
	if err := u.read(archive); err != nil {
		return m, err
	}
	root, err := u.manifest()
	if err != nil {
		return m, err
	}
	return r.finishLayout(l, s, root, m)
}

// finishLayout adds davit's attestation to the image in a layout, and completes the layout.
func (r *Runner) finishLayout(
	l *layout, s runner.Step, root digest.Digest, m builtImage,
) (builtImage, error) {
	var err error
	if r.o.Image.Attest {
		if root, err = l.attest(root, imageName(r.optionsFor(s).Name), m.provenance); err != nil {
			return m, err
		}
	}
	m.digest = root.String()
	m.layout, err = l.finish(root, tags(r.o)[0])
	return m, err
}

// An unpacker converts the archive of an image to blobs.
type unpacker struct {
	dir    string
	texts  map[string][]byte              // the files that are JSON, by name
	layers map[string]ocispecs.Descriptor // all others
	links  map[string]string              // names of layers that occur twice
}

// maxJSON is more than any configuration of an image needs.
const maxJSON = 64 << 20

func (u *unpacker) read(archive io.Reader) error {
	r := tar.NewReader(archive)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the Docker engine sent an incomplete image: %w", err)
		}
		name := path.Clean(h.Name)
		switch h.Typeflag {
		case tar.TypeSymlink:
			u.links[name] = path.Join(path.Dir(name), h.Linkname)
		case tar.TypeLink:
			u.links[name] = path.Clean(h.Linkname)
		case tar.TypeReg:
			err = u.file(name, h.Size, r)
		}
		if err != nil {
			return err
		}
	}
}

// file stores one file of the archive. A file that begins as JSON is not an archive, and so not a layer.
func (u *unpacker) file(name string, size int64, content io.Reader) error {
	b := bufio.NewReader(content)
	first, err := b.Peek(1)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	if size < maxJSON && (first[0] == '{' || first[0] == '[') {
		u.texts[name], err = io.ReadAll(b)
		return err
	}
	u.layers[name], err = writeLayer(u.dir, b)
	return err
}

// writeLayer compresses a layer, reproducibly.
func writeLayer(dir string, content io.Reader) (d ocispecs.Descriptor, err error) {
	f, err := atomicfile.Create(dir)
	if err != nil {
		return d, err
	}
	defer f.Discard()
	sum := digest.SHA256.Digester()
	count := &counter{}
	z := gzip.NewWriter(io.MultiWriter(f, sum.Hash(), count))
	_, err = io.Copy(z, content)
	if err = errors.Join(err, z.Close(), f.Chmod(0o644)); err != nil {
		return d, err
	}
	d = ocispecs.Descriptor{MediaType: ocispecs.MediaTypeImageLayerGzip, Digest: sum.Digest(), Size: count.n}
	return d, f.Commit(blobPath(dir, d.Digest))
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// manifest writes the manifest of the image, and its configuration as the engine has it. The annotations are
// those among its labels.
func (u *unpacker) manifest() (digest.Digest, error) {
	var all []archiveEntry
	if err := json.Unmarshal(u.texts["manifest.json"], &all); err != nil || len(all) != 1 {
		return "", errors.New("the Docker engine sent an archive without an image")
	}
	config, ok := u.texts[path.Clean(all[0].Config)]
	if !ok {
		return "", errors.New("the Docker engine sent an image without a configuration")
	}
	m := ocispecs.Manifest{Versioned: specs.Versioned{SchemaVersion: 2},
		MediaType: ocispecs.MediaTypeImageManifest, Annotations: annotationLabels(config)}
	for _, name := range all[0].Layers {
		layer, err := u.layer(path.Clean(name))
		if err != nil {
			return "", err
		}
		m.Layers = append(m.Layers, layer)
	}
	var err error
	if m.Config, err = u.write(ocispecs.MediaTypeImageConfig, config); err != nil {
		return "", err
	}
	data, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	root, err := u.write(ocispecs.MediaTypeImageManifest, data)
	return root.Digest, err
}

func (u *unpacker) layer(name string) (ocispecs.Descriptor, error) {
	if other, ok := u.links[name]; ok {
		name = other
	}
	d, ok := u.layers[name]
	if !ok {
		return d, fmt.Errorf("the Docker engine sent an image without its layer %q", name)
	}
	return d, nil
}

func (u *unpacker) write(mediaType string, data []byte) (ocispecs.Descriptor, error) {
	return writeBlob(u.dir, mediaType, data)
}

// writeBlob writes a blob. An existing one is kept, since it may be a link to the blob of another layout.
func writeBlob(dir, mediaType string, data []byte) (ocispecs.Descriptor, error) {
	d := ocispecs.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(data), Size: int64(len(data))}
	at := blobPath(dir, d.Digest)
	if _, err := os.Stat(at); err == nil {
		return d, nil
	}
	return d, os.WriteFile(at, data, 0o644)
}
