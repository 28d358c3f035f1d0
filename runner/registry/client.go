package registry

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
)

// openRepository returns a client of a repository, with the credentials that the configuration of docker has
// for it.
func openRepository(name, dockerConfig string) (*remote.Repository, error) {
	repo, err := remote.NewRepository(name)
	if err != nil {
		return nil, fmt.Errorf(
			"%q is not a repository of a registry such as \"registry.example.com/team/shop\"", name)
	}
	store, err := credentials.NewStore(filepath.Join(dockerConfig, "config.json"),
		credentials.StoreOptions{DetectDefaultNativeStore: true})
	if err != nil {
		return nil, fmt.Errorf("the credentials in %q cannot be read: %w", dockerConfig, err)
	}
	repo.PlainHTTP = loopback(repo.Reference.Registry)
	repo.Client = &auth.Client{
		// Without retries of its own: retry also repeats requests with a body.
		Client: &http.Client{CheckRedirect: checkRedirect},
		Cache:  auth.NewCache(),
		Credential: func(ctx context.Context, host string) (auth.Credential, error) {
			found, err := credentials.Credential(store)(ctx, host)
			if err != nil {
				err = &credentialError{err}
			}
			return found, err
		},
	}
	return repo, nil
}

// loopback reports whether a registry, a host with or without a port, can only be on this machine. Nobody
// else can read plain HTTP then.
func loopback(registry string) bool {
	host := (&url.URL{Host: registry}).Hostname() // without the brackets of IPv6
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// A credentialError says that docker's configuration names a helper for credentials, which gave none.
type credentialError struct{ err error }

func (e *credentialError) Error() string {
	line, _, _ := strings.Cut(strings.TrimSpace(e.err.Error()), "\n")
	return "docker's credential helper: " + line
}

func (e *credentialError) Unwrap() error { return e.err }
