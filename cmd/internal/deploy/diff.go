package deploy

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// DriftReport is where an environment differs from its last release.
type DriftReport struct {
	Environment string          `json:"environment"`
	Release     *ReleaseSummary `json:"release" jsonschema:"nullable"`
	InSync      bool            `json:"in_sync"`
	// Foreign is that of a Status.
	Foreign string `json:"foreign,omitempty"`
	// Drift by service; what is no service's has the key "". Ignored is what the environment says that may
	// differ.
	Drift   map[string][]release.Difference `json:"drift"`
	Ignored map[string][]release.Difference `json:"ignored,omitempty"`
	// Containers by service, of those in Drift.
	Containers map[string][]ContainerStatus `json:"containers"`
	// Files are what has changed in them, where that was asked for.
	Files []FileDrift `json:"files,omitempty"`
}

// FileDrift is a file of a container that is not as its image has it.
type FileDrift struct {
	Container string `json:"container"`
	Path      string `json:"path"`
	// Diff is unified; Why says why there is none.
	Diff string `json:"diff,omitempty"`
	Why  string `json:"why,omitempty"`
}

// Diff compares an environment with its last release: some services, or all and what is none's.
func (e *Environments) Diff(
	ctx context.Context, environment string, services []string, files bool,
) (d DriftReport, err error) {
	s, err := e.openLook(ctx, environment)
	if err != nil {
		return d, err
	}
	defer s.close()
	live, err := s.observe(ctx, deploy.ObserveOptions{Files: true})
	if err != nil {
		return d, err
	}
	if d, err = s.driftReport(live, services); err != nil {
		return d, err
	}
	d.Foreign = e.foreign(ctx, s)
	if files {
		d.Files, err = s.fileDrifts(ctx, d.Drift)
	}
	return d, err
}

func (s *session) driftReport(live release.Observed, services []string) (DriftReport, error) {
	d := DriftReport{Environment: s.Name, Containers: map[string][]ContainerStatus{}}
	if d.Release = s.summary(); d.Release == nil {
		return d, usage("davit deploy "+s.Name, "nothing has been deployed to %s that could be compared",
			s.Name)
	}
	if err := s.has(live, services); err != nil {
		return d, err
	}
	all := chosen(release.Drift(s.applied(), live, nil), services)
	d.Drift = chosen(release.Drift(s.applied(), live, s.Ignore), services)
	d.Ignored = without(all, d.Drift)
	d.InSync = len(d.Drift) == 0
	for name := range d.Drift {
		if name != "" {
			d.Containers[name] = containerStatuses(live.Containers[name])
		}
	}
	return d, nil
}

// has refuses services that neither the last release nor the engine knows.
func (s *session) has(live release.Observed, services []string) error {
	known := maps.Clone(s.applied().Services)
	if known == nil {
		known = map[string]release.Service{}
	}
	for name := range live.Containers {
		known[name] = live.Model.Services[name]
	}
	for _, name := range services {
		if _, is := known[name]; !is {
			return usage("davit status "+s.Name, "%s has no service %q; it has %s", s.Name, name,
				strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return nil
}

// chosen are the differences of some services; none named is all.
func chosen(all map[string][]release.Difference, services []string) map[string][]release.Difference {
	if len(services) > 0 {
		maps.DeleteFunc(all, func(name string,
			_ []release.Difference) bool {
			return !slices.Contains(services, name)
		})
	}
	return all
}

// without are the differences that others have not.
func without(all, others map[string][]release.Difference) map[string][]release.Difference {
	left := map[string][]release.Difference{}
	for name, differences := range all {
		for _, d := range differences {
			if !slices.Contains(others[name], d) {
				left[name] = append(left[name], d)
			}
		}
	}
	return left
}

// inFiles begins the path of a difference in a file.
const inFiles = "files."

// fileDrifts are the files behind differences, container by container.
func (s *session) fileDrifts(
	ctx context.Context, drift map[string][]release.Difference,
) (out []FileDrift, err error) {
	paths := map[string][]string{}
	for _, differences := range drift {
		for _, d := range differences {
			if path, is := strings.CutPrefix(d.Path, inFiles); is {
				paths[d.Container] = append(paths[d.Container], path)
			}
		}
	}
	for _, container := range slices.Sorted(maps.Keys(paths)) {
		files, err := s.backend.Files(ctx, container, paths[container])
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			one := FileDrift{Container: container, Path: f.Path, Why: f.Reason}
			if f.Reason == "" {
				one.Diff = ui.Unified("image"+f.Path, f.Original, container+f.Path, f.Current)
			}
			out = append(out, one)
		}
	}
	return out, nil
}
