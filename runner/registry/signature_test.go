package registry

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	server "github.com/google/go-containerregistry/pkg/registry"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	sigstore "github.com/sigstore/sigstore/pkg/signature"
	"github.com/sigstore/sigstore/pkg/signature/payload"
	"oras.land/oras-go/v2"

	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/runner/signature"
)

// registryInMemory returns the address of a registry in this process.
func registryInMemory(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(server.New(server.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// cosignKey returns a key as cosign makes it, opened by davit and by the library of sigstore.
func cosignKey(t *testing.T) (trust.Signer, sigstore.SignerVerifier) {
	t.Helper()
	password := cryptoutils.StaticPasswordFunc([]byte("secret"))
	private, _, err := cryptoutils.GeneratePEMEncodedECDSAKeyPair(elliptic.P256(), password)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cosign.key")
	if err := os.WriteFile(file, private, 0o600); err != nil {
		t.Fatal(err)
	}
	ours, err := signature.Keys{Environ: []string{"COSIGN_PASSWORD=secret"}}.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	key, err := cryptoutils.UnmarshalPEMToPrivateKey(private, password)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := sigstore.LoadSignerVerifier(key, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

// TestOthersVerifyASignedImage: what davit signs is where cosign looks for it, and sigstore's library verifies it. Signed
// again by the same key, it stays as it is, and another key adds a signature.
func TestOthersVerifyASignedImage(t *testing.T) {
	t.Parallel()
	dir, root := layout(t, 10)
	ours, theirs := cosignKey(t)
	other, _ := cosignKey(t)
	repository := registryInMemory(t) + "/team/shop"
	for i, signer := range []trust.Signer{ours, ours, other} {
		var said lines
		p := Push{Layout: dir, Digest: root, Repository: repository, Tags: []string{"1"}, Signer: signer, Say: said.say}
		if err := p.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
		if again := strings.Contains(said.text(), "signed by the key "+signer.Key().Short()+" already"); again != (i == 1) {
			t.Errorf("push %d: %s", i, said.text())
		}
	}
	repo, err := openRepository(repository, "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := remoteReader{repo}.manifest(t.Context(), strings.Replace(root, ":", "-", 1)+".sig")
	if err != nil {
		t.Fatal(err)
	}
	var manifest ocispecs.Manifest
	if err := json.Unmarshal(text, &manifest); err != nil || len(manifest.Layers) != 2 {
		t.Fatalf("%s: %v", text, err)
	}
	layer := manifest.Layers[0]
	signed, err := remoteReader{repo}.blob(t.Context(), layer)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(layer.Annotations["dev.cosignproject.cosign/signature"])
	if err != nil || layer.MediaType != "application/vnd.dev.cosign.simplesigning.v1+json" {
		t.Errorf("%+v: %v", layer, err)
	}
	if err := theirs.VerifySignature(bytes.NewReader(raw), bytes.NewReader(signed)); err != nil {
		t.Error(err)
	}
	var claims payload.Cosign
	if err := json.Unmarshal(signed, &claims); err != nil || claims.Image.DigestStr() != root || claims.Image.Context().Name() != repository {
		t.Errorf("%s: %v", signed, err)
	}
	all, err := imageSignatures(t.Context(), remoteReader{repo}, root)
	if err != nil || len(all) != 2 || ours.Verify(all[0]) != nil || other.Verify(all[1]) != nil || ours.Verify(all[1]) == nil {
		t.Errorf("got %+v, %v", all, err)
	}
}

// named parses the reference of an image with its digest.
func named(t *testing.T, ref string) name.Digest {
	t.Helper()
	d, err := name.NewDigest(ref)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestASignatureOfOthersCounts: a signature that sigstore's library has made, stored as cosign stores it, is found and
// right. One of another image in its place does not count.
func TestASignatureOfOthersCounts(t *testing.T) {
	t.Parallel()
	dir, root := layout(t, 11)
	ours, theirs := cosignKey(t)
	repository := registryInMemory(t) + "/team/shop"
	if err := (Push{Layout: dir, Digest: root, Repository: repository, Say: func(string) {}}).Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	repo, err := openRepository(repository, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []string{root, digest.FromString("another").String()} {
		text, err := (payload.Cosign{Image: named(t, repository+"@"+of)}).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := theirs.SignMessage(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		s := trust.Signature{Format: trust.Cosign, Payload: text, Text: base64.StdEncoding.EncodeToString(raw)}
		if err := pushSignature(context.Background(), remoteReader{repo}, repo, root, s); err != nil {
			t.Fatal(err)
		}
	}
	all, err := imageSignatures(t.Context(), remoteReader{repo}, root)
	if err != nil || len(all) != 1 || ours.Verify(all[0]) != nil {
		t.Errorf("got %+v, %v", all, err)
	}
	if slices.ContainsFunc(all, func(s trust.Signature) bool { return s.CoversImage(digest.FromString("another").String()) }) {
		t.Error("a signature of another image counts")
	}
}

// TestABundleIsFound: a bundle that refers to an image is among its signatures, as cosign 3 stores it. Other referrers, and
// a bundle that is about something else, are not.
func TestABundleIsFound(t *testing.T) {
	t.Parallel()
	dir, root := layout(t, 12)
	repository := registryInMemory(t) + "/team/shop"
	if err := (Push{Layout: dir, Digest: root, Repository: repository, Tags: []string{"1"}, Say: func(string) {}}).Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	repo, err := openRepository(repository, "")
	if err != nil {
		t.Fatal(err)
	}
	subject, err := repo.Resolve(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	const bundle = "application/vnd.dev.sigstore.bundle.v0.3+json"
	for kind, of := range map[string]string{bundle: root, "application/x-other": root, bundle + ";other": digest.FromString("another").String()} {
		kind, _, _ = strings.Cut(kind, ";")
		statement := `{"subject":[{"digest":{"sha256":"` + strings.TrimPrefix(of, "sha256:") + `"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}`
		text := `{"dsseEnvelope":{"payloadType":"application/vnd.in-toto+json","payload":"` + base64.StdEncoding.EncodeToString([]byte(statement)) + `"}}`
		layer, err := oras.PushBytes(t.Context(), repo, bundle, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := oras.PackManifest(t.Context(), repo, oras.PackManifestVersion1_1, kind,
			oras.PackManifestOptions{Subject: &subject, Layers: []ocispecs.Descriptor{layer}}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := imageSignatures(t.Context(), remoteReader{repo}, root)
	if err != nil || len(all) != 1 || all[0].Format != trust.Bundle {
		t.Errorf("got %+v, %v", all, err)
	}
}
