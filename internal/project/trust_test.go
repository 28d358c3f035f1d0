package project

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestTrust parses entries of [trust]: keys, and identities with all that they need.
func TestTrust(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		`["keys/team.pub"]`: "",
		`[{ identity = "me@example.com", issuer = "https://i.example.com", root = "root.json" }, "ssh-ed25519 AAAA"]`: "",
		`[]`:                    `"releases" has no key`,
		`[1]`:                   "neither a key nor an identity with its issuer and root",
		`[""]`:                  "neither a key nor an identity",
		`[{ identity = "me" }]`: "neither a key nor an identity",
		`[{ identity = "me", issuer = "i", root = "r", other = "x" }]`: "neither a key nor an identity",
		`[{ identity = "me", issuer = "", root = "r" }]`:               "neither a key nor an identity",
	} {
		p, err := Parse([]byte("[trust]\nreleases = " + entry + "\n"))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, wanted %q", entry, err, want)
		}
		if err == nil && len(p.Signatories("releases")) != len(p.Trust["releases"]) {
			t.Errorf("%s: got %+v", entry, p.Signatories("releases"))
		}
	}
}

// TestPrefixesOfTrust parses prefixes of [trust]: a misspelt one is no rule about a registry.
func TestPrefixesOfTrust(t *testing.T) {
	t.Parallel()
	const neither = " is neither a registry such as registry.example.com"
	for prefix, want := range map[string]struct{ reason, hint string }{
		"releases": {}, "releases/production": {}, "*": {}, "oci:./layout": {}, "docker.io": {}, "registry.example.com/platform/acme": {},
		"localhost": {}, "localhost:5000/team": {}, "registry:5000/team": {}, "[::1]:5000": {},
		"release":            {neither, `did you mean "releases"?`},
		"Release/production": {neither, `did you mean "releases/production"?`},
		"Releases":           {neither, `did you mean "releases"?`},
		"releases/":          {neither, `did you mean "releases"?`},
		"platform/acme":      {neither, ""},
	} {
		_, err := Parse([]byte(fmt.Sprintf("[trust]\n%q = [\"team.pub\"]\n", prefix)))
		if want.reason == "" {
			if err != nil {
				t.Errorf("%q: %v", prefix, err)
			}
			continue
		}
		fault, is := errors.AsType[interface {
			error
			Hint() string
		}](err)
		if !is || !strings.Contains(err.Error(), want.reason) || fault.Hint() != want.hint {
			t.Errorf("%q: %v, wanted %q and %q", prefix, err, want.reason, want.hint)
		}
	}
}

// TestTrustNamesAnEnvironment refuses a rule about the releases of an environment that the file does not have.
func TestTrustNamesAnEnvironment(t *testing.T) {
	t.Parallel()
	const environments = "[environments.production]\n[environments.dev]\n[trust]\n"
	if _, err := Parse([]byte(environments + `"releases/production" = ["team.pub"]`)); err != nil {
		t.Error(err)
	}
	_, err := Parse([]byte(environments + `"releases/prodution" = ["team.pub"]`))
	if err == nil || !strings.Contains(err.Error(), `"releases/prodution" is about an environment that is not in this file`) {
		t.Errorf("got %v", err)
	}
}
