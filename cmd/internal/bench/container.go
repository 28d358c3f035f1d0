package main

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"strings"
)

// buildctl is BuildKit's own client, given the Dockerfile that somebody would write who builds the project in a container.
var buildctl = Peer{
	Name: "buildctl", Version: "v0.33.0", find: goBuild("github.com/moby/buildkit/cmd/buildctl"),
	Args: []string{
		"build", "--frontend", "dockerfile.v0", "--local", "context=.", "--local", "dockerfile=.", "--output", "type=local,dest=out",
	},
	Files: map[string]string{
		"Dockerfile": `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/cache GOCACHE=/cache go build -o bin/ ./cmd/...
FROM scratch
COPY --from=build /src/bin /bin
`,
		".dockerignore": "out\n.git\n",
	},
}

// container is a build in a container of which everything is cached: by davit, and by BuildKit alone, as on a machine that has the
// engine and not davit's memory.
func container(ctx context.Context, b *bench) ([]Row, error) {
	address := b.buildKit()
	if address == "" {
		return nil, errors.New("neither BUILDKIT_HOST nor DAVIT_TEST_BUILDKIT_HOST names a BuildKit")
	}
	peer, err := b.peerCase(ctx, buildctl)
	if err != nil {
		return nil, err
	}
	dir, err := b.project("container", nil)
	if err != nil {
		return nil, err
	}
	memory := filepath.Join(b.temp, "forgets")
	remembers, forgets := b.davitCase(dir, "--on", "container", "build"), b.davitCase(dir, "--on", "container", "build")
	forgets.Env = override(forgets.Env, map[string]string{"DAVIT_CACHE": memory})
	forgets.Before = func(int) error { removeAll(filepath.Join(memory, "store")); return nil }
	cases := []*Case{remembers, forgets, peer}
	for _, c := range cases {
		c.Env = override(c.Env, map[string]string{"BUILDKIT_HOST": address})
	}
	err = interleave(ctx, cases, 2, b.runs)
	return []Row{
		compare("cached build in a container: `davit --on container build`", remembers, peer, times(1.1)),
		compare("the same, by what BuildKit remembers alone", forgets, peer, times(1.1)),
	}, err
}

// buildKit is the address of a BuildKit of its own, or "".
func (b *bench) buildKit() string {
	return cmp.Or(b.variable("BUILDKIT_HOST"), b.variable("DAVIT_TEST_BUILDKIT_HOST"))
}

func (b *bench) variable(name string) string {
	for _, entry := range b.environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}
