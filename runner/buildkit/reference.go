package buildkit

import (
	"fmt"

	"github.com/distribution/reference"
)

// normal is the full form of a reference, as BuildKit wants it: "golang" is "docker.io/library/golang:latest".
func normal(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", &Refusal{Reason: fmt.Sprintf("%q is no reference of an image: %v", ref, err)}
	}
	return reference.TagNameOnly(named).String(), nil
}
