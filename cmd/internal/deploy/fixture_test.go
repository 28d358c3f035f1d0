package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A fixture is a project whose environments are in memory.
type fixture struct {
	*deploy.Environments
	*testing.T
	world    *deploytest.World
	dir      string
	builder  *builder
	verifier *verifier
	step     func() // before each change of an engine; nil is nothing
	// wrap changes the backend of an environment before it is used; nil leaves it.
	wrap func(*deploytest.Memory) backend.Backend
	// key is what the caller gives, and keys are those of another davit.
	key  []byte
	keys compose.Keys
	// secrets are variables of the Compose files.
	secrets map[string]string

	mu        sync.Mutex
	events    []ui.Event
	proposals []*deploy.Proposal
	// refuse is what the person at the terminal answers; nil is yes.
	refuse error
	asked  int // how often
}

// stages is the promotion order of the convention.
var stages = []string{"dev", "qualification", "staging", "preproduction", "production"}

// errNo is the answer of somebody who does not confirm.
var errNo = errors.New("not confirmed")

// newFixture returns a project with a project.toml and a compose.yaml.
func newFixture(t *testing.T, toml, compose string) *fixture {
	t.Helper()
	f := &fixture{T: t, world: deploytest.NewWorld(), dir: t.TempDir(), key: []byte("key")}
	config, err := project.Parse([]byte(toml))
	f.must(err)
	f.builder = &builder{world: f.world}
	f.verifier = &verifier{}
	f.engine("").AddImage("busybox", deploytest.Image{Content: "busybox"})
	f.Environments = deploy.New(deploy.Options{
		Config: config, Stages: stages, Name: "shop", Dir: f.dir, Now: f.world.Now, Builder: f.builder,
		Verifier: f.verifier, Open: f.open,
		Environ: []string{"USER=ann", "HOME=" + f.dir, "GIT_CONFIG_NOSYSTEM=1", "PATH=" + os.Getenv("PATH")},
		Trace:   func(string, ...any) {},
		Warn: func(text, hint string) {
			f.emit(ui.Event{Type: ui.EventWarning, Text: text, Hint: hint})
		},
	})
	if compose != "" {
		f.compose(compose)
	}
	return f
}

func (f *fixture) open(_ context.Context, e release.Environment) (backend.Backend, error) {
	m := f.world.Backend(e, deploytest.Options{Env: f.Environ, Key: f.key, Keys: f.keys, Secrets: f.secrets, Step: f.step,
		Seen: history.NewSeenFile(f.state(), e.Engine, e)})
	if f.wrap != nil {
		return f.wrap(m), nil
	}
	return m, nil
}

// state is the folder in which the machine remembers what it has seen.
func (f *fixture) state() string { return filepath.Join(f.dir, "state") }

// forget makes it another machine, which has seen nothing.
func (f *fixture) forget() { f.must(os.RemoveAll(f.state())) }

func (f *fixture) engine(address string) *deploytest.Engine { return f.world.Engine(address) }

// kill ends the process of a container.
func (f *fixture) kill(container string) {
	f.Helper()
	if !f.engine("").Kill(container) {
		f.Fatalf("there is no container %q", container)
	}
}

// compose writes the Compose file.
func (f *fixture) compose(text string) {
	f.Helper()
	f.must(os.WriteFile(filepath.Join(f.dir, "compose.yaml"), []byte(text), 0o600))
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// emit keeps the events.
func (f *fixture) emit(e ui.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = append(f.events, e)
}

// said reports whether an event, or its hint, has a text.
func (f *fixture) said(text string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.events, func(e ui.Event) bool {
		return strings.Contains(e.Text+e.Hint,
			text)
	})
}

// request returns the request for a change of an environment. It is confirmed.
func (f *fixture) request(environment string) deploy.Request {
	return deploy.Request{Environment: environment,
		Confirm: func(_ context.Context, p *deploy.Proposal, ask bool) error {
			f.proposals = append(f.proposals, p)
			if ask {
				f.asked++
				return f.refuse
			}
			return nil
		}}
}

// deploy deploys to an environment.
func (f *fixture) deploy(environment string) (deploy.Outcome, error) {
	return f.Deploy(f.Context(), f.request(environment), f.emit)
}

// deployed deploys to an environment, and fails the test where that does.
func (f *fixture) deployed(environment string) release.Release {
	f.Helper()
	out, err := f.deploy(environment)
	f.must(err)
	return out.Release
}

// backend returns the backend of an environment, for what another davit does.
func (f *fixture) backend(environment string) *deploytest.Memory {
	f.Helper()
	e, err := f.Find(environment)
	f.must(err)
	return f.world.Backend(e, deploytest.Options{Env: f.Environ, Key: f.key, Keys: f.keys})
}

func (f *fixture) live(environment string) release.Observed {
	f.Helper()
	live, err := f.backend(environment).Observe(context.Background(), backend.ObserveOptions{Files: true})
	f.must(err)
	return live
}

// version returns the VERSION of the first container of web.
func (f *fixture) version(environment string) string {
	f.Helper()
	all := f.live(environment).Containers["web"]
	if len(all) == 0 {
		return "none"
	}
	return all[0].Fields["environment.VERSION"]
}

// releases returns the releases of an environment, the newest first: "2 failed, 1 healthy".
func (f *fixture) releases(environment string) string {
	f.Helper()
	all, err := f.Releases(context.Background(), environment)
	f.must(err)
	var words []string
	for _, r := range all {
		words = append(words, fmt.Sprint(r.Number, " ", r.Result))
	}
	return strings.Join(words, ", ")
}

func (f *fixture) expectReleases(environment, want string) {
	f.Helper()
	if got := f.releases(environment); got != want {
		f.Errorf("releases of %s are %s, wanted %s", environment, got, want)
	}
}

func (f *fixture) expectVersion(environment, want string) {
	f.Helper()
	if got := f.version(environment); got != want {
		f.Errorf("%s runs %s, wanted %s", environment, got, want)
	}
}

// expectError checks an error: its category, and texts in it or in its hint.
func (f *fixture) expectError(err error, category fault.Category, texts ...string) {
	f.Helper()
	if err == nil {
		f.Errorf("no error, wanted %q", texts)
		return
	}
	all := err.Error()
	var h ui.Hinter
	if errors.As(err, &h) {
		all += " → " + h.Hint()
	}
	if fault.Of(err) != category {
		f.Errorf("%s: category %d, wanted %d", all, fault.Of(err), category)
	}
	for _, text := range texts {
		if !strings.Contains(all, text) {
			f.Errorf("%s: it lacks %q", all, text)
		}
	}
}

// shop is a service with a health check and one with a volume. An environment says which version, and what
// the check does.
func shop(version, check string) string {
	return fmt.Sprintf(`
services:
  web:
    image: busybox
    command: [sh, -c, "echo this is %[1]s; exec sleep 1000"]
    environment: {VERSION: %[1]s}
    healthcheck: {test: [CMD, "%[2]s"], interval: 1s}
    depends_on: [db]
  db:
    image: busybox
    command: [sleep, "1000"]
    volumes: ["data:/data"]
volumes: {data: {}}
`, version, check)
}

// A builder builds images of one word each, on the engine of the environment.
type builder struct {
	world    *deploytest.World
	content  string
	packages bool
	ports    []string
	fails    error
	built    int
	lacks    bool // whether no commit contains another one
	absent   bool // whether the repository has no commit of a release
}

func (b *builder) Has(context.Context, string) bool { return !b.absent }

func (b *builder) IsOf(context.Context, string, string) bool { return !b.absent }

func (b *builder) Lacks(_ context.Context, commit, earlier string) bool {
	return b.lacks && commit != earlier
}

func (b *builder) Build(
	_ context.Context, e release.Environment, builds map[string]release.Build, emit func(ui.Event),
) (map[string]string, error) {
	refs := map[string]string{}
	for service := range builds {
		id := b.world.Engine(e.Engine).AddImage(e.Project+"-"+service,
			deploytest.Image{Content: b.content + service})
		refs[service] = e.Project + "-" + service + "@" + id
		b.built++
	}
	emit(ui.Event{Type: ui.EventRun})
	return refs, b.fails
}

func (b *builder) Package(_ context.Context, e release.Environment, _ func(ui.Event)) (string, error) {
	b.world.Engine(e.Engine).AddImage(e.Project, deploytest.Image{Content: b.content, Ports: b.ports})
	b.built++
	return e.Project + "@sha256:wrapped", b.fails
}

func (b *builder) Packaged() ([]string, bool) { return b.ports, b.packages }

func (b *builder) Commit(context.Context) (tree.Commit, error) {
	return tree.Commit{Revision: "c0ffee" + b.content, Version: "1.2.3"}, nil
}

// A verifier keeps what it is asked for.
type verifier struct {
	targets, env []string
	runs         int // how often it has run targets
	fails        error
	unknown      error
	meanwhile    func() // nil is nothing
}

func (v *verifier) CheckTargets([]string) error { return v.unknown }

func (v *verifier) Verify(_ context.Context, targets, env []string, emit func(ui.Event)) error {
	v.targets, v.env, v.runs = targets, env, v.runs+1
	if v.meanwhile != nil {
		v.meanwhile()
	}
	for _, kind := range []string{ui.EventRun, ui.EventOutput, ui.EventEnd} {
		emit(ui.Event{Type: kind, Text: "smoke"})
	}
	return v.fails
}

// second is long enough for what another goroutine does.
const second = 5 * time.Second
