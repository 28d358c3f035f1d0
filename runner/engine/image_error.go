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

// An imageError is an image whose digest cannot be resolved.
type imageError struct{ image, reason, hint string }

func (e *imageError) Error() string {
	return fmt.Sprintf("the image %q cannot be resolved: %s", e.image, e.reason)
}

// Hint returns the next command, if one may help.
func (e *imageError) Hint() string { return e.hint }

// newImageError returns the error of an engine about an image and its registry as one sentence.
func newImageError(image, registry string, err error) error {
	text := innermost(err)
	if why := networkReason(err, text); why != "" {
		return &imageError{image, fmt.Sprintf("the registry %s cannot be reached: %s", registry, why),
			"it is the engine that has to reach it; davit engine shows which one that is"}
	}
	if accessDenied.MatchString(text) {
		return &imageError{image, text,
			"docker login " + registry + ", if the image is there and is not public"}
	}
	return &imageError{image, text, ""}
}

// accessDenied matches the errors of registries for a user who may not pull an image. Some send it for an
// image that does not exist.
var accessDenied = regexp.MustCompile(
	`(?i)unauthorized|forbidden|denied|authorization failed|no basic auth credentials`)

// Errors of the network between the engine and the registry.
var (
	networkErrors = regexp.MustCompile(
		`no such host|server misbehaving|connection refused|connection reset by peer|network is unreachable|no route to host`)
	timeouts = regexp.MustCompile(
		`i/o timeout|TLS handshake timeout|Client\.Timeout exceeded|deadline exceeded`)
)

// networkReason returns why a registry could not be reached, or "". An engine sends it as text only.
func networkReason(err error, text string) string {
	late := errors.Is(err, context.DeadlineExceeded) || status.Code(err) == codes.DeadlineExceeded ||
		os.IsTimeout(err)
	if late || timeouts.MatchString(text) {
		return "it does not answer"
	}
	return networkErrors.FindString(text)
}
