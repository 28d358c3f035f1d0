package buildkit

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/client"
	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// pushStep returns a step that pushes the image of imageStep.
func pushStep() runner.Step {
	return runner.Step{
		ID: "publish", Effect: runner.Ships, Where: runner.InContainer,
		Plan: plan.Step{Op: plan.OpPush, Needs: []string{"package"}},
	}
}

func TestPublishPullAndRun(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		at := registrytest.Start(t, nil)
		f := newFolder(t, "a", unique()).git()
		f.o.Image.Registry, f.o.Image.Tags, f.o.Image.Attest = at+"/team", []string{"stable"}, true
		image := plan.Image{Base: "busybox:1.36", Copy: []plan.Copy{{From: "a", To: "/a"}},
			User: "65532:65532", Cmd: []string{"sh", "-c", "id -u; cat /a"}}
		ref := f.pack(e, imageStep(image), pushStep()).Image
		if !strings.HasPrefix(ref, at+"/team/test@sha256:") {
			t.Fatalf("it is called %q", ref)
		}
		want := "65532\n" + strings.TrimSpace(f.get("a"))
		for _, name := range []string{ref, at + "/team/test:1.2.3", at + "/team/test:0123456789ab",
			at + "/team/test:stable"} {
			dockerSays(t, "pull", "-q", name)
			t.Cleanup(func() { dockerSays(t, "rmi", "-f", name) })
			check(t, name, dockerSays(t, "run", "--rm", name), want)
		}
	})
}

func TestTheSameDockerfileInTwoFolders(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		if conn, err := e.(*Engine).connect(t.Context()); err == nil && conn.Embedded {
			t.Skip("left out: what an old Docker engine runs has the time at which it ran")
		}
		dockerfiles(t, func(t *testing.T, f *folder, image plan.Image, _ string) {
			if strings.HasSuffix(t.Name(), "/multi-stage") {
				t.Skip("left out: it compiles the standard library of Go twice")
			}
			again := newFolder(t)
			if err := os.CopyFS(again.dir, os.DirFS(f.dir)); err != nil {
				t.Fatal(err)
			}
			var images []string
			for _, f := range []*folder{f, again} {
				f.o.Secrets, f.o.Force, f.o.Image.Attest = map[string][]byte{"token": []byte(
					secret)}, true, true
				images = append(images, f.pack(e, imageStep(image)).Image)
			}
			if images[0] != images[1] {
				t.Errorf("two packages of one commit: %v", images)
			}
		})
	})
}

func TestOutputIsALayout(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "Dockerfile", "FROM busybox:1.36\nCOPY a /a\n", "a", unique()).git()
		out := filepath.Join(t.TempDir(), "deep", "image")
		f.o.Image.Output = out
		first := f.pack(e, imageStepOf("Dockerfile")).Image
		whole := func(want string) {
			t.Helper()
			if got := "test@" + inLayout(t, out); got != want {
				t.Errorf("the folder has %s, the step said %s", got, want)
			}
		}
		whole(first)
		f.put("Dockerfile", "FROM busybox:1.36\nCOPY a /a\nRUN false\n")
		where := "Dockerfile:3: exit status 1"
		if conn, _ := e.(*Engine).connect(t.Context()); conn.Embedded {
			where = "Dockerfile: executor failed running [/bin/sh -c false]: exit code: 1"
		}
		if got := f.run(e, imageStepOf("Dockerfile")); got.Status != ui.StatusFailed ||
			got.Steps[0].Reason != where {
			t.Errorf("got %v", got.Steps)
		}
		whole(first)
		f.put("Dockerfile", "FROM busybox:1.36\nCOPY a /b\n")
		second := f.pack(e, imageStepOf("Dockerfile")).Image
		whole(second)
		if second == first {
			t.Error("another image has the same digest")
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), "*")); len(left) != 1 {
			t.Errorf("beside it is %v", left)
		}
	})
}

// inLayout checks that a layout has all parts of an image, and returns its digest.
func inLayout(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, indexFile))
	if err != nil {
		t.Fatal(err)
	}
	var index manifest
	if err := json.Unmarshal(data, &index); err != nil || len(index.Manifests) != 1 {
		t.Fatalf("%v: %s", err, data)
	}
	root := index.Manifests[0].Digest
	for queue := []manifest{index}; len(queue) > 0; queue = queue[1:] {
		m := queue[0]
		for _, d := range append(m.Layers, m.Manifests...) {
			if info, err := os.Stat(blobPath(dir, d.Digest)); err != nil || info.Size() != d.Size {
				t.Errorf("%s: %v", d.Digest, err)
			}
		}
		for _, d := range m.Manifests {
			_, child, err := readManifest(dir, d.Digest)
			if err != nil {
				t.Fatal(err)
			}
			queue = append(queue, child)
		}
	}
	return root.String()
}

// A recorder records the requests to an engine.
type recorder struct {
	gateway.Client
	sent bytes.Buffer
}

func (r *recorder) Solve(ctx context.Context, req gateway.SolveRequest) (*gateway.Result, error) {
	if err := json.NewEncoder(&r.sent).Encode(req.FrontendOpt); err != nil {
		return nil, err
	}
	for _, op := range req.Definition.GetDef() {
		r.sent.Write(op)
	}
	return r.Client.Solve(ctx, req)
}

func TestASecretIsStoredNowhere(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "Dockerfile",
			"FROM busybox:1.36\nRUN --mount=type=secret,id=token,required=true wc -c /run/secrets/token > /told; echo "+unique()+"\n").git()
		f.o.Secrets, f.o.Image.Attest, f.o.Image.Commit = map[string][]byte{"token": []byte(
			secret)}, true, commit
		f.o.Cache, f.o.Image.Output = t.TempDir(), filepath.Join(t.TempDir(), "out")
		out := f.run(e, imageStepOf("Dockerfile"))
		if out.Status != ui.StatusOK {
			t.Fatalf("%v", out.Steps)
		}
		if log, _ := json.Marshal(out.events); bytes.Contains(log, []byte(secret)) {
			t.Error("it is in an event")
		}
		for _, dir := range []string{f.o.Cache, f.o.Image.Output} {
			searched(t, dir)
		}
		if sent := f.sent(e); !strings.Contains(sent, "token") || strings.Contains(sent, secret) {
			t.Errorf("it is in a definition, or nothing is: %q", sent)
		}
	})
}

// searched fails if a file below a folder contains the secret, also after decompression.
func searched(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(name)
		if z, bad := gzip.NewReader(bytes.NewReader(data)); bad == nil {
			more, _ := io.ReadAll(z)
			data = append(data, more...)
		}
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("it is in %s", name)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
}

// sent returns the definition that the engine gets for the Dockerfile.
func (f *folder) sent(e runner.Engine) string {
	f.t.Helper()
	conn, err := e.(*Engine).connect(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	o := f.o
	o.Root, o.Env = f.dir, os.Environ()
	r := &Runner{engine: e.(*Engine), o: o, conn: conn}
	recipe, err := r.newRecipe(f.t.Context(), imageStepOf("Dockerfile"))
	if err != nil {
		f.t.Fatal(err)
	}
	var rec recorder
	_, err = conn.Build(f.t.Context(), client.SolveOpt{FrontendAttrs: recipe.attrs,
		Session: r.attachablesWith(recipe.files)}, "davit",
		func(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
			rec.Client = g
			return recipe.build(ctx, &rec)
		}, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return rec.sent.String()
}

func TestSeveralPlatforms(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "A").git()
		f.o.Image.Platforms, f.o.Image.Output, f.o.Cache = []string{"linux/amd64",
			"linux/arm64"}, filepath.Join(t.TempDir(), "out"), t.TempDir()
		f.o.Image.Commit, f.o.Image.Attest = commit, true
		crossing := sh("build", `echo "$TARGET" > out`, outputs("out"),
			func(s *runner.Step) { s.Plan.Env = map[string]string{"TARGET": "{os} {arch}"} })
		out := f.run(e, crossing, imageStep(plan.Image{Base: scratch,
			Copy: []plan.Copy{{Of: "build", From: "out", To: "/out"}}}, "build"))
		if conn, _ := e.(*Engine).connect(t.Context()); conn.Embedded {
			if out.Err == nil || !strings.Contains(out.Err.Error(), "makes an image for one platform only") {
				t.Errorf("got %v", out.Err)
			}
			return
		}
		if out.Status != ui.StatusOK {
			t.Fatalf("%v %v", out.Err, out.Steps)
		}
		_, index, err := readManifest(f.o.Image.Output, digestOf(inLayout(t, f.o.Image.Output)))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, d := range index.Manifests {
			all = append(all, d.Platform.OS+"/"+d.Platform.Architecture)
		}
		check(t, "platforms", strings.Join(all, " "),
			"linux/amd64 linux/arm64 unknown/unknown unknown/unknown")
		check(t, "of arm64", firstLayer(t, f.o.Image.Output, index.Manifests[1].Digest.String()),
			"linux arm64")
	})
}

// firstLayer returns the text in the first layer of an image, without the padding of tar.
func firstLayer(t *testing.T, dir, of string) string {
	t.Helper()
	_, m, err := readManifest(dir, digestOf(of))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(blobPath(dir, m.Layers[0].Digest))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil || len(data) < 1024 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	return strings.TrimSpace(strings.Trim(string(data[512:1024]), "\x00"))
}

func TestImagesAreRefusedBeforeAnythingRuns(t *testing.T) {
	busy := "FROM busybox:1.36\n"
	for name, c := range map[string]struct {
		files []string
		steps []runner.Step
		set   func(o *runner.ContainerOptions)
		want  string
	}{
		"no file": {nil, []runner.Step{imageStepOf("d/Dockerfile")}, nil, `there is no "d/Dockerfile"`},
		"no syntax": {[]string{"Dockerfile", busy + "BAKE\n"}, []runner.Step{imageStepOf("Dockerfile")}, nil,
			"Dockerfile:2: "},
		"no stage": {
			[]string{"Dockerfile", busy}, []runner.Step{imageStep(plan.Image{Dockerfile: "Dockerfile",
				Target: "x"})}, nil, `no stage "x"`,
		},
		"no context": {
			[]string{"Dockerfile", busy}, []runner.Step{imageStep(plan.Image{Dockerfile: "Dockerfile",
				Context: "x"})}, nil, "is not a folder",
		},
		"not pinned": {
			[]string{"Dockerfile", "# a\n" + busy}, []runner.Step{imageStepOf("Dockerfile")},
			func(o *runner.ContainerOptions) { o.Locked = true },
			`Dockerfile:2: project.lock has no digest for the image "busybox:1.36"`,
		},
		"base not pinned": {
			nil, []runner.Step{imageStep(plan.Image{Base: "busybox:1.36"})},
			func(o *runner.ContainerOptions) { o.Locked = true },
			`project.lock has no digest for the image "busybox:1.36"`,
		},
		"no platform": {
			nil, []runner.Step{imageStep(plan.Image{Base: scratch})},
			func(o *runner.ContainerOptions) { o.Image.Platforms = []string{"a b"} },
			`"a b" is not a platform`,
		},
		"a folder with files": {
			[]string{"out/a", "A"}, []runner.Step{imageStep(plan.Image{Base: scratch})},
			func(o *runner.ContainerOptions) { o.Image.Output = "out" }, "holds files and is no OCI layout",
		},
		"no registry": {nil, []runner.Step{imageStep(plan.Image{Base: scratch}), pushStep()}, nil,
			"no registry is configured"},
		"no tag": {
			nil, []runner.Step{imageStep(plan.Image{Base: scratch}), pushStep()},
			func(o *runner.ContainerOptions) {
				o.Image.Registry, o.Image.Tags = "127.0.0.1:1/a",
					[]string{"a b"}
			}, `"a b" is not a tag`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			engines(t, func(t *testing.T, e runner.Engine) {
				f := newFolder(t, append(c.files, "README", "")...).git()
				if c.set != nil {
					c.set(&f.o)
				}
				if f.o.Image.Output != "" {
					f.o.Image.Output = filepath.Join(f.dir, f.o.Image.Output)
				}
				out := f.run(e, c.steps...)
				if out.Err == nil || !strings.Contains(out.Err.Error(), c.want) {
					t.Errorf("got %v, wanted %s", out.Err, c.want)
				}
			})
		})
	}
}

func TestRefusedWithinABuild(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "Dockerfile",
			"FROM busybox:1.36\nRUN --mount=type=secret,id=nobody,required=true false\n").git()
		out := f.run(e, imageStepOf("Dockerfile"))
		if out.Status != ui.StatusFailed || !strings.Contains(out.Steps[0].Reason,
			`needs the secret "nobody"`) {
			t.Errorf("got %v", out.Steps)
		}
	})
}

func TestPinnedBases(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		bases, err := e.Bases(t.Context(), newFolder(t, "Dockerfile", "FROM busybox:1.36\nCOPY a /a\n").dir,
			plan.Image{Dockerfile: "Dockerfile"})
		if err != nil {
			t.Fatal(err)
		}
		f := newFolder(t, "Dockerfile", "FROM busybox:1.36\nCOPY a /a\n", "a", "A").git()
		if f.o.Pins, err = e.Pin(t.Context(), bases); err != nil {
			t.Skip("left out: " + err.Error())
		}
		f.o.Locked = true
		f.pack(e, imageStepOf("Dockerfile"))
		f.o.Pins = map[string]string{"busybox:1.36": "sha256:" + strings.Repeat("0", 64)}
		if out := f.run(e, imageStepOf("Dockerfile")); out.Status != ui.StatusFailed {
			t.Error("it did not use the digest")
		}
	})
}
