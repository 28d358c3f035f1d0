package buildkit

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// commit is the commit of the images in tests.
var commit = tree.Commit{
	Revision: "0123456789abcdef0123456789abcdef01234567", Time: time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
	Source: "https://git.example.com/shop", Version: "1.2.3",
}

// imageStep returns a step that builds an image.
func imageStep(i plan.Image, needs ...string) runner.Step {
	return runner.Step{
		ID: "package", Effect: runner.Builds, Where: runner.InContainer,
		Plan: plan.Step{Op: plan.OpImage, Image: &i, Needs: needs},
	}
}

// pack packages the folder, and returns how the step ended.
func (f *folder) pack(e runner.Engine, steps ...runner.Step) runner.Ended {
	f.t.Helper()
	f.o.Image.Commit = commit
	if f.o.Cache == "" {
		f.o.Cache = f.t.TempDir()
	}
	out := f.run(e, steps...)
	if out.Err != nil {
		f.t.Fatal(out.Err)
	}
	last := out.Steps[len(out.Steps)-1]
	if last.Status != ui.StatusOK {
		f.t.Fatalf("%s: %s: %s\n%s", last.ID, last.Status, last.Reason, out.printed(last.ID))
	}
	return last
}

// dockerSays runs the docker command, and returns its output.
func dockerSays(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestAnImageOfFilesOnABase(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		image := plan.Image{
			Base: "busybox:1.36", Copy: []plan.Copy{{Of: "build", From: "out/hello", To: "/app/hello"},
				{From: "data", To: "/usr/share/data"}},
			User: "65532:65532", Workdir: "/app", Entrypoint: []string{"/app/hello"}, Cmd: []string{"you"},
			Env: map[string]string{"MODE": "x=y"}, Expose: []string{"8080"},
		}
		build := sh("build",
			`mkdir -p out && printf '#!/bin/sh\necho hello $1 $(id -u) $MODE $(cat /usr/share/data/a)\n' > out/hello && chmod 755 out/hello`,
			outputs("out/"))
		var images []string
		for range 2 {
			f := newFolder(t, "data/a", "A", "data/sub/b", "B").git()
			f.o.Force = true
			images = append(images, f.pack(e, build, imageStep(image, "build")).Image)
			time.Sleep(1100 * time.Millisecond)
		}
		if images[0] != images[1] {
			t.Errorf("two packages of one commit: %v", images)
		}
		if got := dockerSays(t, "run", "--rm", "test:1.2.3"); got != "hello you 65532 x=y A" {
			t.Errorf("it says %q", got)
		}
		t.Log(dockerSays(t, "run", "--rm", "--entrypoint", "ls", "test:latest", "-lnd", "/app", "/app/hello",
			"/usr/share/data", "/usr/share"))
	})
}

var _ = json.Marshal
var _ = os.Getenv
var _ = filepath.Join
var _ = slices.Sort[[]string]

func TestProvenance(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		var images []string
		for range 2 {
			f := newFolder(t, "data/a", "A").git()
			f.o.Image.Attest, f.o.Image.Output = true, filepath.Join(t.TempDir(), "out")
			images = append(images, f.pack(e, imageStep(plan.Image{Base: "busybox:1.36",
				Copy: []plan.Copy{{From: "data", To: "/data"}}})).Image)
			out, _ := exec.Command("sh", "-c",
				"cd "+f.o.Image.Output+
					"; find . -type f | sort; cat index.json oci-layout; for b in blobs/sha256/*; do head -c1 $b | grep -q '{' && echo && echo $b: && cat $b; done").CombinedOutput()
			t.Log(string(out))
		}
		if images[0] != images[1] {
			t.Errorf("two packages of one commit: %v", images)
		}
	})
}

// imageStepOf returns a step that builds an image from a Dockerfile.
func imageStepOf(dockerfile string) runner.Step { return imageStep(plan.Image{Dockerfile: dockerfile}) }

func digestOf(text string) digest.Digest { return digest.Digest(text) }
