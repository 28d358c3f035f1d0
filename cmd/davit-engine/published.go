package main

import (
	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/runner/engine"
	oci "github.com/davit-dev/davit/runner/registry"
	"github.com/davit-dev/davit/runner/signature"
)

// published returns the published plugins that a caller can reach, with the credentials of docker.
func published(r cli.PublishedRequest) cli.PublishedPlugins {
	sources := oci.Sources{Modules: oci.Modules{DockerConfig: engine.DockerConfigDir(r.Env), Mirrors: r.Mirrors},
		Layouts: oci.Layouts{Dir: r.Root}}
	return pluginreg.Published{Registry: sources, Store: r.Store, Offline: r.Offline, Trust: r.Trust,
		Signatures: signature.Keys{Environ: r.Env, Warn: r.Warn}}
}
