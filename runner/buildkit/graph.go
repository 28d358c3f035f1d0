package buildkit

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	bk "github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/solver/pb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/buildkit/llb"
)

// graph has the steps in LLB for one platform.
type graph struct {
	*llb.Graph
	options llb.Options
}

// node returns a step in LLB, for a platform; nil is the platform of the engine. It adds the steps that it
// needs.
func (r *Runner) node(ctx context.Context, s runner.Step, platform *ocispecs.Platform) (*llb.Node, error) {
	target := r.platform()
	if platform != nil {
		target = *platform
	}
	if n := r.knownNode(s.ID, target); n != nil {
		return n, nil
	}
	for _, id := range s.Plan.Needs {
		if need := r.step(id); need != nil && hasCommand(*need) {
			if _, err := r.node(ctx, *need, platform); err != nil {
				return nil, err
			}
		}
	}
	if err := r.resolveImage(ctx, s, target); err != nil {
		return nil, err
	}
	inputs, err := r.stepInputs(ctx, s)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.graph(target)
	if n := g.Node(s.ID); n != nil {
		return n, nil
	}
	return g.Add(s, r.serveFiles(s, inputs))
}

// knownNode returns a step that is already in the graph of a platform, or nil.
func (r *Runner) knownNode(id string, target ocispecs.Platform) *llb.Node {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.graph(target).Node(id)
}

// hasCommand reports whether a step runs a command.
func hasCommand(s runner.Step) bool { return len(s.Plan.Argv) > 0 || s.Plan.Script != "" }

// graph returns the graph of a platform. The caller holds the lock of the Runner.
func (r *Runner) graph(target ocispecs.Platform) *graph {
	key := key(target)
	if r.graphs[key] == nil {
		options := llb.Options{
			Project: r.projectKey(), Images: map[string]llb.Image{}, Target: target, Native: r.platform(),
			Env: r.environ(), Proxy: r.proxy.env, Run: r.runID, Force: r.o.Force,
		}
		if len(r.proxy.hidden) > 0 {
			options.ProxyScript = proxyScript
		}
		if r.graphs == nil {
			r.graphs = map[string]*graph{}
		}
		r.graphs[key] = &graph{llb.NewGraph(options), options}
	}
	return r.graphs[key]
}

func key(p ocispecs.Platform) string { return path.Join(p.OS, p.Architecture, p.Variant) }

// stepInputs returns the files of the project that a step is given. They are found once for each step.
func (r *Runner) stepInputs(ctx context.Context, s runner.Step) (runner.StepInputs, error) {
	r.mu.Lock()
	inputs, known := r.inputs[s.ID]
	r.mu.Unlock()
	if known {
		return inputs, nil
	}
	onHost, inContainers := r.neededSteps(s)
	inputs, err := r.o.Files.StepInputs(ctx, s, r.steps, onHost, inContainers)
	if err != nil {
		return inputs, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inputs == nil {
		r.inputs = map[string]runner.StepInputs{}
	}
	r.inputs[s.ID] = inputs
	return inputs, nil
}

// neededSteps returns the steps that a step needs, by how it gets their outputs. Those of steps on the host,
// and of all that these need, are in the project; those of other steps in containers are in the engine.
func (r *Runner) neededSteps(s runner.Step) (onHost, inContainers []runner.Step) {
	var containerIDs, hostIDs []string
	for _, id := range s.Plan.Needs {
		need := r.step(id)
		switch {
		case need == nil:
		case need.Where == runner.OnHost:
			hostIDs = append(append(hostIDs, id), r.closure(*need)...)
		default:
			containerIDs = append(containerIDs, id)
			l, c := r.neededSteps(*need)
			onHost, inContainers = append(onHost, l...), append(inContainers, c...)
		}
	}
	for _, id := range containerIDs {
		inContainers = append(inContainers, *r.step(id))
	}
	for _, id := range hostIDs {
		if need := r.step(id); need != nil && !containsStep(inContainers, id) {
			onHost = append(onHost, *need)
		}
	}
	return onHost, inContainers
}

func containsStep(steps []runner.Step, id string) bool {
	return slices.ContainsFunc(steps, func(s runner.Step) bool { return s.ID == id })
}

// closure returns the ids of all steps that a step needs.
func (r *Runner) closure(s runner.Step) (ids []string) {
	for _, id := range s.Plan.Needs {
		if slices.Contains(ids, id) {
			continue
		}
		ids = append(ids, id)
		if need := r.step(id); need != nil {
			ids = append(ids, r.closure(*need)...)
		}
	}
	return ids
}

// serveFiles makes the session serve the files of a step, and returns the source under which it does. The
// same files have the same name. Within a run a name never stands for other files, since the engine would not
// ask again. The caller holds the lock of the Runner.
func (r *Runner) serveFiles(s runner.Step, inputs runner.StepInputs) llb.Source {
	filter := "project"
	if len(s.Plan.Inputs) > 0 {
		filter += "-" + cache.Key(s.Plan.Inputs...)[:12]
	}
	if r.sentSums == nil {
		r.sentSums = map[string][]string{}
	}
	n := slices.Index(r.sentSums[filter], inputs.Sum)
	if n < 0 {
		n = len(r.sentSums[filter])
		r.sentSums[filter] = append(r.sentSums[filter], inputs.Sum)
	}
	name := filter
	if n > 0 {
		name = fmt.Sprintf("%s-%d", filter, n)
	}
	r.sources.serve(name, &projectFS{r.root, inputs.Names})
	return llb.Source{Name: name, Content: inputs.Sum}
}

// resolveImage asks the engine for the configuration of the image of a step, once for each image and
// platform.
func (r *Runner) resolveImage(ctx context.Context, s runner.Step, target ocispecs.Platform) error {
	if s.Tool == nil || s.Tool.Image == "" {
		return nil
	}
	r.mu.Lock()
	g := r.graph(target)
	_, known := g.options.Images[s.Tool.Image]
	r.mu.Unlock()
	if known {
		return nil
	}
	image, digest, err := r.imageConfig(ctx, s.Tool.Image, g.Platform(s))
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	g.options.Images[s.Tool.Image], r.digests[s.Tool.Image] = image, digest
	return nil
}

// imageConfig returns an image with its configuration, and its digest.
func (r *Runner) imageConfig(
	ctx context.Context, name string, platform ocispecs.Platform,
) (image llb.Image, digest string, err error) {
	b, err := r.open(ctx)
	if err != nil {
		return image, "", err
	}
	ref, err := r.pinned(name)
	if err != nil {
		return image, "", err
	}
	if err := r.checkOffline(ctx, ref, &platform); err != nil {
		return image, "", err
	}
	if ref, err = normalizeReference(ref); err != nil {
		return image, "", err
	}
	found, err := b.gateway.ResolveSourceMetadata(ctx, &pb.SourceOp{Identifier: "docker-image://" + ref},
		sourceresolver.Opt{
			LogName: "image " + name,
			ImageOpt: &sourceresolver.ResolveImageOpt{Platform: &platform,
				ResolveMode: bk.ResolveModePreferLocal.String()},
		})
	if err != nil {
		return image, "", &imageUnavailableError{name, err}
	}
	return llb.Image{Ref: ref, Config: found.Image.Config}, found.Image.Digest.String(), nil
}

// An imageUnavailableError is an image that the engine cannot resolve.
type imageUnavailableError struct {
	name string
	err  error
}

func (e *imageUnavailableError) Error() string {
	return fmt.Sprintf("the image %q cannot be resolved: %s", e.name, shortReason(e.err))
}

func (e *imageUnavailableError) Unwrap() error { return e.err }

// shortReason returns the last part of a chain of reasons.
func shortReason(err error) string {
	text := strings.TrimSpace(err.Error())
	if _, last, ok := strings.Cut(text, "rpc error: code = "); ok {
		if _, desc, ok := strings.Cut(last, "desc = "); ok {
			text = desc
		}
	}
	return strings.TrimPrefix(text, "failed to solve: ")
}
