// Package app holds the use cases of a project: open it, select targets, plan a run, decide where each step
// runs, run it, explain it, lock its images.
//
// The order is always the same, and each stage is data for the next: project.toml, the files, the plugins
// whose globs match them, their plans, the resolution of targets over these, one merged graph of steps. What
// --dry-run and explain print is the data that runs, as in Bazel's analysis and execution phases.
// Environments are not its business: cmd/internal/deploy asks it to build images and to run targets.
package app

import (
	"context"
	"os"
	"sync"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// Options are what a project depends on besides its files.
type Options struct {
	// Dir is where davit was called.
	Dir string
	// Environ is the environment of the caller as NAME=value.
	Environ []string
	// Cache is the folder of what is kept between runs; empty for none.
	Cache   string
	Streams *ui.Streams
	// Engine is the container engine; nil where none is linked in.
	Engine runner.Engine
	// OpenServices opens Compose services for a run; nil where no engine is linked in.
	OpenServices func(context.Context, *Project, ServicesRequest) (Services, error)
	// Verify verifies the signatures of a published blob that are on this machine or in the project, without a network, and
	// records whose are right. davit becomes davit-engine for that. Nil verifies none.
	Verify func(ref string, b blobs.Blob) error
	// SignedImage returns the digest of an image that has the signature which [trust] requires; "" if it requires none. It
	// is nil where no engine is linked in.
	SignedImage func(ctx context.Context, ref string) (digest string, err error)
	// OpenKey opens the private key of a name; nil where no engine is linked in.
	OpenKey func(name string) (trust.Signer, error)
	// Commands are the names of davit's own commands, for suggestions.
	Commands []string
	// Offline refuses everything that needs the network.
	Offline bool
	// Whole has notes list everything, for --verbose and --json.
	Whole bool
	// Warn takes warnings.
	Warn func(text string)
	// Trace takes what davit did, for --verbose.
	Trace func(format string, args ...any)
}

// A Project is an opened project: every plugin that knows it has answered, and nothing has been run.
type Project struct {
	Options
	Root Root
	Name string
	// HasFile says that there is a project.toml.
	HasFile    bool
	Config     *project.Project
	Tree       *tree.Tree
	Offers     []conventions.Offer
	Resolution *conventions.Resolution
	// Failures are the plugins that gave no plan, sorted by name.
	Failures []Failure
	// Warnings are about the plugins of the project.
	Warnings []Warning

	// withoutCommit leaves the commit out of images, so that a commit that changes nothing in an image does
	// not make another one. The release records the commit.
	withoutCommit bool
	convention    *conventions.Convention
	team          *team.Convention       // the same, with what it brings
	brought       map[string]team.Plugin // the plugins that the convention brings, by name
	entries       []tree.Entry           // all files; nil if nothing marks a project
	files         []string               // of the project, without those that project.toml hides
	detect        []string               // the globs of the plugins that know the project
	answers       map[string]plugins.Answer
	reservations  map[string]*runner.Reserved // what steps of plugins may not write
	pipelineRead  *pipelines.Pipeline         // see pipeline
	host          *plugins.Host
	warned        bool              // of the failures
	reportFiles   []string          // globs of the reports that davit writes into the project: see remember
	personal      map[string]string // the targets of the user's own, by name, with their file
	otherSystems  map[string]string // of targets of project.toml that do not count here, by name
}

// Open opens the project that a folder belongs to.
func Open(ctx context.Context, o Options) (*Project, error) {
	o.Warn, o.Environ = firstOnly(o.Warn), withoutHook(o.Environ)
	p := &Project{Options: o, Root: FindRoot(o.Dir), answers: map[string]plugins.Answer{},
		reservations: map[string]*runner.Reserved{}, personal: map[string]string{},
		brought: map[string]team.Plugin{}}
	if !isDir(o.Dir) {
		return nil, usage("", "there is no folder %q", o.Dir)
	}
	p.secureCache()
	if err := (loader{p}).load(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// firstOnly returns warn for its first call alone: several things cannot be written in a cache for the same
// reason.
func firstOnly(warn func(string)) func(string) {
	var first sync.Once
	return func(text string) { first.Do(func() { warn(text) }) }
}

// Close releases what the project holds open.
func (p *Project) Close() {
	if p.host != nil {
		p.host.Close(context.Background())
	}
	if p.Tree != nil {
		p.Tree.Close()
	}
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
