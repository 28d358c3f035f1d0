package deploytest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Harness has what the suite needs beside a backend: Compose files, and somebody else who uses the same
// engine. It is for one test; what it makes is removed when the test ends.
type Harness interface {
	// Environment returns an environment of the project of the test, "dev" or "staging", and Backend opens
	// it. The secret PASSWORD is "open sesame". No registry mirrors the releases.
	Environment(name string) release.Environment
	Backend(name string) deploy.Backend
	// Open opens an environment as it is given.
	Open(e release.Environment) deploy.Backend
	// Write writes compose.yaml of all environments.
	Write(compose string)
	// Image returns the name of an image that the engine has, with sh, sleep, echo, touch, test and true.
	Image() string
	// Kill ends the process of a container, and Remove removes a container with force.
	Kill(container string)
	Remove(container string)
	// Run makes and starts a container of the image that sleeps.
	Run(f Foreign)
	// Network and Volume make one with the label of a project, or nobody's.
	Network(name, project string)
	Volume(name, project string)
}

// Suite checks that a backend behaves as every backend does. Open returns a harness for each part, which may
// call t.Parallel.
func Suite(t *testing.T, open func(t *testing.T) Harness) {
	for _, part := range []struct {
		name string
		test func(*subject)
	}{
		{"files", testFiles},
		{"apply", testApply},
		{"secrets", testSecrets},
		{"keys", testKeys},
		{"replace", testReplace},
		{"scale", testScale},
		{"one-shot", testOneShot},
		{"crash loop", testCrashLoop},
		{"jobs", testJobs},
		{"single jobs", testSingleJobs},
		{"unhealthy", testUnhealthy},
		{"pause", testPause},
		{"start-first", testStartFirst},
		{"rollout", testRollout},
		{"clients", testClients},
		{"interrupted", testInterrupted},
		{"keep going", testKeepGoing},
		{"recorded and verified", testRecordedAndVerified},
		{"volumes", testVolumes},
		{"renamed volumes", testRenamedVolumes},
		{"anonymous volumes", testAnonymousVolumes},
		{"shared volumes", testVolumesFrom},
		{"networks", testNetworks},
		{"conflicts", testConflicts},
		{"names", testNames},
		{"records", testRecords},
		{"repairs", testRepairs},
		{"locks", testLocks},
		{"broken locks", testBrokenLocks},
		{"drift", testDrift},
		{"changed configs", testChangedConfigs},
		{"heal", testHeal},
		{"others", testOthers},
		{"ownership", testOwnership},
		{"adoption", testAdoption},
		{"clones", testClones},
		{"images", testImages},
		{"logs", testLogs},
		{"inspect", testInspect},
		{"destroy", testDestroy},
	} {
		t.Run(part.name, func(t *testing.T) {
			h := open(t)
			part.test(&subject{Harness: h, T: t, b: h.Backend("dev"), env: h.Environment("dev")})
		})
	}
}

// A subject is the environment of one part of the suite, and what was deployed there.
type subject struct {
	Harness
	*testing.T
	b       deploy.Backend
	env     release.Environment
	applied release.Release // the last healthy one
	number  int             // of the last one
	events  []ui.Event      // of the last Apply
}

// patience is how long a state is waited for that an engine sees late.
const patience = 20 * time.Second

// compose writes a Compose file. IMAGE in it is the image of the harness.
func (s *subject) compose(text string) { s.Write(strings.ReplaceAll(text, "IMAGE", s.Image())) }

// name returns the name of a container: "web-1".
func (s *subject) name(short string) string { return s.env.Instance() + "-" + short }

func (s *subject) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// expectError checks that an error has some texts.
func (s *subject) expectError(err error, texts ...string) {
	s.Helper()
	if err == nil {
		s.Errorf("no error, wanted %q", texts)
		return
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			s.Errorf("%v: it lacks %q", err, text)
		}
	}
}

// reported reports whether the last Apply has said how a service ended.
func (s *subject) reported(service, status string) bool {
	return slices.ContainsFunc(s.events, func(e ui.Event) bool {
		return e.Type == ui.EventStep && e.Step == service && e.Status == status
	})
}

// pull returns the images of the Compose files.
func (s *subject) pull() map[string]release.Image {
	s.Helper()
	rendered, err := s.b.Render(s.Context())
	s.must(err)
	images := map[string]release.Image{}
	for name, ref := range rendered.Pulls {
		images[name], err = s.b.Pull(s.Context(), ref, false, nil)
		s.must(err)
	}
	return images
}

// release returns the release that the Compose files make now.
func (s *subject) release() release.Release {
	s.Helper()
	images := s.pull()
	d, err := s.b.Desired(s.Context(), images)
	s.must(err)
	return release.Release{
		Format: release.Format, Number: s.number + 1, Project: s.env.Project, Environment: s.env.Name,
		Time: time.Now().UTC(), By: "ann",
		Images: images, Model: d.Model, Compose: d.Compose, Key: d.Key, Result: release.Pending,
	}
}

// plan returns what a release would change.
func (s *subject) plan(r release.Release) release.Plan {
	s.Helper()
	return release.Compare(r.Model, s.applied.Model, s.live(), nil)
}

// live returns the live state without the files that containers have changed, for which an engine reads the whole file
// system of each.
func (s *subject) live() release.Observed { return s.observe(deploy.ObserveOptions{}) }

// observeWithFiles returns the live state with the files that containers have changed.
func (s *subject) observeWithFiles() release.Observed {
	return s.observe(deploy.ObserveOptions{Files: true})
}

func (s *subject) observe(o deploy.ObserveOptions) release.Observed {
	s.Helper()
	live, err := s.b.Observe(s.Context(), o)
	s.must(err)
	return live
}

// try applies the Compose files, and returns why that fails.
func (s *subject) try(ctx context.Context, o deploy.ApplyOptions) error {
	s.Helper()
	r := s.release()
	plan := s.plan(r)
	s.number++
	s.events = nil
	then := o.Emit
	o.Timeout = patience
	o.Emit = collect(&s.events, then)
	err := s.b.Apply(ctx, plan, r, o)
	if err == nil {
		r.Result = release.Healthy
		s.applied = withSelfModified(r, s.observeWithFiles())
	}
	return err
}

// withSelfModified returns a release with the files that its containers have changed by themselves, such as
// the folder of a volume.
func withSelfModified(r release.Release, live release.Observed) release.Release {
	r.Model.Services = maps.Clone(r.Model.Services)
	for name, service := range r.Model.Services {
		service.SelfModified = live.Model.Services[name].SelfModified
		r.Model.Services[name] = service
	}
	return r
}

// deploy applies the Compose files, and fails the test where that does.
func (s *subject) deploy() {
	s.Helper()
	s.must(s.try(s.Context(), deploy.ApplyOptions{}))
	if p := s.plan(s.applied); !p.Empty() {
		s.Errorf("another apply would change %+v", p.Changes)
	}
}

// ids returns the ids of the containers of services, or of all.
func (s *subject) ids(services ...string) (ids []string) {
	s.Helper()
	for service, all := range s.live().Containers {
		for _, c := range all {
			if len(services) == 0 || slices.Contains(services, service) {
				ids = append(ids, c.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// drift returns the paths that differ from the last release, sorted.
func (s *subject) drift() (paths []string) {
	s.Helper()
	for service, all := range release.Drift(s.applied.Model, s.observeWithFiles(), nil) {
		for _, d := range all {
			paths = append(paths, strings.TrimPrefix(service+"."+d.Path, "."))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// eventually waits until something is true.
func (s *subject) eventually(what string, is func() bool) {
	s.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			s.Fatalf("%s: never, %+v", what, s.live())
		}
	}
}

// expectDrift waits until exactly these paths differ.
func (s *subject) expectDrift(want ...string) {
	s.Helper()
	s.eventually(fmt.Sprintf("drift %q", want), func() bool { return slices.Equal(s.drift(), want) })
}

// changes returns the changes of a plan, each as "replace service web".
func changes(p release.Plan) (all []string) {
	for _, c := range p.Changes {
		all = append(all, fmt.Sprintf("%s %s %s", c.Kind, c.Subject, c.Name))
	}
	return all
}

// expectPlan checks what the Compose files would change.
func (s *subject) expectPlan(want ...string) {
	s.Helper()
	if got := changes(s.plan(s.release())); !slices.Equal(got, want) {
		s.Errorf("planned %q, wanted %q", got, want)
	}
}
