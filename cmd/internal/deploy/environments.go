package deploy

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/suggest"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Builder builds the images of environments.
type Builder interface {
	// Build builds images in the store of an environment, services with equal builds once, and returns a
	// reference for each service.
	Build(ctx context.Context, e release.Environment, builds map[string]release.Build,
		emit func(ui.Event)) (map[string]string, error)
	// Package builds the one image that the project packages, and returns its reference.
	Package(ctx context.Context, e release.Environment, emit func(ui.Event)) (string, error)
	// Packaged returns the ports of that image; ok is false for a project that packages no image, or several.
	Packaged() (ports []string, ok bool)
	// Commit returns which commit is built.
	Commit(ctx context.Context) (tree.Commit, error)
	// Lacks reports whether a commit does not contain an earlier one, as far as the project's repository can tell.
	Lacks(ctx context.Context, commit, earlier string) bool
	// Has reports whether the project's repository has a commit, or cannot tell.
	Has(ctx context.Context, commit string) bool
	// IsOf reports whether a release of a commit, deployed from a folder of this machine or from "" for another one, is
	// of the project: its repository has the commit, and the folder is not that of another project in it.
	IsOf(ctx context.Context, commit, folder string) bool
}

// A Verifier runs targets of the project against an environment.
type Verifier interface {
	// CheckTargets returns why targets cannot be run: the project does not have them.
	CheckTargets(targets []string) error
	// Verify runs targets, cached results or not, with further variables, "NAME=value", that replace the
	// caller's.
	Verify(ctx context.Context, targets, env []string, emit func(ui.Event)) error
}

// Options are what the environments of a project depend on.
type Options struct {
	// Config is project.toml, and Stages is the promotion order of the convention, the lowest first.
	Config *project.Project
	Stages []string
	// Name and Dir are the name of the project and its absolute path.
	Name, Dir string
	// Environ is the caller's environment, "NAME=value".
	Environ []string
	Offline bool
	// Open connects to an environment; nil where no engine is linked in.
	Open     func(context.Context, release.Environment) (deploy.Backend, error)
	Builder  Builder
	Verifier Verifier
	// Trust returns whose signatures are needed; nil is nobody's. Signatures verifies them, and signs with SignKey or else
	// with the key of the environment; it is nil where no engine is linked in.
	Trust      func() (trust.Rules, error)
	Signatures Signatures
	SignKey    string
	// SignedImage returns the digest of an image that has the signature which [trust] requires; "" if it requires none. Nil
	// requires none.
	SignedImage func(ctx context.Context, ref string) (digest string, err error)
	Now         func() time.Time
	// Hide takes the values of secrets that nothing printed is to have; nil takes none.
	Hide func(value string)
	// Masked returns a text without those values; nil returns it as it is. No reason that is recorded has one.
	Masked func(text string) string
	// Trace takes what was done, for --verbose.
	Trace func(format string, args ...any)
	// Warn takes what whoever looks at an environment has to know besides what they see.
	Warn func(text, hint string)
}

// Environments are the environments of one project.
type Environments struct {
	Options
	warning sync.Mutex // while Warn is called
}

// New returns the environments of a project. Nothing is connected to yet.
func New(o Options) *Environments {
	if o.Masked == nil {
		o.Masked = func(text string) string { return text }
	}
	return &Environments{Options: o}
}

// All returns the environments in promotion order, the lowest first. A project that declares none has dev.
func (e *Environments) All() ([]release.Environment, error) {
	declared := e.Config.Environments
	if len(declared) == 0 {
		declared = map[string]project.Environment{defaultEnvironment: {}}
	}
	stages, bad := promotionOrder(declared, e.Stages)
	if bad.name != "" {
		return nil, e.Config.Fault([]string{"environments", bad.name}, bad.hint, "%s", bad.reason)
	}
	all := make([]release.Environment, len(stages))
	for i, s := range stages {
		all[i] = e.environment(s, declared[s.name])
	}
	return all, nil
}

// Find returns the environment of a name.
func (e *Environments) Find(name string) (release.Environment, error) {
	all, err := e.All()
	if err != nil {
		return release.Environment{}, err
	}
	var names []string
	for _, one := range all {
		if one.Name == name {
			return one, nil
		}
		names = append(names, one.Name)
	}
	if name == "" {
		return release.Environment{}, fault.Preconditionf("davit env lists them",
			"which environment? There is %s", strings.Join(names, ", "))
	}
	hint := "[environments." + name + "] in project.toml adds one"
	if len(e.Config.Environments) == 0 {
		hint = "[environments." + names[0] + "] and [environments." + name + "] in project.toml declare both"
	}
	if near := suggest.Nearest(name, names); len(near) > 0 {
		hint = "did you mean " + suggest.Quoted(near) + "?"
	}
	return release.Environment{}, fault.Preconditionf(hint, "there is no environment %q; there is %s", name,
		strings.Join(names, ", "))
}

// connect opens an environment.
func (e *Environments) connect(ctx context.Context, env release.Environment) (*session, error) {
	if e.Open == nil {
		return nil, &runner.EngineError{Reason: "an environment"}
	}
	env, packaged, err := e.packaged(env)
	if err != nil {
		return nil, err
	}
	b, err := e.Open(ctx, env)
	if err != nil {
		return nil, err
	}
	if source, is := b.(deploy.SecretSource); is && e.Hide != nil {
		source.Learn(e.Hide)
	}
	return &session{Environment: env, backend: b, packaged: packaged}, nil
}

// sharedWith returns sentences about what an environment shares with another one of the project on the same
// engine.
func (e *Environments) sharedWith(env release.Environment, shared []string) (all []string) {
	others, _ := e.All() // they have been read before
	for _, other := range others {
		if other.Name == env.Name || other.Engine != env.Engine {
			continue
		}
		for _, text := range shared {
			all = append(all, text+": "+other.Name+" is on the same engine, and may share it with "+env.Name)
		}
		return all
	}
	return nil
}
