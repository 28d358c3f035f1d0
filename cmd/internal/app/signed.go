package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/trust"
)

// ReadTrust returns whose signatures count for what is published: the rules of the user, and those of the project in a
// folder.
func ReadTrust(env func(string) string, root string) (rules trust.Rules, err error) {
	data, err := regular.ReadInside(root, project.File, regular.Config)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, usage("", "%s cannot be read: %s", project.File, regular.Reason(err))
	}
	config, err := project.Parse(data)
	if err != nil {
		return nil, err
	}
	return trustRules(env, root, config)
}

// Trust returns whose signatures count: the rules of the user, and those of the project.
func (p *Project) Trust() (trust.Rules, error) { return trustRules(p.env, p.Root.Dir, p.Config) }

// checkSigned returns an error about a published blob whose signature is required and was not verified on this machine.
// Signatures that are here, as in a clone with vendored plugins, are verified now.
func (p *Project) checkSigned(rules trust.Rules, name, ref string, b blobs.Blob) error {
	store := PublishedStore(p.Cache, p.Root.Dir)
	unmet := rules.Unmet(ref, store.Signers(b))
	if unmet == nil {
		return nil
	}
	there := len(store.Signatures(b)) > 0
	if there && p.Verify != nil && p.Verify(ref, b) == nil {
		unmet = rules.Unmet(ref, store.Signers(b))
	}
	if unmet == nil {
		return nil
	}
	return blobs.NewUnsignedError(name, b, unmet.Prefix, there)
}

// trustRules returns the rules of the user, and those of a project.
func trustRules(env func(string) string, root string, config *project.Project) (rules trust.Rules, err error) {
	user, err := ReadUser(env, root)
	if err != nil {
		return nil, err
	}
	if user != nil {
		dir := filepath.Dir(user.File)
		rules, err = rulesOf(user, func(name string) ([]byte, error) {
			return regular.Read(filepath.Join(dir, filepath.FromSlash(name)), regular.Config)
		})
	}
	if err != nil {
		return nil, err
	}
	own, err := rulesOf(config, func(name string) ([]byte, error) { return regular.ReadInside(root, name, regular.Config) })
	return append(rules, own...), err
}

// rulesOf returns the rules of a file.
func rulesOf(p *project.Project, read func(string) ([]byte, error)) (rules trust.Rules, err error) {
	for _, prefix := range slices.Sorted(maps.Keys(p.Trust)) {
		rule := trust.Rule{Prefix: prefix, File: p.File}
		for _, s := range p.Signatories(prefix) {
			key, err := keyOf(s, read)
			if err != nil {
				return nil, p.Fault([]string{"trust", prefix}, "", "%s", err)
			}
			rule.Keys = append(rule.Keys, key)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// keyOf returns the key of a signatory.
func keyOf(s project.Signatory, read func(string) ([]byte, error)) (trust.Key, error) {
	if s.Key == "" {
		root, err := read(s.Root)
		if err != nil {
			return trust.Key{}, fmt.Errorf("the trusted root %q cannot be used: %s", s.Root, regular.Reason(err))
		}
		return trust.NewIdentity(trust.Identity{Subject: s.Identity, Issuer: s.Issuer, Root: string(root)}), nil
	}
	key, err := readKey(s.Key, read)
	if err != nil {
		short, _, _ := strings.Cut(s.Key, "\n")
		err = fmt.Errorf("the key %q cannot be used: %s", short, regular.Reason(err))
	}
	return key, err
}

// readKey returns the key that a text is, or that is in the file of that name.
func readKey(text string, read func(string) ([]byte, error)) (trust.Key, error) {
	if trust.Inline(text) {
		return trust.ParseKey(text)
	}
	data, err := read(text)
	if err != nil {
		return trust.Key{}, err
	}
	return trust.ParseKey(string(data))
}
