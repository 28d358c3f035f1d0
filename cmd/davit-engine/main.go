// Command davit-engine is davit with the container engines linked in. Nobody types it: davit replaces itself
// with it when a step or a command needs an engine.
package main

import (
	"os"

	"github.com/davit-dev/davit/cmd/internal/plugindev"
	"github.com/davit-dev/davit/cmd/internal/process"
	"github.com/davit-dev/davit/cmd/internal/timeline"
	"github.com/davit-dev/davit/runner/buildkit"
)

func main() {
	quieten()
	os.Exit(process.Main(process.Engines{Builder: buildkit.New, Backends: backend, Report: timeline.Report,
		Plugins: plugindev.Tools{}, Published: published, Signatures: signatures}, nil))
}
