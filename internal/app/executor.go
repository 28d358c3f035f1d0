package app

import (
	"os"
	"slices"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// executor is what runs the steps of this project: processes, whose effects are guarded, containers, and a memory of results.
type executor struct {
	host   *host.Runner
	env    []string
	places *runner.Place
	runner *runner.Cache
	files  *runner.Files
	store  *cache.Store
}

// executor makes all but the composition, which depends on where steps run.
func (p *Project) executor(r Request, env []string) *executor {
	e := &executor{env: env, store: cache.Open(p.cacheDir("store"), cache.Options{Limit: Limit, Now: p.Streams.Now, Warn: p.Warn})}
	e.files = runner.NewFiles(p.Tree, e.store.File("index", p.key()), p.Streams.Now)
	if p.entries != nil {
		e.files.Listed(p.entries)
	}
	o := host.Options{Root: p.Root.Dir, Env: env, Kill: r.Kill, Store: e.store, Files: p.files, Force: r.Force}
	o.Stdin, _ = p.Streams.In.(*os.File)
	if !r.Piped {
		o.Stdout, _ = p.Streams.Out.(*os.File)
		o.Stderr, _ = p.Streams.Err.(*os.File)
	}
	e.host = host.New(o)
	return e
}

// compose puts the runners around each other. The containers may be nil.
func (e *executor) compose(p *Project, r Request, containers runner.Containers) {
	e.places = runner.Placed(e.host, containers)
	e.runner = runner.Cached(runner.Guarded(e.places, e.files), e.files, e.store, runner.CacheOptions{
		Project: p.Root.Dir, Env: p.Environ, Force: r.Force, Now: p.Streams.Now,
	})
}

func (e *executor) close() {
	if e.places != nil {
		_ = e.places.Close() // all that the steps left has been told by them
	}
	_ = e.files.Close() // the next run hashes again, that is all
	e.store.Close()
}

// containers are those that steps of a job run in; nil where none does.
func (p *Project) containers(job *Job, r Request, e *executor, lacking host.Missing) runner.Containers {
	contained := func(s runner.Step) bool { return s.Where == runner.InContainer }
	if p.Engine == nil || !slices.ContainsFunc(job.Graph.Steps(), contained) {
		return nil
	}
	c := p.Engine.Containers(runner.ContainerOptions{
		Root: p.Root.Dir, Name: p.Name, Env: e.env, Files: e.files, Cache: p.cacheDir("images"), Force: r.Force,
	})
	if len(lacking) == 0 {
		return c
	}
	return &instead{c, lacking}
}
