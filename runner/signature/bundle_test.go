package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	protocommon "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	protodsse "github.com/sigstore/protobuf-specs/gen/pb-go/dsse"
	protorekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/testing/ca"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/sigstore/sigstore/pkg/signature/dsse"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/davit-dev/davit/internal/trust"
)

const (
	identity = "https://git.example.com/platform/acme/release.yml@refs/tags/v1"
	issuer   = "https://token.example.com"
	payload  = "application/vnd.in-toto+json"
)

// stated returns the statement of cosign sign about a digest.
func stated(digest string) string {
	return `{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"` + digest +
		`"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}`
}

var digestOfTest = strings.Repeat("12", 32)

// authority returns an instance of Sigstore in memory, and its trusted root as a file has it.
func authority(t *testing.T) (*ca.VirtualSigstore, string) {
	t.Helper()
	v, err := ca.NewVirtualSigstore()
	if err != nil {
		t.Fatal(err)
	}
	logs := v.RekorLogs()
	for id, log := range logs {
		if log.ID, err = hex.DecodeString(id); err != nil { // it has the text
			t.Fatal(err)
		}
	}
	trusted, err := root.NewTrustedRoot(root.TrustedRootMediaType01, v.FulcioCertificateAuthorities(), nil, v.TimestampingAuthorities(), logs)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(trusted)
	if err != nil {
		t.Fatal(err)
	}
	return v, string(text)
}

// keyless returns a bundle with a statement that an identity has signed.
func keyless(t *testing.T, v *ca.VirtualSigstore, subject, statement string) trust.Signature {
	t.Helper()
	entity, err := v.AttestAtTime(subject, issuer, []byte(statement), time.Now().Add(time.Minute), true)
	if err != nil {
		t.Fatal(err)
	}
	content, err := entity.VerificationContent()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := entity.SignatureContent()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := entity.TlogEntries()
	if err != nil {
		t.Fatal(err)
	}
	stamps, err := entity.Timestamps()
	if err != nil {
		t.Fatal(err)
	}
	material := &protobundle.VerificationMaterial{
		Content: &protobundle.VerificationMaterial_Certificate{
			Certificate: &protocommon.X509Certificate{RawBytes: content.Certificate().Raw}},
		TimestampVerificationData: &protobundle.TimestampVerificationData{},
	}
	for _, e := range entries {
		entry := e.TransparencyLogEntry()
		entry.KindVersion = &protorekor.KindVersion{Kind: "dsse", Version: "0.0.1"}
		material.TlogEntries = append(material.TlogEntries, entry)
	}
	for _, s := range stamps {
		material.TimestampVerificationData.Rfc3161Timestamps = append(material.TimestampVerificationData.Rfc3161Timestamps,
			&protocommon.RFC3161SignedTimestamp{SignedTimestamp: s})
	}
	raw := signed.EnvelopeContent().RawEnvelope()
	sig, err := base64.StdEncoding.DecodeString(raw.Signatures[0].Sig)
	if err != nil {
		t.Fatal(err)
	}
	return bundled(t, material, []byte(statement), sig)
}

// bundled returns the signature in a bundle.
func bundled(t *testing.T, material *protobundle.VerificationMaterial, statement, sig []byte) trust.Signature {
	t.Helper()
	text, err := protojson.Marshal(&protobundle.Bundle{
		MediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", VerificationMaterial: material,
		Content: &protobundle.Bundle_DsseEnvelope{DsseEnvelope: &protodsse.Envelope{
			Payload: statement, PayloadType: payload, Signatures: []*protodsse.Signature{{Sig: sig}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, ok := trust.ParseBundle(text)
	if !ok {
		t.Fatalf("it is no bundle: %s", text)
	}
	return s
}

// TestBundlesOfIdentities verifies bundles without a key: the identity, its issuer and the trusted root have to be those
// of the rule.
func TestBundlesOfIdentities(t *testing.T) {
	t.Parallel()
	v, trusted := authority(t)
	other, otherRoot := authority(t)
	right := keyless(t, v, identity, stated(digestOfTest))
	for name, x := range map[string]struct {
		trust.Identity
		of   trust.Signature
		want bool
	}{
		"the identity":      {trust.Identity{Subject: identity, Issuer: issuer, Root: trusted}, right, true},
		"a pattern":         {trust.Identity{Subject: "https://git.example.com/platform/*@refs/tags/*", Issuer: issuer, Root: trusted}, right, true},
		"a part of it":      {trust.Identity{Subject: "https://git.example.com/platform/acme", Issuer: issuer, Root: trusted}, right, false},
		"another pattern":   {trust.Identity{Subject: "https://git.example.com/others/*", Issuer: issuer, Root: trusted}, right, false},
		"no regexp":         {trust.Identity{Subject: strings.Replace(identity, "git.example", "git?example", 1), Issuer: issuer, Root: trusted}, right, false},
		"another issuer":    {trust.Identity{Subject: identity, Issuer: "https://other.example.com", Root: trusted}, right, false},
		"another root":      {trust.Identity{Subject: identity, Issuer: issuer, Root: otherRoot}, right, false},
		"no root":           {trust.Identity{Subject: identity, Issuer: issuer, Root: "{}"}, right, false},
		"of somebody else":  {trust.Identity{Subject: identity, Issuer: issuer, Root: trusted}, keyless(t, v, "else@example.com", stated(digestOfTest)), false},
		"by another Fulcio": {trust.Identity{Subject: identity, Issuer: issuer, Root: trusted}, keyless(t, other, identity, stated(digestOfTest)), false},
	} {
		if err := (Keys{}).Verify(trust.NewIdentity(x.Identity), x.of); (err == nil) != x.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	changed := right
	changed.Payload = []byte(stated(strings.Repeat("34", 32)))
	rule := trust.NewIdentity(trust.Identity{Subject: identity, Issuer: issuer, Root: trusted})
	if err := (Keys{}).Verify(rule, changed); err == nil {
		t.Error("another statement than that of the bundle is right")
	}
	changed.Text = strings.Replace(right.Text, base64.StdEncoding.EncodeToString(right.Payload), base64.StdEncoding.EncodeToString(changed.Payload), 1)
	if err := (Keys{}).Verify(rule, changed); err == nil || changed.Text == right.Text {
		t.Error("a bundle with another statement is right")
	}
	if !right.CoversImage("sha256:"+digestOfTest) || right.CoversImage("sha256:"+strings.Repeat("34", 32)) || right.CoversRelease("sha256:"+digestOfTest) {
		t.Error("it is about something else")
	}
}

// TestBundlesOfKeys verifies bundles as cosign 3 makes them with a key.
func TestBundlesOfKeys(t *testing.T) {
	t.Parallel()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := signature.LoadSigner(private, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := dsse.WrapSigner(signer, payload).SignMessage(strings.NewReader(stated(digestOfTest)))
	if err != nil {
		t.Fatal(err)
	}
	var wrapped struct{ Signatures []struct{ Sig []byte } }
	if err := json.Unmarshal(envelope, &wrapped); err != nil {
		t.Fatal(err)
	}
	s := bundled(t, &protobundle.VerificationMaterial{Content: &protobundle.VerificationMaterial_PublicKey{
		PublicKey: &protocommon.PublicKeyIdentifier{Hint: "any"}}}, []byte(stated(digestOfTest)), wrapped.Signatures[0].Sig)
	text, err := cryptoutils.MarshalPublicKeyToPEM(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	key, err := trust.ParseKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := (Keys{}).Verify(key, s); err != nil {
		t.Error(err)
	}
	for name, other := range signers(t) {
		if (Keys{}).Verify(other.Key(), s) == nil {
			t.Errorf("it is by the key of %s", name)
		}
	}
	v, _ := authority(t)
	if (Keys{}).Verify(key, keyless(t, v, identity, stated(digestOfTest))) == nil {
		t.Error("a bundle of an identity is by the key")
	}
}
