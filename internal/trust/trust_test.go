package trust

import (
	"strings"
	"testing"
)

func TestParseKey(t *testing.T) {
	const pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYH\n-----END PUBLIC KEY-----\n"
	for text, want := range map[string]string{
		pem: "", "ssh-ed25519 AAAAC3Nz somebody@example.com": "",
		"ecdsa-sha2-nistp256 AAAAE2Vj":               "",
		strings.ReplaceAll(pem, "PUBLIC", "PRIVATE"): "it is a PRIVATE KEY, wanted a PUBLIC KEY",
		"ssh-ed25519 !":                              "it is no public key of ssh: its second word is not base64",
		"keys/platform.pub":                          "it is neither a public key in PEM, as cosign writes it, nor one of ssh",
	} {
		key, err := ParseKey(text)
		if want == "" && (err != nil || !strings.HasPrefix(key.ID, "sha256:")) || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: got %+v, %v", text, key, err)
		}
	}
}

// TestRules checks which rules count for a reference: the longest prefix of each file, and all files.
func TestRules(t *testing.T) {
	a, b, c := Key{ID: "a"}, Key{ID: "b"}, Key{ID: "c"}
	rules := Rules{
		{"*", []Key{c}, "project"}, {"r.example.com", []Key{a}, "project"}, {"r.example.com/team", []Key{b}, "project"},
		{"r.example.com/team", []Key{c, a}, "user"},
	}
	for _, x := range []struct{ ref, signers, unmet string }{
		{"r.example.com/other/x:1", "a", ""}, {"r.example.com/other/x:1", "b", "r.example.com"},
		{"r.example.com/team/x:1", "b", "r.example.com/team"}, {"r.example.com/team/x:1", "b c", ""},
		{"r.example.com/team/x:1", "a", "r.example.com/team"}, {"r.example.com/team/x:1", "a b", ""},
		{"r.example.com/teams/x:1", "a", ""}, {"other.example.com/x:1", "a", "*"}, {"other.example.com/x:1", "c", ""},
		{"r.example.com/team:1", "a b", ""}, {"oci:./layout:x", "", "*"},
	} {
		unmet := rules.Unmet(x.ref, strings.Fields(x.signers))
		if unmet == nil && x.unmet != "" || unmet != nil && unmet.Prefix != x.unmet {
			t.Errorf("%s signed by %q: %+v is not met, wanted %q", x.ref, x.signers, unmet, x.unmet)
		}
	}
	if got := (Rules{}).Unmet("r.example.com/x:1", nil); got != nil {
		t.Errorf("without rules %+v is not met", got)
	}
}

func TestASignatureCoversItsModuleAlone(t *testing.T) {
	manifest := []byte(`{"layers":[{"digest":"sha256:2"}]}`)
	payload, err := NewPayload("r.example.com/x", idOf(manifest), "sha256:3")
	if err != nil {
		t.Fatal(err)
	}
	two := []byte(`{"layers":[{"digest":"sha256:2"},{"digest":"sha256:4"}]}`)
	ofTwo, err := NewPayload("r.example.com/x", idOf(two), "sha256:3")
	if err != nil {
		t.Fatal(err)
	}
	other := []byte(`{"critical":{"image":{"docker-manifest-digest":"` + idOf(manifest) + `"},"type":"other"}}`)
	for _, x := range []struct {
		s      Signature
		module string
		want   bool
	}{
		{Signature{Payload: payload}, "sha256:3", true}, {Signature{Payload: payload}, "sha256:2", false},
		{Signature{Payload: payload, Manifest: manifest}, "sha256:2", true},
		{Signature{Payload: payload, Manifest: two}, "sha256:2", false}, {Signature{Payload: ofTwo, Manifest: two}, "sha256:2", false},
		{Signature{Payload: other, Manifest: manifest}, "sha256:2", false}, {Signature{Payload: []byte("{}")}, "", false}, {Signature{}, "", false},
	} {
		if got := x.s.Covers(x.module); got != x.want {
			t.Errorf("%s with %s for %s: got %v", x.s.Payload, x.s.Manifest, x.module, got)
		}
	}
}
