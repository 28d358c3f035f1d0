package main

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"strings"
)

// buildctl is BuildKit's own client, with a Dockerfile as one would write it by hand for the project.
var buildctl = Peer{
	Name: "buildctl", Version: "v0.33.0", find: goBuild("github.com/moby/buildkit/cmd/buildctl"),
	Args: []string{
		"build", "--frontend", "dockerfile.v0", "--local", "context=.", "--local", "dockerfile=.",
		"--output", "type=local,dest=out",
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

// container measures a build in a container whose results are all cached: with davit's own cache and, as on a
// machine that has the engine but not that cache, without.
func container(ctx context.Context, b *bench, d *Davit) ([]Line, error) {
	address := b.buildKit()
	peer := &Case{Name: buildctl.title()}
	if address != "" {
		peer = b.peer(ctx, "container", buildctl)
	}
	dir, err := b.project(d.ID, "container", nil)
	if err != nil {
		return nil, err
	}
	cached := d.command(dir, "--on", "container", "build")
	uncached := d.command(dir, "--on", "container", "build")
	cache := filepath.Join(b.temp, "container", d.ID)
	uncached.Env = override(uncached.Env, map[string]string{"DAVIT_CACHE": cache})
	uncached.Before = func(int) error { removeAll(filepath.Join(cache, "store")); return nil }
	for _, c := range []*Case{cached, uncached, peer} {
		c.Env = override(c.Env, map[string]string{"BUILDKIT_HOST": address})
		if address == "" {
			c.Err = errors.New("neither BUILDKIT_HOST nor DAVIT_TEST_BUILDKIT_HOST names a BuildKit")
		}
	}
	const (
		what    = "cached build in a container: `davit --on container build`"
		without = "the same, with an empty cache of davit's own"
	)
	budget := times(1, 0.5)
	return []Line{
		{What: what, Davit: cached, Peer: peer, Budget: budget},
		{What: without, Davit: uncached, Peer: peer, Budget: budget},
	}, nil
}

// buildKit returns the address of a BuildKit that runs on its own, or "".
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
