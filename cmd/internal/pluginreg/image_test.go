package pluginreg

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	server "github.com/google/go-containerregistry/pkg/registry"
	"golang.org/x/crypto/ssh"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/runner/registry"
	"github.com/davit-dev/davit/runner/signature"
)

// newKey writes a private key of ssh and returns its file.
func newKey(t *testing.T) string {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := ssh.MarshalPrivateKey(private, "me")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, pem.EncodeToMemory(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestImage: an image below a prefix of [trust] needs a signature by one of its keys, and has the digest that is signed.
// What was verified counts without a network, and "*" is about no images.
func TestImage(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(server.New(server.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(s.Close)
	at := strings.TrimPrefix(s.URL, "http://")
	signer, err := (signature.Keys{}).Open(newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	other, err := (signature.Keys{}).Open(newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	ref, modules := at+"/team/base:1", registry.Modules{}
	digest, err := modules.Push(t.Context(), blobs.Plugin, ref, []byte("any"), nil) // an artifact is signed as an image is
	if err != nil {
		t.Fatal(err)
	}
	p := Published{Registry: registry.Sources{Modules: modules}, Store: blobs.Store{Dir: t.TempDir()}, Signatures: signature.Keys{},
		Trust: trust.Rules{{Prefix: at + "/team", Keys: []trust.Key{signer.Key()}, File: "project.toml"}, {Prefix: trust.Any, File: "project.toml"}}}
	sign := func(by trust.Signer) {
		payload, err := trust.NewImagePayload(at+"/team/base", digest)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := by.Sign(payload)
		if err == nil {
			err = modules.PushSignature(t.Context(), ref, digest, digest, signed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(p Published, ref, want, reason string) {
		t.Helper()
		got, err := p.Image(t.Context(), ref)
		if got != want || (err == nil) != (reason == "") || err != nil && !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: got %q, %v, wanted %q, %q", ref, got, err, want, reason)
		}
	}
	offline := p
	offline.Offline = true
	check(p, ref, "", "has no signature, which [trust] in project.toml requires for \""+at+"/team\"")
	sign(other)
	check(p, ref, "", "has no signature by one of its keys")
	check(offline, ref, "", "takes a network connection")
	sign(signer)
	check(p, ref, digest, "")
	check(p, at+"/team/base@"+digest, digest, "")
	check(offline, at+"/team/base:1@"+digest, digest, "")
	check(offline, ref, "", "takes a network connection")
	check(p, at+"/others/base:1", "", "")
	check(p, "busybox", "", "")
	check(p, at+"/team/absent:1", "", "did not serve")
	check(p, "no image", "", "is not the name of an image")
	p.Trust[0].Keys = []trust.Key{other.Key()}
	check(p, at+"/team/base@"+digest, digest, "")
	p.Trust[0].Keys = nil
	check(p, at+"/team/base@"+digest, "", "has no signature by one of its keys")
}
