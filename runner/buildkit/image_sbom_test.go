package buildkit

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// scanner implements the protocol of BuildKit's scanners: it writes a statement about the files that it gets.
const scanner = `FROM busybox:1.36
COPY --chmod=755 <<'script' /scan
#!/bin/sh
test -f $BUILDKIT_SCAN_SOURCE/a || exit 1
cat > $BUILDKIT_SCAN_DESTINATION/all.spdx.json <<end
{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","subject":[],"predicate":{"files":["$(ls $BUILDKIT_SCAN_SOURCE | head -1)"]}}
end
script
ENTRYPOINT ["/scan"]
`

func TestABillOfMaterials(t *testing.T) {
	e := New(runner.EngineRequest{Address: enginetest.BuildKit(t)})
	f := newFolder(t, "Dockerfile", scanner).git()
	f.o.Image.Registry = registrytest.Start(t, nil)
	ref := f.pack(e, imageStepOf("Dockerfile"), pushStep()).Image
	for name, image := range map[string]plan.Image{
		"files":      {Base: "busybox:1.36", Copy: []plan.Copy{{From: "a", To: "/a"}}},
		"Dockerfile": {Dockerfile: "Dockerfile"},
	} {
		t.Run(name, func(t *testing.T) {
			var images []string
			for range 2 {
				f := newFolder(t, "a", "A", "Dockerfile", "FROM busybox:1.36\nCOPY a /a\n").git()
				f.o.Image.Scanner, f.o.Image.Attest, f.o.Image.Output = ref, true, filepath.Join(t.TempDir(),
					"out")
				images = append(images, f.pack(e, imageStep(image)).Image)
				check(t, "statements", strings.Join(statements(t, f.o.Image.Output), " "),
					"https://spdx.dev/Document https://slsa.dev/provenance/v1")
			}
			if images[0] != images[1] {
				t.Errorf("two packages of one commit: %v", images)
			}
		})
	}
}

// statements returns the types of the statements about the image in a layout.
func statements(t *testing.T, dir string) (all []string) {
	t.Helper()
	_, index, err := readManifest(dir, digestOf(inLayout(t, dir)))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range index.Manifests {
		if d.Annotations[attestationKind] != attestation {
			continue
		}
		_, m, err := readManifest(dir, d.Digest)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range m.Layers {
			all = append(all, l.Annotations[predicateAnnotation])
		}
	}
	return all
}
