package app

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// An executor runs the steps of a project: processes and containers, guarded and cached.
type executor struct {
	o       host.Options
	host    *host.Runner
	places  *runner.Router
	mask    *runner.Mask
	runner  *runner.Cache
	tries   *runner.Retrier
	serving *serving // nil where no step uses services
	reports *reports // nil where nothing is run
	files   *runner.Files
	store   *cache.Store
}

// executor returns an executor that is not wrapped yet: that depends on where steps run.
func (p *Project) executor(r Request, env []string) *executor {
	e := &executor{store: cache.Open(p.cacheDir(storeDir),
		cache.Options{Limit: Limit, Now: p.Streams.Now, Warn: p.Warn})}
	p.remember(e.store, p.reportFiles)
	e.files = runner.NewFiles(p.Tree, e.store.File("index", p.Key()), p.Streams.Now)
	e.files.Named(slices.Concat(p.made(), p.ignored()))
	if p.entries != nil {
		e.files.Listed(p.entries)
	}
	if p.Offline {
		env = environ.Join(env, offlineVariables...)
	}
	e.o = host.Options{
		Root: p.Root.Dir, Env: env, Kill: r.Kill, Store: e.store, Force: r.Force, Locked: r.Locked,
		Strict: p.Config.Env == "strict", Secrets: map[string][]byte{}, Wrap: r.wrap,
	}
	e.o.Stdin, e.o.Stdout, e.o.Stderr = p.Streams.Files()
	if r.Piped {
		e.o.Stdout, e.o.Stderr = nil, nil
	}
	e.host = host.New(e.o)
	return e
}

// offlineVariables tell package managers to use their caches and nothing else. Those that have no such variable are
// not stopped.
var offlineVariables = []string{
	"PIP_NO_INDEX=1", "UV_OFFLINE=1", "npm_config_offline=true", "YARN_ENABLE_NETWORK=0", "CARGO_NET_OFFLINE=true",
	"GOPROXY=off", "GOTOOLCHAIN=local",
}

// wrap wraps the runners around each other. The containers may be nil.
func (e *executor) wrap(p *Project, r Request, containers runner.Containers) {
	e.places = runner.NewRouter(e.host, containers)
	guarded := runner.Guarded(e.places, e.files, p.keptDir(), p.Streams.Now)
	if e.serving != nil {
		e.serving.Runner, e.serving.mask = guarded, e.mask
		guarded = e.serving
	}
	masked := runner.Masked(guarded, e.mask)
	files := &places{project: p}
	if e.reports != nil {
		e.reports.mask, e.reports.places = e.mask, files
		masked = e.reports.wrap(masked)
	}
	e.tries = runner.Retried(masked)
	e.runner = runner.Cached(finder{e.tries, files}, e.files, e.store, runner.CacheOptions{
		Project: p.Root.Dir, Env: p.Environ, Strict: e.o.Strict, Ignore: p.ignored(), Made: p.made(),
		Programs: e.host.Programs, Version: e.host.Version, Installed: e.host.Installed, Locked: r.Locked,
		Replay: r.Verbose || p.env("CI") != "" && p.env("CI") != "false",
		Force:  r.Force, Now: p.Streams.Now, Images: containers,
	})
}

// ignored returns globs of files that decide no result: those of project.toml, reports that davit writes, and davit's own
// cache if it is in the project.
func (p *Project) ignored() []string {
	rel, err := filepath.Rel(p.Root.Dir, p.Cache)
	globs := slices.Concat(p.Config.Ignore, p.reportFiles)
	if p.Cache == "" || err != nil || !filepath.IsLocal(rel) {
		return globs
	}
	return append(globs, filepath.ToSlash(rel)+"/")
}

// made returns the paths that steps of the project make, sorted.
func (p *Project) made() (paths []string) {
	for _, o := range p.Offers {
		for _, s := range o.Plan.Steps {
			paths = append(paths, runner.Step{Plan: s}.Made()...)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

func (e *executor) close(p *Project) {
	if e.places != nil {
		if err := e.places.Close(); err != nil {
			p.Warn("what the engine made is not shared with other machines: " + err.Error())
		}
	}
	_ = e.files.Close() // the next run hashes again, that is all
	e.store.Close()
}

// equip decides where the steps of a job run and prepares each place. Nothing has been run when it fails.
func (p *Project) equip(ctx context.Context, e *executor, job *Job, r Request) error {
	lacking, err := p.place(ctx, e.host, job, r)
	if err != nil {
		return err
	}
	if err := cmp.Or(p.checkImageOptions(job, r.Image), p.needEngine(job, lacking),
		p.needAgent(job)); err != nil {
		return err
	}
	image, err := p.imageOptions(ctx, job, r.Image)
	if err != nil {
		return err
	}
	secrets, err := secretReader{p}.secrets(job)
	if err != nil {
		return err
	}
	maps.Copy(e.o.Secrets, secrets)
	e.mask = job.mask(secrets)
	o, err := p.containerOptions(ctx, e, job, r)
	if err != nil {
		return err
	}
	o.Secrets, o.UserConfig, o.Image = secrets, job.userConfig.secrets, image
	if e.serving, err = p.serving(ctx, job, r); err != nil {
		return err
	}
	e.wrap(p, r, p.containers(job, o, lacking))
	return nil
}

// usesContainers reports whether any step of a job runs in a container.
func (j *Job) usesContainers() bool {
	return slices.ContainsFunc(j.Graph.Steps(),
		func(s runner.Step) bool { return s.Where == runner.InContainer })
}

// containers returns the runner of the steps of a job in containers; nil if it has none.
func (p *Project) containers(
	job *Job, o runner.ContainerOptions, lacking host.MissingToolsError,
) runner.Containers {
	if p.Engine == nil || !job.usesContainers() {
		return nil
	}
	c := p.Engine.Containers(o)
	if len(lacking) == 0 {
		return c
	}
	return &fallbackContainers{c, lacking}
}

// containerOptions returns what steps in containers depend on besides themselves.
func (p *Project) containerOptions(
	ctx context.Context, e *executor, job *Job, r Request,
) (o runner.ContainerOptions, err error) {
	if !job.usesContainers() {
		return o, nil
	}
	o = runner.ContainerOptions{
		Root: p.Root.Dir, Name: p.Name, Env: p.Environ, Files: e.files, Cache: p.cacheDir(imagesDir),
		Force: r.Force, Locked: r.Locked, SignedImage: p.SignedImage,
	}
	if p.Config.Cache != nil && !p.Offline {
		o.Remote = runner.RemoteCache{Ref: p.Config.Cache.Registry, Write: p.writesCache()}
	}
	lock, err := pins{p}.readLock()
	if err != nil {
		return o, err
	}
	if lock == nil {
		lock = &project.Lock{Version: 1}
	}
	o.Pins = lock.Images
	if r.Locked {
		err = pins{p}.checkLocked(ctx, job, lock)
	}
	return o, err
}
