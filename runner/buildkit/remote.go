package buildkit

import (
	"github.com/moby/buildkit/client"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
)

// imports are where the engine looks for layers that another machine made.
func (r *Runner) imports() []gateway.CacheOptionsEntry {
	if r.o.Remote.Ref == "" {
		return nil
	}
	return []gateway.CacheOptionsEntry{{Type: "registry", Attrs: map[string]string{"ref": r.o.Remote.Ref}}}
}

// exports are where the engine leaves layers for other machines.
func (r *Runner) exports() []client.CacheOptionsEntry {
	if r.o.Remote.Ref == "" || !r.o.Remote.Write {
		return nil
	}
	return []client.CacheOptionsEntry{{Type: "registry", Attrs: map[string]string{"ref": r.o.Remote.Ref, "mode": "max", "oci-mediatypes": "true", "image-manifest": "true"}}}
}
