package buildkit

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

func TestNames(t *testing.T) {
	for project, want := range map[string]string{
		"shop": "shop", "My Shop": "my-shop", "@acme/shop": "acme-shop", "_shop_": "shop", "été": "t",
		"": "image", "..": "image",
	} {
		check(t, project, imageName(project), want)
	}
}

func TestTags(t *testing.T) {
	const revision = "0123456789abcdef0123456789abcdef01234567"
	for want, c := range map[string]tree.Commit{
		"1.2.3 0123456789ab":             {Version: "1.2.3", Revision: revision},
		"1.2.3-dirty 0123456789ab-dirty": {Version: "1.2.3", Revision: revision, Dirty: true},
		"v1-4-gabc-dirty":                {Version: "v1-4-gabc-dirty", Dirty: true},
		"1.2-build":                      {Version: "1.2+build"},
		"0123456789ab":                   {Revision: revision},
		"abc":                            {Version: "abc", Revision: "abc"},
		"latest":                         {},
	} {
		check(t, want, strings.Join(tags(runner.ContainerOptions{Image: runner.ImageOptions{Commit: c}}),
			" "), want)
	}
}

func TestLocalNames(t *testing.T) {
	o := runner.ContainerOptions{Name: "Shop"}
	check(t, "no commit", strings.Join(localNames(o), " "), "shop:latest")
	o.Image.Version = "1"
	check(t, "version", strings.Join(localNames(o), " "), "shop:1 shop:latest")
}

func TestImageCacheRef(t *testing.T) {
	for ref, want := range map[string]string{
		"": "", "r.example.com/cache": "r.example.com/cache:image",
		"127.0.0.1:5000/cache:main": "127.0.0.1:5000/cache:main-image",
	} {
		check(t, ref, imageCacheRef(ref), want)
	}
}

func TestLabels(t *testing.T) {
	for name, c := range map[string]struct{ config, base, want string }{
		"none":    {`{}`, ``, "ours"},
		"its own": {`{"config":{"Labels":{"org.opencontainers.image.title":"theirs"}}}`, ``, "theirs"},
		"of the base": {`{"config":{"Labels":{"org.opencontainers.image.title":"base"}}}`,
			`{"config":{"Labels":{"org.opencontainers.image.title":"base"}}}`, "ours"},
		"over the base": {`{"config":{"Labels":{"org.opencontainers.image.title":"theirs"}}}`,
			`{"config":{"Labels":{"org.opencontainers.image.title":"base"}}}`, "theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := withLabels([]byte(c.config), []byte(c.base),
				map[string]string{"org.opencontainers.image.title": "ours"})
			if err != nil {
				t.Fatal(err)
			}
			check(t, "title", annotationLabels(got)["org.opencontainers.image.title"], c.want)
		})
	}
}
