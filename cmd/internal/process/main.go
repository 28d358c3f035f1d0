// Package process is what the mains of davit and davit-engine share: streams, signals, memory limits, the
// cache folder, and how davit becomes davit-engine. It is the only package that uses the arguments,
// environment and streams of the process.
//
// davit and davit-engine are one program with and without container engines. davit links none, so that it
// starts in a few milliseconds, and replaces itself by davit-engine if an engine is needed. The two have to
// be of one release, which davit-engine checks. A user can also run davit-engine directly.
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

// Engines are what davit-engine has linked in besides: Builder runs steps and builds images, Backends runs
// environments, Report shows the last run, Plugins and Published are the use cases of davit plugin, and Signatures
// verifies and signs. All are nil in davit.
type Engines struct {
	Builder  func(runner.EngineRequest) runner.Engine
	Backends func(context.Context, runner.EngineRequest, release.Environment,
		map[string]string) (deploy.Backend, error)
	Report  cli.Reporter
	Plugins cli.PluginTools

	Published  func(cli.PublishedRequest) cli.PublishedPlugins
	Signatures func(environ []string, warn func(text, hint string)) cli.Signatures
}

// Main runs davit with the engines that are linked in, or with none and a way to hand over, and returns the
// exit code.
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
		Name: os.Args[0], Args: os.Args[1:], Dir: dir, Environ: os.Environ(), Cache: cacheDir(),
		Streams: streams,
		Signals: func() (context.Context, <-chan struct{}) { return signals(streams.Closed(), os.Exit) },
		Engine:  engines.Builder, Backends: engines.Backends, Report: engines.Report, Plugins: engines.Plugins, Published: engines.Published,
		Signatures: engines.Signatures, Handover: handover,
	})
}

// cacheDir returns DAVIT_CACHE, else the folder "davit" in the user's cache folder, else "".
func cacheDir() string {
	if dir := os.Getenv("DAVIT_CACHE"); dir != "" {
		return dir
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "davit")
	}
	return ""
}
