package project

import (
	"fmt"
	"slices"
	"strings"
)

// cacheWriters are the values of write.
var cacheWriters = []string{"ci", "always", "never"}

// A Cache is the [cache] table: where container layers are shared between machines.
type Cache struct {
	// Registry is a repository in a registry: "registry.example.com/team/shop-cache".
	Registry string `toml:"registry"`
	// Write says who also writes to it: ci (the default), which is runs of CI except those of a pull request,
	// always, or never.
	Write string `toml:"write" jsonschema:"enum=ci,enum=always,enum=never"`
}

func (p *Project) cacheFaults() (faults []error) {
	switch c := p.Cache; {
	case c == nil:
	case c.Registry == "":
		faults = append(faults, p.Fault([]string{"cache"}, "",
			"[cache] needs registry, a repository in one: \"registry.example.com/team/cache\""))
	case badRepository(c.Registry) != "":
		faults = append(faults, p.Fault([]string{"cache", "registry"}, "", "registry = %q %s", c.Registry,
			badRepository(c.Registry)))
	case c.Write != "" && !slices.Contains(cacheWriters, c.Write):
		faults = append(faults, p.Fault([]string{"cache", "write"}, "",
			"write = %q, wanted ci, always or never", c.Write))
	}
	return faults
}

// An Image is the [image] table: how the images of the project are built.
type Image struct {
	// Platforms are the platforms to build for: ["linux/amd64", "linux/arm64"]. Absent, that of the engine.
	Platforms []string `toml:"platforms"`
	// Scanner is the image that lists the contents of an image, for --sbom.
	Scanner string `toml:"scanner"`
	// Provenance = false leaves out the record of how an image was built.
	Provenance *bool `toml:"provenance"`
}

func (p *Project) imageFaults() (faults []error) {
	if bad := badRepository(p.Registry); p.Registry != "" && bad != "" {
		faults = append(faults, p.Fault([]string{"registry"}, "", "registry = %q %s", p.Registry, bad))
	}
	for _, name := range p.Image.Platforms {
		if err := ValidPlatform(name); err != nil {
			faults = append(faults, p.Fault([]string{"image", "platforms"}, "", "platforms: %v", err))
		}
	}
	return faults
}

// ValidPlatform returns an error unless the name is a platform such as "linux/arm64" or "linux/arm/v7".
func ValidPlatform(name string) error {
	parts := strings.Split(name, "/")
	if len(parts) < 2 || len(parts) > 3 || slices.Contains(parts, "") || strings.ContainsFunc(name, isSpace) {
		return fmt.Errorf("%q is not a platform such as linux/arm64", name)
	}
	return nil
}

func isSpace(r rune) bool { return r <= ' ' }

// ValidRegistry returns an error unless the name is a registry, or a path in one.
func ValidRegistry(name string) error {
	if bad := badRepository(name); bad != "" {
		return fmt.Errorf("%q %s", name, bad)
	}
	return nil
}

// notInRepository reports whether a character is in no name of a registry, or path in one.
func notInRepository(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("._-:/[]", r)
}

// badRepository returns what is wrong with a registry and a path in it, or "".
func badRepository(name string) string {
	host, path, _ := strings.Cut(name, "/")
	switch {
	case strings.Contains(name, "://"):
		return "is an address, wanted a registry and a path in it: registry.example.com/team"
	case strings.ContainsFunc(name, notInRepository) || host == "" ||
		strings.HasSuffix(name, "/"):
		return "is not a registry with a path in it: registry.example.com/team"
	case path != strings.ToLower(path):
		return "has upper case in it, which no registry accepts"
	case strings.Contains(path, ":"):
		return "has a tag, which davit chooses"
	}
	return ""
}
