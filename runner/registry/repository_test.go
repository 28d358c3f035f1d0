package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/registrytest"
)

func TestRepositoryReadsAndDeletes(t *testing.T) {
	for deletes, want := range map[string]string{"true": "two", "false": "one two"} {
		t.Run("deletes "+deletes, func(t *testing.T) {
			t.Parallel()
			k := Repository{Name: registrytest.Start(t,
				map[string]string{"REGISTRY_STORAGE_DELETE_ENABLED": deletes}) + "/team/shop-dev",
				DockerConfig: t.TempDir()}
			if tags, err := k.Tags(t.Context()); err != nil || len(tags) != 0 {
				t.Errorf("a repository that is not there has tags %q, %v", tags, err)
			}
			for tag, size := range map[string]int{"one": 10, "two": 20} {
				dir, root := layout(t, size)
				p := Push{Layout: dir, Digest: root, Repository: k.Name, Tags: []string{tag},
					DockerConfig: k.DockerConfig, Say: func(string) {}}
				if err := p.Do(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if layer, err := k.Layer(t.Context(), "two"); err != nil || len(layer) != 20 {
				t.Errorf("layer of %d bytes, %v", len(layer), err)
			}
			if err := k.Put(t.Context(), "two", map[string]string{"a": "b"}, []byte("a layer")); err != nil {
				t.Fatal(err)
			}
			if layer, err := k.Layer(t.Context(), "two"); err != nil || string(layer) != "a layer" {
				t.Errorf("layer %q, %v", layer, err)
			}
			if _, err := k.Layer(t.Context(), "three"); err == nil {
				t.Error("an image that is not there was given")
			}
			if err := k.Delete(t.Context(), "one"); err != nil {
				t.Error(err)
			}
			tags, err := k.Tags(t.Context())
			slices.Sort(tags)
			if err != nil || strings.Join(tags, " ") != want {
				t.Errorf("tags %q, %v, wanted %q", tags, err, want)
			}
		})
	}
}

func TestTagsOfAnUnreachableRegistry(t *testing.T) {
	_, err := Repository{Name: "127.0.0.1:1/team/shop-dev", DockerConfig: t.TempDir()}.Tags(t.Context())
	if want := `registry "127.0.0.1:1" did not list "team/shop-dev": connect: connection refused`; err == nil || err.Error() != want {
		t.Errorf("got %v, wanted %s", err, want)
	}
}
