package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// imageError says why an image has no digest.
type imageError struct{ image, reason, hint string }

func (e *imageError) Error() string {
	return fmt.Sprintf("the image %q cannot be resolved: %s", e.image, e.reason)
}

// Hint is the next command, where one may help.
func (e *imageError) Hint() string { return e.hint }

// newImageError makes one sentence of what an engine said of an image and its registry.
func newImageError(image, registry string, err error) error {
	text := innermost(err)
	if why := networkReason(err, text); why != "" {
		return &imageError{image, fmt.Sprintf("the registry %s cannot be reached: %s", registry, why),
			"it is the engine that has to reach it; davit engine shows which one that is"}
	}
	if accessDenied.MatchString(text) {
		return &imageError{image, text, "docker login " + registry + ", if the image is there and is not public"}
	}
	return &imageError{image, text, ""}
}

// accessDenied are what registries, and clients of them, say of a caller who may not have an image. Some say it of one that is not there.
var accessDenied = regexp.MustCompile(`(?i)unauthorized|forbidden|denied|authorization failed|no basic auth credentials`)

// outages are what is said of a registry that nobody spoke to.
var (
	networkErrors = regexp.MustCompile(`no such host|server misbehaving|connection refused|connection reset by peer|network is unreachable|no route to host`)
	timeouts      = regexp.MustCompile(`i/o timeout|TLS handshake timeout|Client\.Timeout exceeded|deadline exceeded`)
)

// networkReason is why a registry could not be asked; empty where it was. An engine tells it as text only.
func networkReason(err error, text string) string {
	late := errors.Is(err, context.DeadlineExceeded) || status.Code(err) == codes.DeadlineExceeded || os.IsTimeout(err)
	if late || timeouts.MatchString(text) {
		return "it does not answer"
	}
	return networkErrors.FindString(text)
}
