package registry

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/errcode"
)

// maxLayer is the largest layer, in bytes, that is read into memory.
const maxLayer = 32 << 20

// A Repository is a repository of a registry whose images are records.
type Repository struct {
	// Name is its full name: "registry.example.com/team/shop-dev".
	Name string
	// DockerConfig is the folder of docker's configuration, which names the credentials.
	DockerConfig string
}

// Tags returns all tags. A repository to which nobody has pushed has none.
func (r Repository) Tags(ctx context.Context) (all []string, err error) {
	err = r.do(ctx, "list", func(repo *remote.Repository) error {
		all = nil
		return repo.Tags(ctx, "", func(some []string) error {
			all = append(all, some...)
			return nil
		})
	})
	if isNotFound(err) {
		return nil, nil
	}
	return all, err
}

// Layer returns the only layer of an image, as a tar.
func (r Repository) Layer(ctx context.Context, tag string) (layer []byte, err error) {
	err = r.do(ctx, "serve", func(repo *remote.Repository) error {
		layer, err = singleLayer(ctx, repo, tag)
		return err
	})
	return layer, err
}

// Delete removes an image with all its tags. It is no error if the registry does not allow deletion.
func (r Repository) Delete(ctx context.Context, tag string) error {
	err := r.do(ctx, "delete", func(repo *remote.Repository) error {
		d, err := repo.Resolve(ctx, tag)
		if err != nil {
			return err
		}
		return repo.Manifests().Delete(ctx, d)
	})
	if isNotFound(err) || isDenied(err) {
		return nil
	}
	return err
}

// do performs a request, and repeats it after a broken connection.
func (r Repository) do(ctx context.Context, what string, do func(*remote.Repository) error) error {
	repo, err := openRepository(r.Name, r.DockerConfig)
	if err != nil {
		return err
	}
	err = retry(ctx, func(string) {}, func() error { return do(repo) })
	return wrapError(err, what, repo.Reference)
}

// singleLayer returns the only layer of an image, uncompressed. Its digest has been verified.
func singleLayer(ctx context.Context, repo *remote.Repository, tag string) ([]byte, error) {
	_, text, err := oras.FetchBytes(ctx, repo, tag, oras.FetchBytesOptions{})
	if err != nil {
		return nil, err
	}
	var m ocispecs.Manifest
	if err := json.Unmarshal(text, &m); err != nil || len(m.Layers) != 1 || m.Layers[0].Size > maxLayer {
		return nil, fmt.Errorf("%q is not an image with one small layer", tag)
	}
	layer, err := content.FetchAll(ctx, repo.Blobs(), m.Layers[0])
	if err != nil || !strings.HasSuffix(m.Layers[0].MediaType, "gzip") {
		return layer, err
	}
	return gunzip(layer)
}

func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxLayer))
}

// isNotFound reports whether an error says that a repository or a tag does not exist.
func isNotFound(err error) bool {
	return errors.Is(err, errdef.ErrNotFound) || hasStatus(err, http.StatusNotFound)
}

// isDenied reports whether an error says that the registry does not allow deletion, or not to this user.
func isDenied(err error) bool {
	return hasStatus(err, http.StatusMethodNotAllowed) || hasStatus(err, http.StatusForbidden) ||
		hasStatus(err, http.StatusUnauthorized)
}

func hasStatus(err error, status int) bool {
	response, is := errors.AsType[*errcode.ErrorResponse](err)
	return is && response.StatusCode == status
}
