package release

import "strings"

// An Image is one image of a release.
type Image struct {
	// Digest identifies the image: that of its manifest. A store without manifests, such as Docker's classic one, has none for an image that
	// was built there; then it is the digest of the configuration, which names the same content.
	Digest string `json:"digest"`
	// Local is what the backend calls it, if that is something else.
	Local string `json:"local,omitempty"`
	// Name as the Compose file, or davit package, has it.
	Name string `json:"name"`
	// Source is where a registry has it, "nginx@sha256:…"; empty for one that was built.
	Source string `json:"source,omitempty"`
	// Health says that the image has a health check of its own.
	Health bool `json:"health,omitempty"`
}

// Ref returns what the backend knows the image by.
func (i Image) Ref() string {
	if i.Local != "" {
		return i.Local
	}
	return i.Digest
}

// SourceOf returns where a registry has an image: its name without a tag, and the digest.
func SourceOf(name, digest string) string {
	name, _, _ = strings.Cut(name, "@")
	if tag := strings.LastIndex(name, ":"); tag > strings.LastIndex(name, "/") {
		name = name[:tag]
	}
	return name + "@" + digest
}
