package docker

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"

	"github.com/davit-dev/davit/internal/ui"
)

const (
	// firstProgress is after how long a wait is reported. Each further report comes after twice the time.
	firstProgress = 2 * time.Second
	// logAfter is after how long a report of a wait has the end of the log, and logLines how much of it.
	logAfter = 15 * time.Second
	logLines = 3
	// defaultRetries is the engine's.
	defaultRetries = 3
)

// A waiting reports what a service waits for.
type waiting struct {
	*reconciler
	began time.Time
	limit time.Duration // 0 is none
	next  time.Duration
}

func (r *reconciler) waiting(limit time.Duration) *waiting {
	return &waiting{reconciler: r, began: time.Now(), limit: limit, next: firstProgress}
}

// report emits why a container is not ready yet, and how much of the time has passed, if it is time for that.
func (w *waiting) report(ctx context.Context, c container.InspectResponse, why string) {
	waited := time.Since(w.began)
	if waited < w.next {
		return
	}
	w.next *= 2
	name := strings.TrimPrefix(strings.TrimPrefix(c.Name, "/"), w.backend.project+api.Separator)
	text := fmt.Sprintf("%s: %s%s; %s", name, why, failures(c), waited.Round(time.Second))
	if w.limit > 0 {
		text += " of " + w.limit.String()
	}
	w.emit(ui.Event{Type: ui.EventProgress, Step: w.name, Text: text})
	if waited < logAfter {
		return
	}
	if lines, err := w.backend.LastLines(ctx, c.ID, logLines); err == nil && strings.TrimSpace(strings.Join(lines, "")) != "" {
		w.reconciler.report(w.name, "the end of its log:\n"+strings.Join(lines, "\n"))
	}
}

// failures returns how many checks in a row have failed: ", failure 2 of 3". Those of the start period do not count.
func failures(c container.InspectResponse) string {
	if c.State.Health == nil || c.State.Health.FailingStreak == 0 || c.Config == nil || c.Config.Healthcheck == nil {
		return ""
	}
	return fmt.Sprintf(", failure %d of %d", c.State.Health.FailingStreak, cmp.Or(c.Config.Healthcheck.Retries, defaultRetries))
}
