package deploy

import (
	"context"
	"fmt"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// longestWatch is for how long a heal watches a service at the most whose container was restarted again and again.
const longestWatch = time.Minute

// watchCrashLoops waits until fresh containers have run for twice as long as those did that they replace, where these were
// restarted by the engine: otherwise a crash loop would be healthy after each heal, and promoted.
func (c *course) watchCrashLoops(ctx context.Context, d release.Diagnosis, emit func(ui.Event)) error {
	longest := time.Duration(0)
	for _, name := range d.Services() {
		pace := paceOf(c.live.Containers[name])
		if pace == 0 {
			continue
		}
		watch := min(2*pace, longestWatch)
		emit(ui.Said(name, fmt.Sprintf("watching it for %s: it was restarted every %s", watch.Round(time.Second), pace.Round(time.Second))))
		longest = max(longest, watch)
	}
	if longest == 0 {
		return nil
	}
	return sleep(ctx, longest)
}

// paceOf returns the slowest pace at which containers were restarted; 0 where none was.
func paceOf(all []release.Container) (pace time.Duration) {
	for _, c := range all {
		pace = max(pace, c.Pace)
	}
	return pace
}
