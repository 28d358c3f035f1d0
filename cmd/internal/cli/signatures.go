package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/trust"
)

// Signatures verifies signatures, and opens private keys, which davit-engine alone does.
type Signatures interface {
	Verify(trust.Key, trust.Signature) error
	Open(key string) (trust.Signer, error)
}

// signatures returns what verifies and signs for the caller.
func (c *call) signatures() Signatures { return c.Process.Signatures(c.Environ, c.Streams.Warning) }

// verify verifies the signatures of a published blob that are on this machine or in the project. davit, which cannot,
// hands over to davit-engine, which comes here again and goes on with the command.
func (c *call) verify(ctx context.Context, ref string, b blobs.Blob) error {
	switch {
	case c.Published == nil && c.Handover == nil:
		return errors.New("nothing is linked in that verifies signatures")
	case c.Published == nil:
		return c.Handover()
	}
	r, err := c.publishedRequest()
	if err != nil {
		return err
	}
	r.Offline = true
	return c.Published(r).Verify(ctx, ref, b)
}

// signedImage returns the digest of an image that has the signature which [trust] requires; "" if it requires none.
func (c *call) signedImage(ctx context.Context, ref string) (string, error) {
	r, err := c.publishedRequest()
	if err != nil || len(r.Trust.Named()) == 0 {
		return "", err
	}
	return c.Published(r).Image(ctx, ref)
}

// keyFile returns the name of a private key with an absolute path; "" stays "", and a variable as it is.
func (c *call) keyFile(name string) string {
	if strings.HasPrefix(name, "env://") {
		return name
	}
	return c.ifGiven(name)
}
