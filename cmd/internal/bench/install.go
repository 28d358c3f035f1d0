package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// installTimeout is how long the installation of a peer may take: task is compiled here.
const installTimeout = 15 * time.Minute

// npm finds a peer that has an npm package with a native binary for each system. The binary is called, not
// the script that wraps it, which would start node first. pattern is relative to node_modules and without
// ".exe".
func npm(pkg, pattern string) func(context.Context, *bench, Peer) (string, error) {
	return func(ctx context.Context, b *bench, p Peer) (string, error) {
		dir := b.peerDir(p)
		at := func() (string, error) { return locate(filepath.Join(dir, "node_modules"), pattern+exe()) }
		if path, err := at(); err == nil {
			return path, nil
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		env := map[string]string{
			"npm_config_cache": filepath.Join(b.temp, "npm"), "npm_config_update_notifier": "false",
		}
		err := b.install(ctx, env, "npm", "install", "--prefix", dir,
			"--no-audit", "--no-fund", "--ignore-scripts", pkg+"@"+p.Version)
		if err != nil {
			return "", err
		}
		return at()
	}
}

// goInstall finds a peer that is a Go program. Only the binary is kept, not its sources and the build cache.
func goInstall(pkg string) func(context.Context, *bench, Peer) (string, error) {
	return func(ctx context.Context, b *bench, p Peer) (string, error) {
		dir := b.peerDir(p)
		at := func() (string, error) { return locate(dir, p.Name+exe()) }
		if path, err := at(); err == nil {
			return path, nil
		}
		env := map[string]string{
			"GOBIN": dir, "GOFLAGS": "",
			"GOCACHE": filepath.Join(b.temp, "go-build"), "GOMODCACHE": filepath.Join(b.temp, "go-mod"),
		}
		if err := b.install(ctx, env, b.gocmd, "install", "-ldflags", "-s -w",
			pkg+"@"+p.Version); err != nil {
			return "", err
		}
		return at()
	}
}

// goBuild finds a peer that is a Go program which go install refuses, because its module has replace
// directives. It is built from a module that is generated for it.
func goBuild(pkg string) func(context.Context, *bench, Peer) (string, error) {
	return func(ctx context.Context, b *bench, p Peer) (string, error) {
		dir := b.peerDir(p)
		at := func() (string, error) { return locate(dir, p.Name+exe()) }
		if path, err := at(); err == nil {
			return path, nil
		}
		module := filepath.Join(b.temp, p.Name)
		if err := write(filepath.Join(module, "go.mod"), "module peer\n"); err != nil {
			return "", err
		}
		env := map[string]string{"GOFLAGS": "-mod=mod"}
		for _, args := range [][]string{
			{"get", pkg + "@" + p.Version},
			{"build", "-ldflags", "-s -w", "-o", dir + string(filepath.Separator), pkg},
		} {
			if err := b.install(ctx, env, append([]string{b.gocmd, "-C", module}, args...)...); err != nil {
				return "", err
			}
		}
		return at()
	}
}

func (b *bench) peerDir(p Peer) string { return filepath.Join(b.cache, p.Name+"-"+p.Version) }

// locate returns the file below a folder that matches a pattern; of several, such as builds for two C
// libraries, the first by name.
func locate(dir, pattern string) (string, error) {
	found, err := fs.Glob(os.DirFS(dir), pattern)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no %s in %s", pattern, dir)
	}
	return filepath.Join(dir, filepath.FromSlash(slices.Min(found))), nil
}

func (b *bench) install(ctx context.Context, env map[string]string, argv ...string) error {
	ctx, cancel := context.WithTimeout(ctx, installTimeout)
	defer cancel()
	fmt.Fprintf(b.progress, "installing %s…\n", argv[len(argv)-1])
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = override(b.environ, env)
	cmd.Dir = b.temp
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", filepath.Base(argv[0]), argv[1], err, installError(output))
	}
	return nil
}

var npmCode = regexp.MustCompile(`(?m)^npm error code .*`)

// installError returns the line of some output that has the reason. It is the last one, except for npm, which
// ends with advice.
func installError(output []byte) string {
	if code := npmCode.Find(output); code != nil {
		return string(code)
	}
	return lastLine(output)
}
