package buildkit

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// dockerfiles runs a test on each case of testdata/dockerfiles: a project, how its image is built, and what
// it prints.
func dockerfiles(t *testing.T, test func(t *testing.T, f *folder, image plan.Image, want string)) {
	t.Helper()
	all, err := filepath.Glob("testdata/dockerfiles/*")
	if err != nil || len(all) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, dir := range all {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var image plan.Image
			data, err := os.ReadFile(filepath.Join(dir, "image.json"))
			if err == nil {
				err = json.Unmarshal(data, &image)
			}
			want, failed := os.ReadFile(filepath.Join(dir, "want"))
			if err != nil || failed != nil {
				t.Fatal(err, failed)
			}
			f := newFolder(t)
			f.copy(filepath.Join(dir, "project"))
			test(t, f.git(), image, string(want))
		})
	}
}

// copy copies a project from testdata.
func (f *folder) copy(from string) {
	f.t.Helper()
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(from, name)
		if rel == "gitignore" { // which git would heed in testdata too
			rel = ".gitignore"
		}
		f.put(rel, string(data))
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

const secret = "tell-nobody!" // 12 letters

func TestDockerfiles(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		dockerfiles(t, func(t *testing.T, f *folder, image plan.Image, want string) {
			f.o.Secrets = map[string][]byte{"token": []byte(secret), "unused": []byte("x")}
			f.o.Image.Attest = true
			f.pack(e, imageStep(image))
			check(t, "it prints", dockerSays(t, "run", "--rm", "test:1.2.3"), strings.TrimSpace(want))
		})
	})
}

func TestBases(t *testing.T) {
	const text = `# syntax=docker/dockerfile:1
ARG VERSION=1.26
ARG REGISTRY
FROM --platform=$BUILDPLATFORM ${REGISTRY:-docker.io/library}/golang:$VERSION-$TARGETARCH AS build
RUN --mount=type=bind,from=redis:7,target=/r true
COPY --from=nginx /etc/nginx /n
FROM scratch AS empty
FROM python:3 AS unused
FROM base AS named
FROM build
COPY --from=0 /a /a
COPY --from=empty / /
COPY --from=extra / /
COPY --from=named / /
`
	for name, c := range map[string]struct {
		image plan.Image
		want  string
	}{
		"last stage": {plan.Image{},
			"docker.io/library/golang:1.26-arm64:4 redis:7:5 nginx:6 base:9 extra:13"},
		"target": {plan.Image{Target: "unused"}, "python:3:8"},
		"empty":  {plan.Image{Target: "empty"}, ""},
		"arguments": {plan.Image{Target: "build",
			Args: map[string]string{"VERSION": "2", "REGISTRY": "r.example.com"}},
			"r.example.com/golang:2-arm64:4 redis:7:5 nginx:6"},
		"contexts": {
			plan.Image{Contexts: map[string]string{"extra": "dir", "build": dockerImage + "go:9",
				"base": dockerImage + "debian:12"}},
			"go:9:4 debian:12:9 go:9:10",
		},
		"frontend": {plan.Image{Target: "unused",
			Args: map[string]string{"BUILDKIT_SYNTAX": "acme/syntax:2 x"}}, "acme/syntax:2:1 python:3:8"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := bases([]byte(text), c.image, ocispecs.Platform{OS: "linux", Architecture: "arm64"})
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, u := range found {
				all = append(all, fmt.Sprintf("%s:%d", u.ref, u.line))
			}
			check(t, "bases", strings.Join(all, " "), c.want)
		})
	}
}

func TestBasesRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"FROM a\nBAKE b\n":         "d/Dockerfile:2: ",
		"FROM\n":                   "d/Dockerfile:1: ",
		"FROM a\n\nFROM $NAME\n":   `d/Dockerfile:3: no build argument says which image "$NAME" is`,
		"RUN true\n":               "d/Dockerfile:1: ",
		"":                         "d/Dockerfile: ",
		"FROM a AS b\nCOPY --from": "d/Dockerfile:2: ",
	} {
		_, err := bases([]byte(text), plan.Image{Dockerfile: "d/Dockerfile"}, ocispecs.Platform{})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, wanted %s…", text, err, want)
		}
	}
	_, err := bases([]byte("FROM a AS build\nFROM b AS test\n"),
		plan.Image{Dockerfile: "Dockerfile", Target: "tset"}, ocispecs.Platform{})
	if err == nil || !strings.Contains(err.Error(), `no stage "tset"`) ||
		err.(*fault.Error).Hint() != "its stages are build, test" {
		t.Errorf("got %v", err)
	}
}

func FuzzBases(f *testing.F) {
	f.Add("FROM a AS b\nRUN --mount=from=c x\nFROM b\nCOPY --from=0 a b\n", "b")
	f.Add("ARG A=$B\nFROM ${A:-x}\nRUN <<EOF\nx\nEOF\n", "")
	f.Fuzz(func(t *testing.T, text, target string) {
		found, err := bases([]byte(text), plan.Image{Dockerfile: "Dockerfile", Target: target},
			ocispecs.Platform{OS: "linux", Architecture: "amd64"})
		for _, u := range found {
			if err == nil && (u.ref == "" || u.ref == scratch) {
				t.Errorf("found %q", u.ref)
			}
		}
	})
}

func TestExternalFrontend(t *testing.T) {
	for text, want := range map[string]string{
		"# syntax=docker/dockerfile:1.9-labs\nFROM a":                    "",
		"# syntax = docker.io/docker/dockerfile-upstream:master\nFROM a": "",
		"#syntax=acme/syntax:1\nFROM a":                                  "acme/syntax:1",
		"FROM a\n# syntax=acme/syntax:1":                                 "",
	} {
		check(t, text, externalFrontend(plan.Image{}, []byte(text)), want)
	}
}
