package main

import (
	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/runner/signature"
)

// signatures returns what verifies and signs with the keys of a caller.
func signatures(environ []string, warn func(text, hint string)) cli.Signatures {
	return signature.Keys{Environ: environ, Warn: warn}
}
