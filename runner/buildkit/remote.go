package buildkit

import (
	"encoding/json"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
)

// cacheImports are where the engine looks for layers that another machine made.
func (r *Runner) cacheImports() []gateway.CacheOptionsEntry {
	if r.o.Remote.Ref == "" {
		return nil
	}
	return []gateway.CacheOptionsEntry{{Type: "registry", Attrs: map[string]string{"ref": r.o.Remote.Ref}}}
}

// cacheExports are where the engine leaves layers for other machines.
func (r *Runner) cacheExports() []client.CacheOptionsEntry {
	if !r.exportsCache() {
		return nil
	}
	return []client.CacheOptionsEntry{{Type: "registry", Attrs: map[string]string{"ref": r.o.Remote.Ref, "mode": "max", "oci-mediatypes": "true", "image-manifest": "true"}}}
}

// exportsCache tells whether layers are left for others. The BuildKit inside a Docker engine cannot.
func (r *Runner) exportsCache() bool {
	return r.o.Remote.Ref != "" && r.o.Remote.Write && !r.conn.Embedded
}

// buildResult is what the build ends with: what the steps left, of which nothing is exported but to the shared cache. BuildKit takes
// several results for an image of several platforms, and wants to know which; nobody looks at them.
func (r *Runner) buildResult() (*gateway.Result, error) {
	all := gateway.NewResult()
	if !r.exportsCache() {
		return all, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var platforms exptypes.Platforms
	for id, ref := range r.results {
		all.AddRef(id, ref)
		platforms.Platforms = append(platforms.Platforms, exptypes.Platform{ID: id, Platform: r.platform()})
	}
	data, err := json.Marshal(platforms)
	all.AddMeta(exptypes.ExporterPlatformsKey, data)
	return all, err
}
