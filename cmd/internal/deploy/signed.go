package deploy

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Signatures verifies signatures, and opens private keys.
type Signatures interface {
	Verify(trust.Key, trust.Signature) error
	Open(key string) (trust.Signer, error)
}

// rules returns whose signatures releases and images need.
func (e *Environments) rules() (trust.Rules, error) {
	if e.Trust == nil {
		return nil, nil
	}
	all, err := e.Trust()
	return all.Named(), err
}

// signReleases has the releases of an operation signed, if a key is set. A release that [trust] would refuse later is
// refused before anything changes.
func (o *operation) signReleases() error {
	rules, err := o.environments.rules()
	if err != nil {
		return err
	}
	unmet := rules.Unmet(trust.ReleasesOf(o.Name), nil)
	name := o.environments.signKey(o.Name)
	if name == "" && unmet == nil {
		return nil
	}
	if name == "" {
		return refused("--sign KEY signs it, or sign = \"KEY\" in [environments."+o.Name+"]",
			"a release of %s %s, and no key is set", o.Name, unmet.Lacks(0))
	}
	signer, err := o.environments.Signatures.Open(name)
	if err != nil {
		return err
	}
	if unmet := rules.Unmet(trust.ReleasesOf(o.Name), []string{signer.Key().ID}); unmet != nil {
		return refused("", "a release of %s that is signed by %q %s", o.Name, name, unmet.Lacks(1))
	}
	o.backend.SignWith(signer)
	return nil
}

// signKey returns the private key that signs the releases of an environment; empty for none.
func (e *Environments) signKey(environment string) string {
	name := cmp.Or(e.SignKey, e.Config.Environments[environment].Sign)
	rest, ofHome := strings.CutPrefix(name, "~/")
	switch {
	case ofHome:
		return filepath.Join(environ.Get(e.Environ, "HOME"), filepath.FromSlash(rest))
	case name == "" || filepath.IsAbs(name) || strings.Contains(name, "://"):
		return name
	}
	return filepath.Join(e.Dir, filepath.FromSlash(name))
}

// verifySigned refuses a release of an environment that lacks a signature which [trust] requires.
func (e *Environments) verifySigned(ctx context.Context, s *session, r release.Release, hint string) error {
	rules, err := e.rules()
	ref := trust.ReleasesOf(s.Name)
	if err != nil || len(rules.For(ref)) == 0 {
		return err
	}
	all, err := s.backend.Signatures(ctx, r)
	if err != nil {
		return fmt.Errorf("the signatures of release %d of %s cannot be read: %w", r.Number, s.Name, err)
	}
	if unmet := rules.Unmet(ref, rules.Signers(ref, all, e.Signatures.Verify)); unmet != nil {
		return refused(hint, "release %d of %s %s", r.Number, s.Name, unmet.Lacks(len(all)))
	}
	return nil
}

// verifyCurrent refuses to change an environment whose current release lacks a signature, unless that is accepted. A
// change that fails returns to it.
func (o *operation) verifyCurrent(ctx context.Context) error {
	now := o.current()
	if now == nil {
		return nil
	}
	err := o.environments.verifySigned(ctx, o.session, *now, "once you know why, davit deploy "+o.Name+
		" --accept-history deploys a signed one in its place")
	o.unsigned = err != nil
	if o.request.AcceptHistory {
		return nil
	}
	return err
}
