package registry

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"

	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"
)

// An Error is a request that a registry refused or did not answer.
type Error struct {
	// Registry is the host, and Repository the path on it.
	Registry, Repository string
	// What was requested, as a verb: "accept", "list".
	What string
	// Reason is the reason in a few words.
	Reason string
	hint   string
	err    error
}

func (e *Error) Error() string {
	return fmt.Sprintf("registry %q did not %s %q: %s", e.Registry, e.What, e.Repository, e.Reason)
}

// Unwrap returns the error of the registry or of the network.
func (e *Error) Unwrap() error { return e.err }

// Hint returns the next command.
func (e *Error) Hint() string { return e.hint }

// explain returns an error of a registry as one sentence.
func explain(err error, what string, at registry.Reference) error {
	if err == nil {
		return nil
	}
	e := &Error{Registry: at.Registry, Repository: at.Repository, What: what, Reason: reason(err), err: err}
	var said *errcode.ErrorResponse
	switch {
	case errors.Is(err, auth.ErrBasicCredentialNotFound), errors.As(err, &said) &&
		said.StatusCode == http.StatusUnauthorized:
		e.Reason, e.hint = "it requires other credentials", "docker login "+at.Registry
	case said != nil && said.StatusCode == http.StatusForbidden:
		e.Reason, e.hint = "these credentials do not allow it", "docker login "+at.Registry
	case said != nil && len(said.Errors) > 0:
		e.Reason = said.Errors.Error()
	case certificate(err):
		e.Reason = "its certificate is not trusted here"
		e.hint = "only a registry on this machine is spoken to in plain HTTP"
	}
	return e
}

func certificate(err error) bool {
	var verify *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	return errors.As(err, &verify) || errors.As(err, &header)
}
