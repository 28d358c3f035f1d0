package plugins

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
)

// A Store has published plugins, each in a file that is named by its digest. Whatever is in it is compared with its digest
// whenever it is loaded.
type Store struct {
	// Dir is a folder of this machine; "" is none.
	Dir string
	// Vendored is a folder of the project that may have them too; "" is none.
	Vendored string
}

var errNoStore = fault.Preconditionf("davit vendor on another machine puts it into the project", "there is no cache to store a plugin in")

// Put stores the bytes of a plugin on this machine.
func (s Store) Put(data []byte) error {
	if s.Dir == "" {
		return errNoStore
	}
	return atomicfile.Write(fileIn(s.Dir, Digest(data)), data, 0o600)
}

// Vendor puts the plugins of some digests into the folder of the project, and removes all others from it. It returns what
// it changed: the names of files.
func (s Store) Vendor(digests []string) (added, removed []string, err error) {
	for _, digest := range digests {
		file := fileIn(s.Vendored, digest)
		if err := s.vendorSignatures(digest); err != nil {
			return added, nil, err
		}
		if _, err := s.loadFrom(s.Vendored, "", digest); err == nil {
			continue
		}
		m, err := s.loadFrom(s.Dir, "", digest)
		if err != nil {
			return added, nil, err
		}
		if err := writeModule(file, m); err != nil {
			return added, nil, err
		}
		added = append(added, filepath.Base(file))
	}
	removed, err = s.removeOthers(digests)
	return added, removed, err
}

func writeModule(file string, m *Module) error {
	data, err := m.Bytes()
	if err != nil {
		return err
	}
	return atomicfile.Write(file, data, 0o644)
}

// removeOthers removes the vendored plugins of other digests. Files that davit has not written stay.
func (s Store) removeOthers(digests []string) (removed []string, err error) {
	all, err := filepath.Glob(filepath.Join(s.Vendored, "sha256-*"))
	for _, file := range all {
		if !slices.ContainsFunc(digests, func(d string) bool { return ofDigest(file, d) }) && err == nil {
			err = os.Remove(file)
			removed = append(removed, filepath.Base(file))
		}
	}
	return removed, err
}

// HasVendored reports whether the folder of the project has the plugin of a digest.
func (s Store) HasVendored(digest string) bool {
	_, err := s.loadFrom(s.Vendored, "", digest)
	return err == nil
}

// Load returns the plugin that a project pins to a digest, under the name that the project calls it by. The error is a
// *PinError if the store does not have it.
func (s Store) Load(name, digest string) (*Module, error) {
	m, err := s.loadFrom(s.Dir, name, digest)
	if err == nil || s.Vendored == "" {
		return m, err
	}
	vendored, vendorErr := s.loadFrom(s.Vendored, name, digest)
	if pin, is := errors.AsType[*PinError](vendorErr); is && pin.absent {
		return nil, err
	}
	return vendored, vendorErr
}

// loadFrom returns the plugin of a digest in a folder.
func (s Store) loadFrom(dir, name, digest string) (*Module, error) {
	data, err := regular.Read(fileIn(dir, digest), maxModule)
	switch {
	case errors.Is(err, fs.ErrNotExist) || dir == "":
		return nil, &PinError{name, fmt.Sprintf("(%s) is not on this machine", Short(digest)), fetchHint, true}
	case err != nil:
		return nil, &PinError{name, fmt.Sprintf("(%s) cannot be read: %s", Short(digest), regular.Reason(err)), fetchHint, false}
	case Digest(data) != digest:
		return nil, &PinError{name, fmt.Sprintf("is pinned to %s, and the file in %q is %s", Short(digest), dir,
			Short(Digest(data))), fetchHint, false}
	}
	return Parse(name, data)
}

const fetchHint = "davit plugin fetch downloads it"

func fileIn(dir, digest string) string {
	return filepath.Join(dir, strings.ReplaceAll(digest, ":", "-")+".wasm")
}

// A PinError says why a published plugin is not loaded.
type PinError struct {
	Plugin string
	// Reason is the rest of a sentence about the plugin.
	Reason, next string
	absent       bool // no file has its name
}

// NewUnsignedError returns the error about a plugin whose signature is required, and was not verified on this machine. There
// says that the project or this machine has signatures of it.
func NewUnsignedError(plugin, digest, prefix string, there bool) *PinError {
	next := "davit plugin fetch looks for one and verifies it"
	if there {
		next = "davit --offline plugin fetch verifies those that are there, and davit plugin fetch looks for others"
	}
	return &PinError{plugin, fmt.Sprintf("(%s) has no signature that was verified here, and [trust] requires one for %q", Short(digest), prefix),
		next, false}
}

// NewUnpinnedError returns the error about a plugin that project.lock does not pin.
func NewUnpinnedError(plugin, ref string) *PinError {
	return &PinError{plugin, fmt.Sprintf("is not pinned: project.lock has no digest of %q", ref), "davit plugin update " + plugin + " pins and downloads it", false}
}

func (e *PinError) Error() string { return fmt.Sprintf("plugin %q %s", e.Plugin, e.Reason) }

// Hint returns the next command.
func (e *PinError) Hint() string { return e.next }
