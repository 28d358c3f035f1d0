package docker

import (
	"context"
	"fmt"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
)

// An UnhealthyError says why a container is not healthy, with the last lines of its log.
type UnhealthyError struct {
	service, container, reason string
	lines                      []string
}

func (e *UnhealthyError) Error() string {
	text := fmt.Sprintf("service %q: container %q %s", e.service, e.container, e.reason)
	for _, l := range e.lines {
		text += "\n  " + l
	}
	return text
}

// Hint returns the next command.
func (e *UnhealthyError) Hint() string { return "davit logs ENV " + e.service + " shows more" }

// Lines returns the last lines of the log.
func (e *UnhealthyError) Lines() []string { return e.lines }

// unhealthyError returns the error about a container, with the end of its log.
func (b *Backend) unhealthyError(
	ctx context.Context, service string, c container.InspectResponse, why string,
) error {
	e := &UnhealthyError{service: service, reason: why}
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
	last := h.Log[len(h.Log)-1]
	output := strings.TrimSpace(last.Output) // the reason is usually in the last line
	return fmt.Sprintf(
		" (exit code %d: %q)", last.ExitCode,
		strings.TrimSpace(output[strings.LastIndexAny(output, "\r\n")+1:]))
}
