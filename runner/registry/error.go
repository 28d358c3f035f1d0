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

// wrapError returns an error of a registry as one sentence.
func wrapError(err error, what string, at registry.Reference) error {
	if err == nil {
		return nil
	}
	e := &Error{Registry: at.Registry, Repository: at.Repository, What: what, Reason: reason(err), err: err}
	var response *errcode.ErrorResponse
	switch {
	case errors.Is(err, auth.ErrBasicCredentialNotFound), errors.As(err, &response) &&
		response.StatusCode == http.StatusUnauthorized:
		e.Reason, e.hint = "it requires other credentials", "docker login "+at.Registry
	case response != nil && response.StatusCode == http.StatusForbidden:
		e.Reason, e.hint = "these credentials do not allow it", "docker login "+at.Registry
	case response != nil && len(response.Errors) > 0:
		e.Reason = response.Errors.Error()
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
