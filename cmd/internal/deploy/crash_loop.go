package deploy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// longestWatch is for how long a heal watches a service at the most whose container was restarted again and again.
const longestWatch = time.Minute

// watchCrashLoops waits for twice as long as containers ran that were replaced, where these were restarted by the engine:
// otherwise a crash loop would be healthy after each heal, and promoted.
func (c *course) watchCrashLoops(ctx context.Context, d release.Diagnosis, emit func(ui.Event)) error {
	longest := time.Duration(0)
	for _, name := range d.Services() {
		pace := paceOf(c.live.Containers[name])
		if pace == 0 || pace > longestWatch { // within that time nothing would be seen of it
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

// restartedAgain returns an error for a container of some services that a heal has made and that was restarted since.
func restartedAgain(services []string, before, live release.Observed) error {
	for _, name := range services {
		for _, c := range live.Containers[name] {
			known := slices.ContainsFunc(before.Containers[name], func(b release.Container) bool { return b.ID == c.ID })
			if !known && c.Restarts > 0 {
				return fmt.Errorf("service %q: %s was restarted again", name, c.Name)
			}
		}
	}
	return nil
}

// paceOf returns the slowest pace at which containers were restarted; 0 where none was.
func paceOf(all []release.Container) (pace time.Duration) {
	for _, c := range all {
		pace = max(pace, c.Pace)
	}
	return pace
}
