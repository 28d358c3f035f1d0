package blobs

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
	"github.com/davit-dev/davit/internal/trust"
)

// A Store has blobs, each in a file that is named by its digest.
type Store struct {
	// Dir is a folder of this machine; "" is none.
	Dir string
	// Vendored is a folder of the project that may have them too; "" is none.
	Vendored string
}

// A Blob is what a store has under a digest.
type Blob struct {
	Kind   Kind
	Digest string
}

func (b Blob) fileIn(dir string) string { return filepath.Join(dir, b.stem()+b.Kind.ending()) }

// stem is the name of its file without the ending.
func (b Blob) stem() string { return strings.ReplaceAll(b.Digest, ":", "-") }

var errNoStore = fault.Preconditionf("davit vendor on another machine puts it into the project", "there is no cache to store it in")

// Put stores a blob on this machine.
func (s Store) Put(kind Kind, data []byte) error {
	if s.Dir == "" {
		return errNoStore
	}
	return atomicfile.Write(Blob{kind, Digest(data)}.fileIn(s.Dir), data, 0o600)
}

// Vendor puts blobs into the folder of the project, and removes all others from it. It returns what it changed: the names of
// files.
func (s Store) Vendor(blobs []Blob) (added, removed []string, err error) {
	for _, b := range blobs {
		if err := s.vendorSignatures(b); err != nil {
			return added, nil, err
		}
		if s.HasVendored(b) {
			continue
		}
		data, err := readFrom(s.Dir, "", b)
		if err != nil {
			return added, nil, err
		}
		file := b.fileIn(s.Vendored)
		if err := atomicfile.Write(file, data, 0o644); err != nil {
			return added, nil, err
		}
		added = append(added, filepath.Base(file))
	}
	removed, err = s.removeOthers(blobs)
	return added, removed, err
}

// removeOthers removes the vendored files of other blobs. Files that davit has not written stay.
func (s Store) removeOthers(blobs []Blob) (removed []string, err error) {
	all, err := filepath.Glob(filepath.Join(s.Vendored, "sha256-*"))
	for _, file := range all {
		if !slices.ContainsFunc(blobs, func(b Blob) bool { return b.hasFile(file) }) && err == nil {
			err = os.Remove(file)
			removed = append(removed, filepath.Base(file))
		}
	}
	return removed, err
}

// hasFile reports whether a file is that of the blob, or of its signatures.
func (b Blob) hasFile(file string) bool {
	name := filepath.Base(file)
	return name == b.fileIn("") || name == b.signaturesIn("")
}

// HasVendored reports whether the folder of the project has a blob.
func (s Store) HasVendored(b Blob) bool {
	_, err := s.readVendored("", b)
	return err == nil
}

// Read returns a blob that is pinned, from this machine or else from the project. The name is that for people. The error is
// a *PinError if neither has it.
func (s Store) Read(name string, b Blob) ([]byte, error) {
	data, err := readFrom(s.Dir, name, b)
	if err == nil || s.Vendored == "" {
		return data, err
	}
	vendored, vendorErr := s.readVendored(name, b)
	if pin, is := errors.AsType[*PinError](vendorErr); is && pin.absent {
		return nil, err
	}
	return vendored, vendorErr
}

// ReadTrusted is Read for what is published under a reference. It is an error if a rule for that is not met by a signature that
// was verified on this machine.
func (s Store) ReadTrusted(name, ref string, b Blob, rules trust.Rules) ([]byte, error) {
	data, err := s.Read(name, b)
	if err != nil {
		return nil, err
	}
	if unmet := rules.Unmet(ref, s.Signers(b)); unmet != nil {
		return nil, NewUnsignedError(name, b, unmet.Prefix, len(s.Signatures(b)) > 0)
	}
	return data, nil
}

// readFrom returns a blob that a folder of this machine has.
func readFrom(dir, name string, b Blob) ([]byte, error) {
	data, err := regular.Read(b.fileIn(dir), MaxSize)
	return b.check(dir, name, data, err)
}

// readVendored returns a blob that the folder of the project has. A link that leads out of the project is not followed.
func (s Store) readVendored(name string, b Blob) ([]byte, error) {
	data, err := readInside(s.Vendored, b.fileIn(""), MaxSize)
	return b.check(s.Vendored, name, data, err)
}

// readInside reads a file of the folder of the project.
func readInside(vendored, file string, limit int64) ([]byte, error) {
	return regular.ReadInside(filepath.Dir(vendored), filepath.Base(vendored)+"/"+file, limit)
}

// check returns what was read from a folder if it is the blob.
func (b Blob) check(dir, name string, data []byte, err error) ([]byte, error) {
	pin := &PinError{Kind: b.Kind, Name: name, next: b.Kind.fetch()}
	switch {
	case errors.Is(err, fs.ErrNotExist) || dir == "":
		pin.Reason, pin.absent = fmt.Sprintf("(%s) is not on this machine", Short(b.Digest)), true
	case err != nil:
		pin.Reason = fmt.Sprintf("(%s) cannot be read: %s", Short(b.Digest), regular.Reason(err))
	case Digest(data) != b.Digest:
		pin.Reason = fmt.Sprintf("is pinned to %s, and the file in %q is %s", Short(b.Digest), dir, Short(Digest(data)))
	default:
		return data, nil
	}
	return nil, pin
}
