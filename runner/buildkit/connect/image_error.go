package connect

import "fmt"

// imageError says why an image has no digest.
type imageError struct{ image, reason, hint string }

func (e *imageError) Error() string {
	return fmt.Sprintf("the image %q cannot be resolved: %s", e.image, e.reason)
}

// Hint is the next command, where one may help.
func (e *imageError) Hint() string { return e.hint }

// unresolved makes one sentence of what an engine said of an image and its registry.
func unresolved(image, registry string, err error) error {
	return &imageError{image, reason(err), "docker login " + registry + ", if the image is there and is not public"}
}
