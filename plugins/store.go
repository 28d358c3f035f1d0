package plugins

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/regular"
)

// A Store is a folder of this machine with published plugins, each in a file that is named by its digest. Whatever is
// in it is compared with its digest whenever it is loaded.
type Store struct{ Dir string }

// Put stores the bytes of a plugin.
func (s Store) Put(data []byte) error { return atomicfile.Write(s.file(Digest(data)), data, 0o600) }

// Load returns the plugin that a project pins to a digest, under the name that the project calls it by. The error is a
// *PinError if the store does not have it.
func (s Store) Load(name, digest string) (*Module, error) {
	data, err := regular.Read(s.file(digest), maxModule)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &PinError{name, fmt.Sprintf("(%s) is not on this machine", Short(digest)), fetchHint}
	case err != nil:
		return nil, &PinError{name, fmt.Sprintf("(%s) cannot be read: %s", Short(digest), regular.Reason(err)), fetchHint}
	case Digest(data) != digest:
		return nil, &PinError{name, fmt.Sprintf("is pinned to %s, and the file in %q is %s", Short(digest), s.Dir,
			Short(Digest(data))), fetchHint}
	}
	return Parse(name, data)
}

const fetchHint = "davit plugin fetch downloads it"

func (s Store) file(digest string) string {
	return filepath.Join(s.Dir, strings.ReplaceAll(digest, ":", "-")+".wasm")
}

// A PinError says why a published plugin is not loaded.
type PinError struct {
	Plugin string
	// Reason is the rest of a sentence about the plugin.
	Reason, next string
}

// NewUnpinnedError returns the error about a plugin that project.lock does not pin.
func NewUnpinnedError(plugin, ref string) *PinError {
	return &PinError{plugin, fmt.Sprintf("is not pinned: project.lock has no digest of %q", ref), "davit plugin update " + plugin + " pins and downloads it"}
}

func (e *PinError) Error() string { return fmt.Sprintf("plugin %q %s", e.Plugin, e.Reason) }

// Hint returns the next command.
func (e *PinError) Hint() string { return e.next }
