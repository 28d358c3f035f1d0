package trust

import (
	"slices"
	"strings"
)

// A Rule says that what is published below a prefix needs a signature by one of some keys.
type Rule struct {
	// Prefix is a registry, a namespace or a repository; "*" is everything that is published.
	Prefix string
	Keys   []Key
	// File is the file that has the rule. Of the rules of one file the one with the longest prefix counts.
	File string
}

// Rules are those of all files.
type Rules []Rule

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
		case len(rule.Prefix) > len(counting[i].Prefix) || counting[i].Prefix == "*":
			counting[i] = rule
		}
	}
	return counting
}

func (r Rule) covers(ref string) bool {
	rest, below := strings.CutPrefix(ref, r.Prefix)
	return r.Prefix == "*" || below && (rest == "" || rest[0] == '/' || rest[0] == ':')
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

// KeysFor returns the keys that count for a reference.
func (r Rules) KeysFor(ref string) (keys []Key) {
	for _, rule := range r.For(ref) {
		keys = append(keys, rule.Keys...)
	}
	return keys
}
