// Package blobs has what teams publish, as a machine or a project keeps it: plugins, conventions and templates.
//
// Each is one blob with one digest. A store keeps it in a file that is named by that digest, compares the two whenever it
// reads the file, and records whose signatures of it were verified. Where blobs come from, and what is in them, is not known
// here.
package blobs

import (
	"crypto/sha256"
	"encoding/hex"
)

// A Kind says what a blob is.
type Kind string

// The kinds.
const (
	Plugin     Kind = "plugin"     // a WebAssembly module
	Convention Kind = "convention" // an archive with a convention.toml
	Template   Kind = "template"   // an archive with a folder for each version
)

// ending is that of the names of files.
func (k Kind) ending() string {
	if k == Plugin {
		return ".wasm"
	}
	return ".tar"
}

// fetch says which command downloads what is pinned.
func (k Kind) fetch() string {
	if k == Template {
		return "davit upgrade downloads it"
	}
	return "davit " + string(k) + " fetch downloads it"
}

// MaxSize is the size of the largest blob, in bytes.
const MaxSize = 64 << 20

// Digest returns the digest of a blob: "sha256:" and 64 hexadecimal digits.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Short returns a digest in a short form for people: "sha256:0123456789ab".
func Short(digest string) string { return digest[:min(len(digest), len("sha256:")+12)] }
