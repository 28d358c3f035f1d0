package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/suggest"
)

// A Signatory is a key that may sign, or an identity.
type Signatory struct {
	// Key is a file with a public key, or the key itself; empty for an identity.
	Key string
	// Identity is an address, Issuer is who has verified it, and Root is the file of the trusted root.
	Identity, Issuer, Root string
}

// Signatories returns who may sign what is published below a prefix.
func (p *Project) Signatories(prefix string) (all []Signatory) {
	for _, entry := range p.Trust[prefix] {
		if s, ok := signatory(entry); ok {
			all = append(all, s)
		}
	}
	return all
}

// signatory returns the one of an entry: a text, or a table with the three keys of an identity.
func signatory(entry any) (s Signatory, ok bool) {
	if s.Key, ok = entry.(string); ok {
		return s, s.Key != ""
	}
	table, _ := entry.(map[string]any)
	for key, to := range map[string]*string{"identity": &s.Identity, "issuer": &s.Issuer, "root": &s.Root} {
		if *to, ok = table[key].(string); !ok || *to == "" {
			return s, false
		}
	}
	return s, len(table) == 3
}

// releases is the prefix of releases in [trust].
const releases = "releases"

// isReleases reports whether a prefix of [trust] is about releases.
func isReleases(prefix string) bool {
	environment, one := strings.CutPrefix(prefix, releases+"/")
	return prefix == releases || one && environment != ""
}

// lacksEnvironment reports whether a prefix of [trust] is about the releases of an environment that a file with environments does
// not have.
func (p *Project) lacksEnvironment(prefix string) bool {
	environment, one := strings.CutPrefix(prefix, releases+"/")
	_, known := p.Environments[environment]
	return one && len(p.Environments) > 0 && !known
}

// isRegistry reports whether a prefix of [trust] is a registry, or a place in one. A word without a dot or a port is none, so
// that nobody takes a misspelt "releases" for a rule about releases.
func isRegistry(prefix string) bool {
	host, _, _ := strings.Cut(prefix, "/")
	return mirrorPlace().MatchString(prefix) && (host == "localhost" || strings.ContainsAny(host, ".:"))
}

// prefixHint returns what is probably meant by a text that is no prefix of [trust].
func prefixHint(prefix string) string {
	word, below, _ := strings.Cut(prefix, "/")
	if len(suggest.Nearest(strings.ToLower(word), []string{releases})) == 0 {
		return ""
	}
	if below != "" {
		return fmt.Sprintf("did you mean %q?", releases+"/"+below)
	}
	return fmt.Sprintf("did you mean %q?", releases)
}

// trustFaults returns what is wrong with [trust], besides the keys.
func (p *Project) trustFaults() (faults []error) {
	for _, prefix := range slices.Sorted(maps.Keys(p.Trust)) {
		_, _, layout := Layout(prefix)
		switch key := []string{"trust", prefix}; {
		case prefix != "*" && !isReleases(prefix) && !layout && !isRegistry(prefix):
			faults = append(faults, p.Fault(key, prefixHint(prefix), "%q is neither a registry such as registry.example.com, nor a namespace or a plugin in one, nor \"releases\", nor \"*\"", prefix))
		case p.lacksEnvironment(prefix):
			faults = append(faults, p.Fault(key, p.nearEnvironment(strings.TrimPrefix(prefix, releases+"/")),
				"%q is about an environment that is not in this file", prefix))
		case len(p.Trust[prefix]) == 0:
			faults = append(faults, p.Fault(key, "", "%q has no key", prefix))
		case len(p.Signatories(prefix)) < len(p.Trust[prefix]):
			faults = append(faults, p.Fault(key, `{ identity = "me@example.com", issuer = "https://accounts.example.com", root = "keys/trusted_root.json" }`,
				"%q has an entry that is neither a key nor an identity with its issuer and root", prefix))
		}
	}
	return faults
}
