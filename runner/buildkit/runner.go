package buildkit

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/identity"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/engine"
)

// A Runner runs the steps of one project in containers.
type Runner struct {
	engine  *Engine
	o       runner.ContainerOptions
	conn    *engine.Connection
	root    *os.Root
	steps   []runner.Step
	runID   string // a name of this run
	router  statusRouter
	sources sources
	images  images
	proxy   proxies

	mu    sync.Mutex
	build *build
	// loopbackProxies are the proxies that commands do not get, until that has been said.
	loopbackProxies []string
	disconnected    bool                         // the engine has stopped answering
	graphs          map[string]*graph            // by platform
	sentSums        map[string][]string          // sums of the files that the session serves, by filter
	digests         map[string]string            // what the tags of images stand for
	inputs          map[string]runner.StepInputs // the files that steps are given, by id
	results         map[string]gateway.Reference // what steps left, by id
}

// Prepare connects to the engine, and refuses steps that it cannot run. It gets all steps of the run, in any
// order, to know what those on the host make; these are not prepared.
func (r *Runner) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	var err error
	if r.conn, err = r.engine.connect(ctx); err != nil {
		return nil, err
	}
	if r.root, err = r.o.Files.Root(); err != nil {
		return nil, err
	}
	r.steps, r.runID, r.digests = steps, identity.NewID(), map[string]string{}
	r.proxy = r.proxies()
	r.loopbackProxies = r.proxy.loopback
	versions := runner.Versions{}
	for _, s := range steps {
		if s.Where == runner.OnHost {
			continue
		}
		if err := r.checkStep(ctx, s); err != nil {
			return nil, err
		}
		if err := r.checkSigned(ctx, s); err != nil {
			return nil, err
		}
		if versions[s.ID], err = r.version(ctx, s); err != nil {
			return nil, err
		}
	}
	return versions, nil
}

// version identifies the tool of a step: its image, by the digest that its tag has now, and its platform.
func (r *Runner) version(ctx context.Context, s runner.Step) (string, error) {
	if s.Tool == nil {
		return "", nil
	}
	ref, err := r.pinned(s.Tool.Image)
	if err == nil && ref == s.Tool.Image && !strings.Contains(ref, "@") {
		if err := r.checkOffline(ctx, ref, nil); err != nil {
			return "", err
		}
		ref += "@" + r.currentDigest(ctx, s)
	}
	return ref + " for " + key(r.platform()), err
}

// currentDigest returns what the tag of the image of a step stands for in the engine. A tag that cannot be
// resolved now stands for something else each time; the step will say why.
func (r *Runner) currentDigest(ctx context.Context, s runner.Step) string {
	if d := r.conn.Loader(ctx); d != nil {
		if i, err := d.ImageInspect(ctx, s.Tool.Image); err == nil {
			return i.ID
		}
	}
	if err := r.resolveImage(ctx, s, r.platform()); err != nil {
		return "unresolved-" + r.runID
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.digests[s.Tool.Image]
}

// checkStep refuses a step that this engine cannot run.
func (r *Runner) checkStep(ctx context.Context, s runner.Step) error {
	switch {
	case s.Plan.Op == plan.OpImage || s.Plan.Op == plan.OpPush:
		return r.checkImage(ctx, s)
	case s.Tool == nil || s.Tool.Image == "":
		return fault.Preconditionf(
			`image = "…" for its target, or for its plugin, in project.toml names one; --on host runs it on this machine`,
			"step %q names no image to run in", s.ID)
	}
	return nil
}

// pinned returns the reference of an image with its digest, where it is known.
func (r *Runner) pinned(ref string) (string, error) {
	pin := r.o.Pins[ref]
	switch {
	case strings.Contains(ref, "@"):
		return ref, nil
	case pin != "":
		return ref + "@" + pin, nil
	case r.o.Locked:
		return "", fault.Preconditionf("davit lock pins it",
			"the image %q is not pinned in project.lock", ref)
	}
	return ref, nil
}

// Run runs one step.
func (r *Runner) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	if s.Plan.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, time.Duration(s.Plan.Timeout)*time.Second, errTimeout)
		defer cancel()
	}
	switch s.Plan.Op {
	case plan.OpImage:
		return r.runImage(ctx, s, emit)
	case plan.OpPush:
		return r.runPush(ctx, s, emit)
	}
	result, err := r.runCommand(ctx, s, emit)
	if err != nil {
		return r.failure(ctx, s, err)
	}
	return result
}

// projectKey returns a name for the checkout, under which the engine caches its files.
func (r *Runner) projectKey() string { return cache.Key("project", r.o.Root)[:16] }

// environ returns the caller's environment. As for a process, the last of two equal names counts.
func (r *Runner) environ() map[string]string {
	all := map[string]string{}
	for _, pair := range r.o.Env {
		if name, value, ok := strings.Cut(pair, "="); ok {
			all[name] = value
		}
	}
	return all
}

// platform returns the platform of the engine.
func (r *Runner) platform() ocispecs.Platform { return platformOf(r.conn.Info.Platforms) }

func platformOf(names []string) ocispecs.Platform {
	if len(names) == 0 {
		return ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	}
	parts := append(strings.Split(names[0], "/"), "", "")
	return ocispecs.Platform{OS: parts[0], Architecture: parts[1], Variant: parts[2]}
}

// step returns a step of the run by its id, or nil.
func (r *Runner) step(id string) *runner.Step {
	i := slices.IndexFunc(r.steps, func(s runner.Step) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &r.steps[i]
}
