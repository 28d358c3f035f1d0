package buildkit

import (
	"github.com/distribution/reference"

	"github.com/davit-dev/davit/internal/fault"
)

// normalizeReference returns the full form of a reference for BuildKit: "golang" is
// "docker.io/library/golang:latest".
func normalizeReference(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", fault.Preconditionf("", "%q is not a valid image reference: %v", ref, err)
	}
	return reference.TagNameOnly(named).String(), nil
}
