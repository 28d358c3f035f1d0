package docker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// inOrder reconciles services side by side, each as soon as those before it are ready. The containers of a service that
// nothing checks are monitored while others go on; they are judged before inOrder returns. After a failure nothing more
// begins, unless the apply goes on in any case.
func (a *apply) inOrder(ctx context.Context, services map[string]release.Service) error {
	watched, cancel := context.WithCancel(ctx)
	defer cancel()
	before, ready := a.prerequisites(services), map[string]chan struct{}{}
	for name := range services {
		ready[name] = make(chan struct{})
	}
	err := inParallel(sorted(services), func(_ int, name string) error {
		defer close(ready[name])
		if reported := a.wait(ctx, name, before[name], ready); watched.Err() != nil {
			if reported {
				a.emit(ui.Event{Type: ui.EventStep, Step: name, Status: ui.StatusCancelled, Reason: "it was not started"})
			}
			return nil
		}
		err := a.service(ctx, watched, name)
		if err != nil && (!a.options.KeepGoing || ctx.Err() != nil) {
			cancel()
		}
		return err
	})
	return errors.Join(err, a.monitors.wait(), a.guard.removals.wait(), ctx.Err())
}

// wait waits until other services are ready, or have failed, and reports which ones if it takes longer. It returns
// whether it has reported any.
func (a *apply) wait(
	ctx context.Context, name string, before []string, ready map[string]chan struct{},
) (reported bool) {
	report := time.After(firstProgress)
	for i := 0; i < len(before); {
		select {
		case <-ctx.Done():
			return reported
		case <-ready[before[i]]:
			i++
		case <-report:
			if reported = a.kinds[name] != ""; reported {
				a.emit(ui.Event{Type: ui.EventProgress, Step: name, Text: strings.Join(pendingOf(before[i:], ready), ", ")})
			}
		}
	}
	return reported
}

// pendingOf returns the services that are not ready.
func pendingOf(names []string, ready map[string]chan struct{}) (all []string) {
	for _, name := range names {
		select {
		case <-ready[name]:
		default:
			all = append(all, name)
		}
	}
	return all
}

// prerequisites returns which services each one waits for: those that it needs and, where containers of it are there to
// be changed, the jobs with what these need, so that a job that fails leaves it as it is.
func (a *apply) prerequisites(services map[string]release.Service) map[string][]string {
	first, all := withNeeds(services), map[string][]string{}
	for name, s := range services {
		before := map[string]bool{}
		for _, need := range s.Needs {
			if _, is := services[need]; is {
				before[need] = true
			}
		}
		if kind := a.kinds[name]; !first[name] && kind != "" && kind != release.Create {
			maps.Copy(before, first)
		}
		all[name] = sorted(before)
	}
	return all
}

// withNeeds returns the jobs among services, with all that these need.
func withNeeds(services map[string]release.Service) map[string]bool {
	first := map[string]bool{}
	var add func(string)
	add = func(name string) {
		if s, exists := services[name]; exists && !first[name] {
			first[name] = true
			for _, need := range s.Needs {
				add(need)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		if services[name].Job {
			add(name)
		}
	}
	return first
}
