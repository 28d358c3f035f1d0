package release

import "strings"

// An Image is one image of a release.
type Image struct {
	// Digest identifies the image: that of its manifest. A store without manifests, such as Docker's classic
	// one, has none for an image that was built there; then it is the digest of the configuration, which
	// names the same content.
	Digest string `json:"digest"`
	// Local is the backend's own name of it, where that differs from the digest.
	Local string `json:"local,omitempty"`
	// Name is the reference in the Compose file, or of davit package.
	Name string `json:"name"`
	// Source is its reference in a registry, "nginx@sha256:…"; empty for one that was built.
	Source string `json:"source,omitempty"`
	// Health says that the image has a health check of its own.
	Health bool `json:"health,omitempty"`
	// Volumes are the folders that the image declares as volumes, sorted.
	Volumes []string `json:"volumes,omitempty"`
}

// Ref returns the name by which the backend knows the image.
func (i Image) Ref() string {
	if i.Local != "" {
		return i.Local
	}
	return i.Digest
}

// SourceOf returns the reference of an image in a registry: its name without a tag, and the digest.
func SourceOf(name, digest string) string {
	name, _, _ = strings.Cut(name, "@")
	if tag := strings.LastIndex(name, ":"); tag > strings.LastIndex(name, "/") {
		name = name[:tag]
	}
	return name + "@" + digest
}
