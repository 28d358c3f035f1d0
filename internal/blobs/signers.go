package blobs

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/trust"
)

// Signers returns the keys, by ID, whose signatures of a blob were verified on this machine. The folder of
// the project has no say in it.
func (s Store) Signers(b Blob) (ids []string) {
	if s.Dir == "" {
		return nil
	}
	data, err := regular.Read(s.signersFile(b), regular.Config)
	if err != nil {
		return nil
	}
	return strings.Fields(string(data))
}

// AddSigners records that signatures of a blob by some keys were verified.
func (s Store) AddSigners(b Blob, ids []string) error {
	if s.Dir == "" {
		return errNoStore
	}
	all := append(s.Signers(b), ids...)
	slices.Sort(all)
	return atomicfile.Write(s.signersFile(b), []byte(strings.Join(slices.Compact(all), "\n")+"\n"), 0o600)
}

func (s Store) signersFile(b Blob) string {
	return filepath.Join(s.Dir, b.stem()+".signers")
}

// Signatures returns the signatures of a blob that this machine or the project has. They are not verified.
func (s Store) Signatures(b Blob) (all []trust.Signature) {
	if s.Dir != "" {
		all = parseSignatures(regular.Read(b.signaturesIn(s.Dir), regular.Config))
	}
	if s.Vendored != "" {
		all = append(all, parseSignatures(readInside(s.Vendored, b.signaturesIn(""), regular.Config))...)
	}
	return all
}

// parseSignatures returns the signatures in what was read; none if it could not be read or is something else.
func parseSignatures(data []byte, err error) (all []trust.Signature) {
	if err != nil || json.Unmarshal(data, &all) != nil {
		return nil
	}
	return all
}

// PutSignatures stores the signatures of a blob on this machine.
func (s Store) PutSignatures(b Blob, all []trust.Signature) error {
	if s.Dir == "" {
		return errNoStore
	}
	return writeSignatures(s.Dir, b, all)
}

func writeSignatures(dir string, b Blob, all []trust.Signature) error {
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(b.signaturesIn(dir), append(data, '\n'), 0o644)
}

func (b Blob) signaturesIn(dir string) string {
	return filepath.Join(dir, b.stem()+".signatures.json")
}

// vendorSignatures puts the signatures of a blob beside it in the folder of the project.
func (s Store) vendorSignatures(b Blob) error {
	all := s.Signatures(b)
	if len(all) == 0 {
		return nil
	}
	return writeSignatures(s.Vendored, b, uniqueSignatures(all))
}

func uniqueSignatures(all []trust.Signature) (unique []trust.Signature) {
	for _, a := range all {
		if !slices.ContainsFunc(unique, func(u trust.Signature) bool { return u.Text == a.Text }) {
			unique = append(unique, a)
		}
	}
	return unique
}
