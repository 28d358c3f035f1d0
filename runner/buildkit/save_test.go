package buildkit

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opencontainers/image-spec/specs-go"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// whole returns a layout of an image with two identical layers.
func whole(t *testing.T) *layout {
	t.Helper()
	parent := t.TempDir()
	l := &layout{dir: filepath.Join(parent, "new"), final: filepath.Join(parent, "final")}
	if err := os.MkdirAll(filepath.Join(l.dir, blobs, "sha256"), 0o755); err != nil {
		t.Fatal(err)
	}
	layer, err := writeLayer(l.dir, strings.NewReader(strings.Repeat("layer", 1000)))
	if err != nil {
		t.Fatal(err)
	}
	config, err := writeBlob(l.dir, ocispecs.MediaTypeImageConfig,
		[]byte(`{"os":"linux","architecture":"amd64","config":{"Labels":{"org.opencontainers.image.title":"a"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	root, err := l.writeBlob(ocispecs.MediaTypeImageManifest, ocispecs.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispecs.MediaTypeImageManifest,
		Config: config, Layers: []ocispecs.Descriptor{layer, layer},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writeBlob(l.dir, "", []byte("of another image")); err != nil {
		t.Fatal(err)
	}
	at, err := l.attest(root.Digest, "a", newProvenance(commit, imageStepOf("Dockerfile"), nil))
	if err == nil {
		_, err = l.finish(at, "1")
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestALayoutHoldsOneImage(t *testing.T) {
	l := whole(t)
	root := inLayout(t, l.final)
	if all, _ := os.ReadDir(filepath.Join(l.final, blobs, "sha256")); len(all) != 7 {
		t.Errorf("it has %d blobs", len(all)) // index, two manifests, two configurations, layer, statement
	}
	check(t, "statements", strings.Join(statements(t, l.final), " "), slsa)
	out := filepath.Join(t.TempDir(), "out")
	for range 2 {
		if err := copyLayout(l.final, out, copyFile); err != nil {
			t.Fatal(err)
		}
		check(t, "copy", inLayout(t, out), root)
	}
	l.discard()
	if _, err := os.Stat(l.dir); err != nil {
		t.Error("one that is whole was discarded")
	}
}

func TestArchiveRoundTrip(t *testing.T) {
	l := whole(t)
	m, err := selectManifest(l.dir, digestOf(inLayout(t, l.dir)),
		ocispecs.Platform{OS: "linux", Architecture: "amd64"})
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	if err := writeArchive(&archive, l.dir, m, []string{"a:1"}); err != nil {
		t.Fatal(err)
	}
	half := archive.Bytes()[:archive.Len()/2]
	u := unpacked(t)
	err = u.read(bytes.NewReader(half))
	if _, none := u.manifest(); err == nil && none == nil {
		t.Error("half an archive is an image")
	}
	u = unpacked(t)
	if err := u.read(&archive); err != nil {
		t.Fatal(err)
	}
	root, err := u.manifest()
	if err != nil {
		t.Fatal(err)
	}
	_, back, err := readManifest(u.dir, root)
	if err != nil || back.Config.Digest != m.Config.Digest || len(back.Layers) != 2 {
		t.Errorf("got %v, %v", back, err)
	}
	if _, err := selectManifest(l.dir, digestOf(inLayout(t, l.dir)),
		ocispecs.Platform{OS: "linux", Architecture: "arm64"}); err == nil {
		t.Error("an image for amd64 is one for arm64")
	}
}

func unpacked(t *testing.T) *unpacker {
	t.Helper()
	u := &unpacker{dir: t.TempDir(), texts: map[string][]byte{}, layers: map[string]ocispecs.Descriptor{},
		links: map[string]string{}}
	if err := os.MkdirAll(filepath.Join(u.dir, blobs, "sha256"), 0o755); err != nil {
		t.Fatal(err)
	}
	return u
}
