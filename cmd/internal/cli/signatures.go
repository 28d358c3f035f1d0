package cli

import (
	"strings"

	"github.com/davit-dev/davit/internal/trust"
)

// Signatures verifies signatures, and opens private keys, which davit-engine alone does.
type Signatures interface {
	Verify(trust.Key, trust.Signature) error
	Open(key string) (trust.Signer, error)
}

// signatures returns what verifies and signs for the caller.
func (c *call) signatures() Signatures { return c.Process.Signatures(c.Environ, c.Streams.Warning) }

// keyFile returns the name of a private key with an absolute path; "" stays "", and a variable as it is.
func (c *call) keyFile(name string) string {
	if strings.HasPrefix(name, "env://") {
		return name
	}
	return c.ifGiven(name)
}
