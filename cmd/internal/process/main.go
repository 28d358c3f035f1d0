// Package process is what the mains of davit have in common: streams, signals, memory, the folder for what is remembered, and how
// davit becomes davit-engine. It is the only package that knows the process.
//
// davit and davit-engine are one program, but for the engines: davit starts in a few milliseconds because it links none, and
// replaces itself where one is needed. The two are of one release, which davit-engine checks; called by hand it works as well.
package process

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Engines are what is linked in: what runs steps and builds images, and what has environments. Davit has neither.
type Engines struct {
	Builder  func(runner.EngineRequest) runner.Engine
	Backends func(context.Context, runner.EngineRequest, release.Environment, map[string]string) (deploy.Backend, error)
}

// Main runs davit with the engines that are linked in, or with none and a way to hand over, and returns the exit code.
func Main(engines Engines, handover func() error) int {
	collectLess()
	streams := ui.NewStreams(os.Stdin, os.Stdout, os.Stderr, os.Getenv, time.Now)
	dir, err := os.Getwd()
	if err != nil {
		streams.Error(fmt.Errorf("the current folder cannot be read: %w", err))
		return 2
	}
	if err := sameRelease(cli.Release()); err != nil {
		streams.Error(err)
		return 2
	}
	return cli.Main(cli.Process{
		Args: os.Args[1:], Dir: dir, Environ: os.Environ(), Cache: cacheDir(), Signals: signals, Streams: streams,
		Engine: engines.Builder, Backends: engines.Backends, Handover: handover,
	})
}

// cacheDir is DAVIT_CACHE, else the folder "davit" in the user's cache folder; empty where there is none.
func cacheDir() string {
	if dir := os.Getenv("DAVIT_CACHE"); dir != "" {
		return dir
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "davit")
	}
	return ""
}
