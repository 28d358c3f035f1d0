package buildkit

import (
	"encoding/json"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
)

// cacheImports returns the cache from which the engine reads layers of other machines.
func (r *Runner) cacheImports() []gateway.CacheOptionsEntry {
	if r.o.Remote.Ref == "" {
		return nil
	}
	return []gateway.CacheOptionsEntry{{Type: "registry", Attrs: map[string]string{"ref": r.o.Remote.Ref}}}
}

// cacheExports returns the cache to which the engine writes layers for other machines.
func (r *Runner) cacheExports() []client.CacheOptionsEntry {
	if !r.exportsCache() {
		return nil
	}
	attrs := map[string]string{
		"ref": r.o.Remote.Ref, "mode": "max", "oci-mediatypes": "true", "image-manifest": "true",
	}
	return []client.CacheOptionsEntry{{Type: "registry", Attrs: attrs}}
}

// exportsCache reports whether layers are written to the shared cache. The BuildKit inside a Docker engine
// cannot do that.
func (r *Runner) exportsCache() bool {
	return r.o.Remote.Ref != "" && r.o.Remote.Write && !r.conn.Embedded
}

// buildResult returns the result of the build: what the steps left. It is exported only to the shared cache.
// BuildKit takes several results for an image of several platforms and requires their names; nobody reads
// them.
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
