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

// graph is what the steps are in LLB for one platform.
type graph struct {
	*llb.Graph
	facts llb.Facts
}

// node is a step in LLB, for a platform; a nil one is that of the engine. The steps that it needs come with it.
func (r *Runner) node(ctx context.Context, s runner.Step, platform *ocispecs.Platform) (*llb.Node, error) {
	target := r.platform()
	if platform != nil {
		target = *platform
	}
	if n := r.known(s.ID, target); n != nil {
		return n, nil
	}
	for _, id := range s.Plan.Needs {
		if need := r.step(id); need != nil && runs(*need) {
			if _, err := r.node(ctx, *need, platform); err != nil {
				return nil, err
			}
		}
	}
	if err := r.resolve(ctx, s, target); err != nil {
		return nil, err
	}
	seen, err := r.seen(ctx, s)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.graph(target)
	if n := g.Node(s.ID); n != nil {
		return n, nil
	}
	return g.Add(s, r.serve(s, seen))
}

// known is a step that is in the graph of a platform already, or nil.
func (r *Runner) known(id string, target ocispecs.Platform) *llb.Node {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.graph(target).Node(id)
}

// runs tells whether a step is a command.
func runs(s runner.Step) bool { return len(s.Plan.Argv) > 0 || s.Plan.Script != "" }

// graph of a platform. The Runner is locked.
func (r *Runner) graph(target ocispecs.Platform) *graph {
	key := key(target)
	if r.graphs[key] == nil {
		facts := llb.Facts{
			Project: r.shared(), Images: map[string]llb.Image{}, Target: target, Native: r.platform(), Env: r.environ(),
			Proxy: r.proxy(), Run: r.unique, Force: r.o.Force,
		}
		if r.graphs == nil {
			r.graphs = map[string]*graph{}
		}
		r.graphs[key] = &graph{llb.NewGraph(facts), facts}
	}
	return r.graphs[key]
}

func key(p ocispecs.Platform) string { return path.Join(p.OS, p.Architecture, p.Variant) }

// seen are the files of the project that a step is given, found once for each step.
func (r *Runner) seen(ctx context.Context, s runner.Step) (runner.StepInputs, error) {
	r.mu.Lock()
	seen, known := r.saw[s.ID]
	r.mu.Unlock()
	if known {
		return seen, nil
	}
	lying, coming := r.made(s)
	seen, err := r.o.Files.StepInputs(ctx, s, r.steps, lying, coming)
	if err != nil {
		return seen, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.saw == nil {
		r.saw = map[string]runner.StepInputs{}
	}
	r.saw[s.ID] = seen
	return seen, nil
}

// made are the steps that a step needs, by how it gets what they make: what steps on the host make lies in the project, with all that
// these needed themselves; what other steps in containers make comes from the engine.
func (r *Runner) made(s runner.Step) (lying, coming []runner.Step) {
	var near, far []string
	for _, id := range s.Plan.Needs {
		need := r.step(id)
		switch {
		case need == nil:
		case need.Where == runner.OnHost:
			far = append(append(far, id), r.closure(*need)...)
		default:
			near = append(near, id)
			l, c := r.made(*need)
			lying, coming = append(lying, l...), append(coming, c...)
		}
	}
	for _, id := range near {
		coming = append(coming, *r.step(id))
	}
	for _, id := range far {
		if need := r.step(id); need != nil && !holds(coming, id) {
			lying = append(lying, *need)
		}
	}
	return lying, coming
}

func holds(steps []runner.Step, id string) bool {
	return slices.ContainsFunc(steps, func(s runner.Step) bool { return s.ID == id })
}

// closure are the ids of all steps that a step needs.
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

// serve has the session serve the files of a step, and returns what that is called. The same files have one name; as long as a run
// lasts, a name never comes to mean other files, since the engine would not look again. The Runner is locked.
func (r *Runner) serve(s runner.Step, seen runner.StepInputs) llb.Source {
	filter := "project"
	if len(s.Plan.Inputs) > 0 {
		filter += "-" + cache.Key(s.Plan.Inputs...)[:12]
	}
	if r.served == nil {
		r.served = map[string][]string{}
	}
	n := slices.Index(r.served[filter], seen.Sum)
	if n < 0 {
		n = len(r.served[filter])
		r.served[filter] = append(r.served[filter], seen.Sum)
	}
	name := filter
	if n > 0 {
		name = fmt.Sprintf("%s-%d", filter, n)
	}
	r.sources.serve(name, &listing{r.root, seen.Names})
	return llb.Source{Name: name, Content: seen.Sum}
}

// resolve asks the engine for the configuration of the image of a step, once for each image and platform.
func (r *Runner) resolve(ctx context.Context, s runner.Step, target ocispecs.Platform) error {
	if s.Tool == nil || s.Tool.Image == "" {
		return nil
	}
	r.mu.Lock()
	g := r.graph(target)
	_, known := g.facts.Images[s.Tool.Image]
	r.mu.Unlock()
	if known {
		return nil
	}
	image, err := r.config(ctx, s.Tool.Image, g.Platform(s))
	r.mu.Lock()
	defer r.mu.Unlock()
	g.facts.Images[s.Tool.Image] = image
	return err
}

// config is an image with its configuration.
func (r *Runner) config(ctx context.Context, name string, platform ocispecs.Platform) (llb.Image, error) {
	b, err := r.open(ctx)
	if err != nil {
		return llb.Image{}, err
	}
	ref, err := r.pinned(name)
	if err != nil {
		return llb.Image{}, err
	}
	if ref, err = normal(ref); err != nil {
		return llb.Image{}, err
	}
	found, err := b.gateway.ResolveSourceMetadata(ctx, &pb.SourceOp{Identifier: "docker-image://" + ref}, sourceresolver.Opt{
		LogName:  "image " + name,
		ImageOpt: &sourceresolver.ResolveImageOpt{Platform: &platform, ResolveMode: bk.ResolveModePreferLocal.String()},
	})
	if err != nil {
		return llb.Image{}, &unavailable{name, err}
	}
	return llb.Image{Ref: ref, Config: found.Image.Config}, nil
}

// unavailable says that an image cannot be had.
type unavailable struct {
	name string
	err  error
}

func (e *unavailable) Error() string {
	return fmt.Sprintf("the image %q cannot be had: %s", e.name, brief(e.err))
}

func (e *unavailable) Unwrap() error { return e.err }

// brief is what stands at the end of a chain of reasons.
func brief(err error) string {
	text := strings.TrimSpace(err.Error())
	if _, last, ok := strings.Cut(text, "rpc error: code = "); ok {
		if _, desc, ok := strings.Cut(last, "desc = "); ok {
			text = desc
		}
	}
	return strings.TrimPrefix(text, "failed to solve: ")
}
