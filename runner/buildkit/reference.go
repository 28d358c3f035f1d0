package buildkit

import (
	"fmt"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/distribution/reference"
)

// normalizeReference returns the full form of a reference for BuildKit: "golang" is
// "docker.io/library/golang:latest".
func normalizeReference(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", &fault.Error{Code: fault.FailedPrecondition, Reason: fmt.Sprintf("%q is no reference of an image: %v", ref, err)}
	}
	return reference.TagNameOnly(named).String(), nil
}
