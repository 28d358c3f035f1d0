package trust

import (
	"fmt"
	"slices"
	"strings"
)

// A Rule says that what is published below a prefix needs a signature by one of some keys.
type Rule struct {
	// Prefix is a registry, a namespace or a repository, or Releases with or without the name of an environment. Any is
	// everything that is published, but for images.
	Prefix string
	Keys   []Key
	// File is the file that has the rule. Of the rules of one file the one with the longest prefix counts.
	File string
}

// Any is the prefix of everything that is published for davit. It is about no images and releases.
const Any = "*"

// Releases is the prefix of releases; with "/" and the name of an environment, of those of it.
const Releases = "releases"

// ReleasesOf returns the reference of the releases of an environment.
func ReleasesOf(environment string) string { return Releases + "/" + environment }

// Rules are those of all files.
type Rules []Rule

// Named returns the rules that name what they are about.
func (r Rules) Named() Rules {
	return slices.DeleteFunc(slices.Clone(r), func(rule Rule) bool { return rule.Prefix == Any })
}

// For returns the rules that count for a reference, one for each file that has any. All of them have to be met.
func (r Rules) For(ref string) (counting []Rule) {
	for _, rule := range r {
		if !rule.covers(ref) {
			continue
		}
		i := slices.IndexFunc(counting, func(c Rule) bool { return c.File == rule.File })
		switch {
		case i < 0:
			counting = append(counting, rule)
		case len(rule.Prefix) > len(counting[i].Prefix) || counting[i].Prefix == Any:
			counting[i] = rule
		}
	}
	return counting
}

func (r Rule) covers(ref string) bool {
	rest, below := strings.CutPrefix(ref, r.Prefix)
	return r.Prefix == Any || below && (rest == "" || strings.ContainsRune("/:@", rune(rest[0])))
}

// Unmet returns the first rule for a reference that no signer meets; nil if all are met. Signers are the IDs of the keys
// whose signatures were verified.
func (r Rules) Unmet(ref string, signers []string) *Rule {
	for _, rule := range r.For(ref) {
		if !slices.ContainsFunc(rule.Keys, func(k Key) bool { return slices.Contains(signers, k.ID) }) {
			return &rule
		}
	}
	return nil
}

// Signers returns the IDs of the keys that count for a reference and by which one of some signatures is right.
func (r Rules) Signers(ref string, all []Signature, verify func(Key, Signature) error) (ids []string) {
	for _, key := range r.KeysFor(ref) {
		if slices.ContainsFunc(all, func(s Signature) bool { return verify(key, s) == nil }) {
			ids = append(ids, key.ID)
		}
	}
	return ids
}

// Lacks returns the rest of a sentence about what has some signatures and does not meet the rule.
func (r Rule) Lacks(signatures int) string {
	reason := "has no signature"
	if signatures > 0 {
		reason += " by one of its keys"
	}
	return fmt.Sprintf("%s, which [trust] in %s requires for %q", reason, r.File, r.Prefix)
}

// KeysFor returns the keys that count for a reference.
func (r Rules) KeysFor(ref string) (keys []Key) {
	for _, rule := range r.For(ref) {
		keys = append(keys, rule.Keys...)
	}
	return keys
}
