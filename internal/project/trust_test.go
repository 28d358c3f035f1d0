package project

import (
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
