package docker

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
)

// An UnhealthyError says why a container is not healthy, with what its health check has answered and the last lines of
// its log.
type UnhealthyError struct {
	service, container, reason string
	answer, lines              []string
}

func (e *UnhealthyError) Error() string {
	text := fmt.Sprintf("service %q: container %q %s", e.service, e.container, e.reason)
	for _, l := range e.Lines() {
		text += "\n  " + l
	}
	return text
}

// Hint returns the next command.
func (e *UnhealthyError) Hint() string { return "davit logs ENV " + e.service + " shows more" }

// Service returns the service of the container.
func (e *UnhealthyError) Service() string { return e.service }

// Lines returns the answer of the health check, if it has several lines, and the last lines of the log.
func (e *UnhealthyError) Lines() []string {
	if len(e.answer) < 2 {
		return e.lines
	}
	return slices.Concat([]string{"the health check of " + e.container + " answered:"}, e.answer, []string{"its log:"},
		e.lines)
}

// unhealthyError returns the error about a container, with the end of its log.
func (b *Backend) unhealthyError(
	ctx context.Context, service string, c container.InspectResponse, why string,
) error {
	e := &UnhealthyError{service: service, reason: why}
	if c.State.Status == container.StateRunning && checked(c.State) && len(c.State.Health.Log) > 0 {
		e.answer = answer(c.State.Health)
	}
	e.container = strings.TrimPrefix(strings.TrimPrefix(c.Name, "/"), b.project+api.Separator)
	var err error
	if e.lines, err = b.LastLines(ctx, c.ID, failureLines); err != nil {
		e.lines = append(e.lines, "its log cannot be read: "+err.Error())
	}
	return e
}

func lastCheckOutput(h *container.Health) string {
	if len(h.Log) == 0 {
		return ""
	}
	code, lines := h.Log[len(h.Log)-1].ExitCode, answer(h)
	if len(lines) != 1 { // which of them gives the reason is not known
		return fmt.Sprintf(" (exit code %d)", code)
	}
	return fmt.Sprintf(" (exit code %d: %q)", code, lines[0])
}

// answer returns the lines that a health check has printed last.
func answer(h *container.Health) []string {
	output := strings.ReplaceAll(strings.TrimSpace(h.Log[len(h.Log)-1].Output), "\r", "\n")
	return strings.FieldsFunc(output, func(r rune) bool { return r == '\n' })
}
