package compose

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A reference stands for the value of a secret in the text of a release: the name that the value has, and its
// keyed hash, "DB_PASSWORD__0f…", 32 digits. So a value is found wherever it is, and is the one that was meant.

var (
	referenceName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\w+__[0-9a-f]{32}$`) })
	// references are variables, and variables that whole secrets are made from.
	referencesIn = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(\$*)\$\{(\w+__[0-9a-f]{32}):\?` + release.SecretReference + `\}|"environment": "(\w+__[0-9a-f]{32})"`)
	})
)

// reference returns the reference of a value, and remembers it. That of a reference is itself.
func (s *source) reference(name, value string) string {
	if referenceName().MatchString(name) {
		return name
	}
	hash := strings.TrimPrefix(release.HMACSecret(s.key.Secret, value), "hmac:")
	ref := asVariable(name) + "__" + hash
	s.values.remember(ref, value)
	return ref
}

// asVariable returns a name in the form of that of a variable.
func asVariable(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, name)
	if name == "" || unicode.IsDigit(rune(name[0])) {
		return "SECRET_" + name
	}
	return name
}

// split returns the name and the hash of a reference.
func split(ref string) (name, hash string) {
	at := len(ref) - 34
	return ref[:at], ref[at+2:]
}

// isOf reports whether a value is the one that a reference stands for.
func (s *source) isOf(ref, value string) bool {
	_, hash := split(ref)
	return release.HMACSecret(s.key.Secret, value) == "hmac:"+hash
}

// findReferences returns the references in the text of a release.
func findReferences(text []byte) (refs []string) {
	seen := map[string]bool{}
	for _, m := range referencesIn().FindAllSubmatch(text, -1) {
		ref := string(m[2]) + string(m[3])
		if len(m[1])%2 == 0 && !seen[ref] { // a dollar sign before it escapes it
			refs, seen[ref] = append(refs, ref), true
		}
	}
	return refs
}
