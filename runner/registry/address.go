package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
)

// Addresses are servers of the web that have modules, for who has no registry. The reference of a module has its digest.
type Addresses struct {
	// Timeout is how long a server may take for a module; 0 is a minute.
	Timeout time.Duration
}

// Push returns an error: a server of the web has its own ways to get a file.
func (Addresses) Push(_ context.Context, _ blobs.Kind, ref string, _ []byte, _ map[string]string) (string, error) {
	return "", fault.Preconditionf("copy the file to the server", "%q is no registry, and nothing can be published to it", ref)
}

// Find returns the digest that a reference has behind its address.
func (Addresses) Find(_ context.Context, _ blobs.Kind, ref string) (string, error) {
	return project.AddressDigest(ref), nil
}

// Pull returns the module at an address. The caller compares it with its digest.
func (a Addresses) Pull(ctx context.Context, ref, _ string) (module []byte, err error) {
	limit := a.Timeout
	if limit == 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it did not answer within %s", limit))
	defer cancel()
	address := ref[:strings.LastIndex(ref, "@")]
	err = retry(ctx, func(string) {}, func() (err error) {
		module, err = download(ctx, address)
		return err
	})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		u, _ := url.Parse(address) // which has been checked
		return nil, fmt.Errorf("%q did not serve %q: %s", u.Host, u.Path, reason(err))
	}
	return module, nil
}

// download returns what is at an address.
func download(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := (&http.Client{CheckRedirect: checkRedirect}).Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, errors.New(response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, blobs.MaxSize+1))
	if err == nil && len(data) > blobs.MaxSize {
		err = fmt.Errorf("it serves more than %s", size(blobs.MaxSize))
	}
	return data, err
}
