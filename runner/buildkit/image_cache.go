package buildkit

import (
	"context"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client"
)

// imageCaches returns the registry caches of images. They are stored beside the cache of steps, which an
// export would replace.
func (r *Runner) imageCaches(ctx context.Context) (imports, exports []client.CacheOptionsEntry) {
	ref := imageCacheRef(r.o.Remote.Ref)
	if ref == "" {
		return nil, nil
	}
	for _, from := range []string{r.o.Remote.Ref, ref} {
		imports = append(imports, client.CacheOptionsEntry{Type: "registry",
			Attrs: map[string]string{"ref": from}})
	}
	if layouts, err := r.conn.ExportsLayouts(ctx); err != nil || !layouts {
		return imports, nil
	}
	for _, to := range r.cacheExports() {
		to.Attrs["ref"] = ref
		exports = append(exports, to)
	}
	return imports, exports
}

// imageCacheRef returns the reference of the cache of images in the repository of a cache, or "".
func imageCacheRef(ref string) string {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return ""
	}
	tag := "image"
	if tagged, ok := named.(reference.Tagged); ok {
		tag = tagged.Tag() + "-image"
	}
	cacheRef, err := reference.WithTag(reference.TrimNamed(named), tag)
	if err != nil {
		return ""
	}
	return cacheRef.String()
}
