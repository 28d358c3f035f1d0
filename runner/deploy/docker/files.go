package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

// maxShownSize is the size in bytes up to which files are shown.
const maxShownSize = 256 << 10

// Files returns files of a container, each as it is there and in the image. It reads the latter from another
// container of the image, which is never started.
func (b *Backend) Files(ctx context.Context, name string, paths []string) ([]deploy.File, error) {
	c, err := b.engine.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
	if err != nil {
		return nil, err
	}
	pristine, err := b.pristine(ctx, c.Container.Image)
	if err != nil {
		return nil, err
	}
	defer b.remove(context.WithoutCancel(ctx), pristine)
	mask := b.mask()
	files := make([]deploy.File, len(paths))
	for i, path := range paths {
		if slices.Contains(injected(c.Container), path) {
			files[i] = deploy.File{Path: path, Reason: "it is a config or a secret, not part of the image"}
		} else if files[i], err = b.file(ctx, c.Container.ID, pristine, path, mask); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// pristine creates a container that is as its image makes it, and returns its id.
func (b *Backend) pristine(ctx context.Context, image string) (string, error) {
	r, err := b.engine.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config: &container.Config{
			Image: image, Entrypoint: []string{"davit"}, NetworkDisabled: true,
			Labels: map[string]string{
				label.Project: b.Environment.Project, label.Environment: b.Environment.Name,
			},
		},
	})
	if errdefs.IsNotFound(err) {
		return "", fault.Preconditionf(
			"", "the image %q, whose files were asked for, is not in the engine of %q any more", image,
			b.Environment.Name)
	}
	return r.ID, err
}

// mask returns a mask for the values of secrets: programs write them into files.
func (b *Backend) mask() *runner.Mask {
	values := map[string][]byte{}
	for name, value := range b.Secrets {
		values[name] = []byte(value)
	}
	return runner.NewMask(values)
}

func (b *Backend) file(
	ctx context.Context, id, pristine, path string, mask *runner.Mask,
) (f deploy.File, err error) {
	f.Path = path
	for id, text := range map[string]*[]byte{id: &f.Current, pristine: &f.Original} {
		content, why, err := b.read(ctx, id, path)
		if err != nil {
			return f, err
		}
		if why != "" {
			f.Reason = why
		}
		if content != nil {
			*text = []byte(mask.Text(string(content)))
		}
	}
	if f.Reason != "" {
		f.Original, f.Current = nil, nil
	}
	return f, nil
}

// read returns the text of a file, nil where it does not exist, or why it cannot be shown.
func (b *Backend) read(ctx context.Context, id, path string) (text []byte, why string, err error) {
	r, err := b.engine.CopyFromContainer(ctx, id, client.CopyFromContainerOptions{SourcePath: path})
	if err != nil {
		return nil, "", ignoreNotFound(err)
	}
	defer r.Content.Close()
	archive := tar.NewReader(r.Content)
	header, err := archive.Next()
	if err != nil {
		return nil, "", err
	}
	switch {
	case header.Typeflag == tar.TypeSymlink:
		return []byte("a symbolic link to " + header.Linkname + "\n"), "", nil
	case header.Typeflag == tar.TypeDir:
		return nil, "it is a folder", nil
	case header.Typeflag != tar.TypeReg:
		return nil, "it is not a regular file", nil
	case header.Size > maxShownSize:
		return nil, fmt.Sprintf("it is too large to show, with %d bytes", header.Size), nil
	}
	if text, err = io.ReadAll(archive); err != nil {
		return nil, "", err
	}
	if bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
		return nil, "it is binary", nil
	}
	return append([]byte{}, text...), "", nil
}
