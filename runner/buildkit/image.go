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

// A builtImage is an image that a step built.
type builtImage struct {
	// digest is that of the index or manifest. For an image that only the store of a Docker engine has it is
	// the digest of the configuration, the only one that such a store knows.
	digest string
	// layout is the folder of an OCI layout with the image; empty if only the store has it.
	layout string
	// localName is a name by which a Docker engine has the image; empty if none has it.
	localName string
	// location says where the image is, as part of a message.
	location string
	// provenance says what it was made from.
	provenance provenance
}

// images are the images that the steps of a run built.
type images struct {
	mu     sync.Mutex
	byStep map[string]builtImage
	temp   string // the folder of layouts without a cache
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

// runImage runs an "image" step as a build of its own, which ends with the export of the image.
func (r *Runner) runImage(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	m, err := r.makeImage(ctx, s, emit)
	if err != nil {
		return r.imageFailure(ctx, s, err)
	}
	r.images.keep(s.ID, m)
	return runner.Result{Status: ui.StatusOK, Reason: m.location, LocalName: m.localName,
		Image: imageName(r.optionsFor(s).Name) + "@" + m.digest}
}

// imageFailure returns the failure of an image. For a Dockerfile it names the line or, where an old engine
// does not send that, the command.
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

// makeImage builds an image and stores it where the user wants it.
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

// makeInStore makes a Docker engine build the image into its store, the only export of such an engine.
func (r *Runner) makeInStore(ctx context.Context, s runner.Step, emit func(ui.Event)) (builtImage, error) {
	names := localNames(r.optionsFor(s))
	export := client.ExportEntry{Type: "moby", Attrs: map[string]string{"name": strings.Join(names, ",")}}
	m, err := r.buildImage(ctx, s, export, emit)
	if err != nil {
		return builtImage{}, err
	}
	if r.o.Image.Output == "" {
		return m.in(names[0]), nil
	}
	if m, err = r.asLayout(ctx, s, m); err != nil {
		return builtImage{}, err
	}
	return r.copyToOutput(m)
}

// makeLayout makes BuildKit send the image as an OCI layout, and copies it to the store of a Docker engine or
// to the folder of --output.
func (r *Runner) makeLayout(ctx context.Context, s runner.Step, emit func(ui.Event)) (builtImage, error) {
	l, err := r.newLayout(s.ID)
	if err != nil {
		return builtImage{}, err
	}
	defer l.discard()
	attrs := map[string]string{
		"tar": "false", "oci-mediatypes": "true", "rewrite-timestamp": "true",
		"source-date-epoch": epoch(r.o.Image.Commit),
	}
	m, err := r.buildImage(ctx, s, client.ExportEntry{Type: client.ExporterOCI, Attrs: attrs,
		OutputDir: l.dir}, emit)
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
		return m.in(names[0]), loadLayout(ctx, d, m, names)
	}
	return m, nil
}

// in returns the image with a name that it has in a Docker engine.
func (m builtImage) in(name string) builtImage {
	m.localName, m.location = name, "it is in the Docker engine as "+name
	return m
}

// copyToOutput copies an image to the folder of --output.
func (r *Runner) copyToOutput(m builtImage) (builtImage, error) {
	m.location = fmt.Sprintf("it is an OCI layout in %q", r.o.Image.Output)
	return m, copyLayout(m.layout, r.o.Image.Output, copyFile)
}

// buildImage builds an image as a build of its own with one export.
func (r *Runner) buildImage(
	ctx context.Context, s runner.Step, to client.ExportEntry, emit func(ui.Event),
) (builtImage, error) {
	recipe, err := r.newRecipe(ctx, s)
	if err != nil {
		return builtImage{}, err
	}
	o := client.SolveOpt{
		Internal: true, // as those of steps
		Exports:  []client.ExportEntry{to}, FrontendAttrs: recipe.attrs,
		Session: r.attachablesWith(recipe.files), SharedKey: r.projectKey() + s.ID,
	}
	o.CacheImports, o.CacheExports = r.imageCaches(ctx)
	statuses, wait := r.watchBuild(s, emit)
	var failed error // the error before its round trip through the engine
	d := &checkedClient{pins: r.pins(), checkOffline: r.checkOffline, signedImage: r.o.SignedImage}
	response, err := r.conn.Build(ctx, o, "davit",
		func(ctx context.Context, g gateway.Client) (result *gateway.Result, err error) {
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

// annotateResult adds the annotations and labels to an image.
func (r *Runner) annotateResult(s runner.Step, result *gateway.Result) error {
	labels := annotations(r.optionsFor(s))
	if len(result.Refs) > 0 || r.o.Image.Scanner != "" {
		annotateIndex(result, labels)
	}
	return annotate(result, labels)
}

// A recipe is how an image is built.
type recipe struct {
	attrs map[string]string
	files filesync.DirSource
	build gateway.BuildFunc
}

// newRecipe returns the recipe for the image of a step, from its Dockerfile or from the plan.
func (r *Runner) newRecipe(ctx context.Context, s runner.Step) (recipe, error) {
	image := *s.Plan.Image
	common := map[string]string{"platform": strings.Join(r.platforms(), ","),
		"build-arg:SOURCE_DATE_EPOCH": epoch(r.o.Image.Commit)}
	if r.o.Image.Scanner != "" {
		scanner, err := r.pins().pinned(r.o.Image.Scanner)
		if err != nil {
			return recipe{}, err
		}
		if err := r.checkOffline(ctx, scanner, nil); err != nil {
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

// platforms returns the platforms to build the image for.
func (r *Runner) platforms() []string {
	if len(r.o.Image.Platforms) > 0 {
		return r.o.Image.Platforms
	}
	return []string{strings.TrimSuffix(key(r.platform()), "/")}
}

func (r *Runner) pins() pins { return pins{r.o.Pins, r.o.Locked} }

// limits returns the limits of the engine and of the project.
func (r *Runner) limits(g gateway.Client) limits {
	l := limits{caps: g.BuildOpts().LLBCaps, secrets: r.secrets(), info: r.conn.Info}
	for _, w := range g.BuildOpts().Workers {
		l.platforms = append(l.platforms, w.Platforms...)
	}
	return l
}
