package plugins

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/trust"
)

// Signers returns the keys, by ID, whose signatures of the plugin of a digest were verified on this machine. The folder of
// the project has no say in it.
func (s Store) Signers(digest string) (ids []string) {
	if s.Dir == "" {
		return nil
	}
	data, err := regular.Read(s.signersFile(digest), regular.Config)
	if err != nil {
		return nil
	}
	return strings.Fields(string(data))
}

// AddSigners records that signatures of the plugin of a digest by some keys were verified.
func (s Store) AddSigners(digest string, ids []string) error {
	if s.Dir == "" {
		return errNoStore
	}
	all := append(s.Signers(digest), ids...)
	slices.Sort(all)
	return atomicfile.Write(s.signersFile(digest), []byte(strings.Join(slices.Compact(all), "\n")+"\n"), 0o600)
}

func (s Store) signersFile(digest string) string {
	return strings.TrimSuffix(fileIn(s.Dir, digest), ".wasm") + ".signers"
}

// Signatures returns the signatures of the plugin of a digest that this machine or the project has. They are not verified.
func (s Store) Signatures(digest string) (all []trust.Signature) {
	for _, dir := range []string{s.Dir, s.Vendored} {
		var some []trust.Signature
		data, err := regular.Read(signaturesIn(dir, digest), regular.Config)
		if err == nil && dir != "" && json.Unmarshal(data, &some) == nil {
			all = append(all, some...)
		}
	}
	return all
}

// PutSignatures stores the signatures of the plugin of a digest on this machine.
func (s Store) PutSignatures(digest string, all []trust.Signature) error {
	if s.Dir == "" {
		return errNoStore
	}
	return writeSignatures(s.Dir, digest, all)
}

func writeSignatures(dir, digest string, all []trust.Signature) error {
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(signaturesIn(dir, digest), append(data, '\n'), 0o644)
}

func signaturesIn(dir, digest string) string {
	return strings.TrimSuffix(fileIn(dir, digest), ".wasm") + ".signatures.json"
}

// vendorSignatures puts the signatures of a plugin beside it in the folder of the project.
func (s Store) vendorSignatures(digest string) error {
	all := s.Signatures(digest)
	if len(all) == 0 {
		return nil
	}
	return writeSignatures(s.Vendored, digest, uniqueSignatures(all))
}

func uniqueSignatures(all []trust.Signature) (unique []trust.Signature) {
	for _, a := range all {
		if !slices.ContainsFunc(unique, func(u trust.Signature) bool { return u.Text == a.Text }) {
			unique = append(unique, a)
		}
	}
	return unique
}

// ofDigest reports whether a vendored file is the plugin of a digest, or its signatures.
func ofDigest(file, digest string) bool {
	return filepath.Base(file) == filepath.Base(fileIn("", digest)) || filepath.Base(file) == filepath.Base(signaturesIn("", digest))
}
