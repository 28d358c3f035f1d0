package buildkit

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/session/filesync"
	"github.com/moby/buildkit/solver/errdefs"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// builtImage is an image that a step made.
type builtImage struct {
	// digest of it: of its index or manifest, or of its configuration where only the store of a Docker engine has it, which knows an
	// image by no other.
	digest string
	// layout is the folder of an OCI layout that holds the image; empty where only the store has it.
	layout string
	// location it landed, for a reader.
	location string
	// provenance is what it was made of.
	provenance provenance
}

// images are what the steps of a run made.
type images struct {
	mu     sync.Mutex
	byStep map[string]builtImage
	temp   string // where layouts are, if nothing is kept
}

func (i *images) keep(step string, m builtImage) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.byStep == nil {
		i.byStep = map[string]builtImage{}
	}
	i.byStep[step] = m
}

func (i *images) get(step string) (builtImage, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	m, ok := i.byStep[step]
	return m, ok
}

// runImage does an "image" step: it is a build of its own, which ends with the export of the image.
func (r *Runner) runImage(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	m, err := r.makeImage(ctx, s, emit)
	if err != nil {
		return r.imageFailure(ctx, s, err)
	}
	r.images.keep(s.ID, m)
	return runner.Result{Status: ui.StatusOK, Reason: m.location, Image: imageName(r.optionsFor(s).Name) + "@" + m.digest}
}

// imageFailure says why there is no image; of a Dockerfile, with the line or, where an old engine does not tell that, with the command.
func (r *Runner) imageFailure(ctx context.Context, s runner.Step, err error) runner.Result {
	result := r.failure(ctx, s, err)
	dockerfile := s.Plan.Image.Dockerfile
	if result.Status != ui.StatusFailed || dockerfile == "" {
		return result
	}
	for _, source := range errdefs.Sources(err) {
		if source.Info != nil && len(source.Ranges) > 0 {
			result.Reason = fmt.Sprintf("%s:%d: %s", dockerfile, source.Ranges[0].Start.Line, result.Reason)
			return result
		}
	}
	if _, command := exitCode(err); command {
		result.Reason = fmt.Sprintf("%s: %s", dockerfile, shortReason(err))
	}
	return result
}

// makeImage makes an image and puts it where it is wanted.
func (r *Runner) makeImage(ctx context.Context, s runner.Step, emit func(ui.Event)) (builtImage, error) {
	layouts, err := r.conn.ExportsLayouts(ctx)
	if err != nil {
		return builtImage{}, err
	}
	if !layouts {
		return r.makeInStore(ctx, s, emit)
	}
	return r.makeLayout(ctx, s, emit)
}

// makeInStore has a Docker engine put the image into its store, which is all that it can do with one.
func (r *Runner) makeInStore(ctx context.Context, s runner.Step, emit func(ui.Event)) (builtImage, error) {
	names := localNames(r.optionsFor(s))
	export := client.ExportEntry{Type: "moby", Attrs: map[string]string{"name": strings.Join(names, ",")}}
	m, err := r.buildImage(ctx, s, export, emit)
	if err != nil {
		return builtImage{}, err
	}
	m.location = "it is in the Docker engine as " + names[0]
	if r.o.Image.Output == "" {
		return m, nil
	}
	if m, err = r.asLayout(ctx, s, m); err != nil {
		return builtImage{}, err
	}
	return r.copyToOutput(m)
}

// makeLayout has BuildKit send the image as an OCI layout, and takes it from there to the store of a Docker engine or to the folder
// that is asked for.
func (r *Runner) makeLayout(ctx context.Context, s runner.Step, emit func(ui.Event)) (builtImage, error) {
	l, err := r.newLayout(s.ID)
	if err != nil {
		return builtImage{}, err
	}
	defer l.discard()
	attrs := map[string]string{
		"tar": "false", "oci-mediatypes": "true", "rewrite-timestamp": "true", "source-date-epoch": epoch(r.o.Image.Commit),
	}
	m, err := r.buildImage(ctx, s, client.ExportEntry{Type: client.ExporterOCI, Attrs: attrs, OutputDir: l.dir}, emit)
	if err != nil {
		return builtImage{}, err
	}
	if m, err = r.finishLayout(l, s, digest.Digest(m.digest), m); err != nil {
		return builtImage{}, err
	}
	m.location = "it is kept to be pushed"
	if r.o.Image.Output != "" {
		return r.copyToOutput(m)
	}
	if d := r.conn.Loader(ctx); d != nil {
		names := localNames(r.optionsFor(s))
		m.location = "it is in the Docker engine as " + names[0]
		return m, loadLayout(ctx, d, m, names)
	}
	return m, nil
}

// copyToOutput copies an image to the folder that is asked for.
func (r *Runner) copyToOutput(m builtImage) (builtImage, error) {
	m.location = fmt.Sprintf("it is an OCI layout in %q", r.o.Image.Output)
	return m, copyLayout(m.layout, r.o.Image.Output, copyFile)
}

// buildImage is a build of its own with one export.
func (r *Runner) buildImage(ctx context.Context, s runner.Step, to client.ExportEntry, emit func(ui.Event)) (builtImage, error) {
	recipe, err := r.newRecipe(ctx, s)
	if err != nil {
		return builtImage{}, err
	}
	o := client.SolveOpt{
		Exports: []client.ExportEntry{to}, FrontendAttrs: recipe.attrs, Session: r.attachablesWith(recipe.files), SharedKey: r.projectKey() + s.ID,
	}
	o.CacheImports, o.CacheExports = r.imageCaches(ctx)
	statuses, wait := r.watchBuild(s, emit)
	var failed error // as it was before it went to the engine and back
	d := &checkedClient{pins: r.pins()}
	response, err := r.conn.Build(ctx, o, "davit", func(ctx context.Context, g gateway.Client) (result *gateway.Result, err error) {
		defer func() { failed = err }()
		d.Client, d.limits = g, r.limits(g)
		if result, err = recipe.build(ctx, d); err != nil {
			return nil, err
		}
		return result, r.annotateResult(s, result)
	}, statuses)
	wait()
	if err = cmp.Or(failed, err); err != nil {
		return builtImage{}, err
	}
	p := newProvenance(r.o.Image.Commit, s, d.materials())
	return builtImage{digest: response.ExporterResponse[exptypes.ExporterImageDigestKey], provenance: p}, nil
}

// annotateResult gives an image all that it says of itself.
func (r *Runner) annotateResult(s runner.Step, result *gateway.Result) error {
	labels := annotations(r.optionsFor(s))
	if len(result.Refs) > 0 || r.o.Image.Scanner != "" {
		annotateIndex(result, labels)
	}
	return annotate(result, labels)
}

// recipe is how an image is made.
type recipe struct {
	attrs map[string]string
	files filesync.DirSource
	build gateway.BuildFunc
}

// newRecipe of a step: that of its Dockerfile, or that of the plan.
func (r *Runner) newRecipe(ctx context.Context, s runner.Step) (recipe, error) {
	image := *s.Plan.Image
	common := map[string]string{"platform": strings.Join(r.platforms(), ","), "build-arg:SOURCE_DATE_EPOCH": epoch(r.o.Image.Commit)}
	if r.o.Image.Scanner != "" {
		scanner, err := r.pins().pinned(r.o.Image.Scanner)
		if err != nil {
			return recipe{}, err
		}
		common["attest:sbom"] = "generator=" + scanner
	}
	if image.Dockerfile == "" {
		return recipe{common, &r.sources, r.assemble(s)}, nil
	}
	text, err := readDockerfile(r.o.Root, image)
	if err != nil {
		return recipe{}, err
	}
	folders, err := dockerfileFolders(r.o.Root, image)
	if err != nil {
		return recipe{}, err
	}
	maps.Copy(common, dockerfileAttrs(image, text))
	if r.o.Force {
		common["no-cache"] = ""
	}
	return recipe{common, &sources{named: folders}, buildDockerfile}, nil
}

// platforms that an image is made for.
func (r *Runner) platforms() []string {
	if len(r.o.Image.Platforms) > 0 {
		return r.o.Image.Platforms
	}
	return []string{strings.TrimSuffix(key(r.platform()), "/")}
}

func (r *Runner) pins() pins { return pins{r.o.Pins, r.o.Locked} }

// limits of the engine and of the project.
func (r *Runner) limits(g gateway.Client) limits {
	l := limits{caps: g.BuildOpts().LLBCaps, secrets: r.o.Secrets, info: r.conn.Info}
	for _, w := range g.BuildOpts().Workers {
		l.platforms = append(l.platforms, w.Platforms...)
	}
	return l
}
