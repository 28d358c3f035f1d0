package compose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/containerd/log"

	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A source is the Compose files of a model, and the variables for them.
type source struct {
	env     release.Environment
	files   []string // absolute
	environ []string
	secrets map[string]string
	names   secret.Names
	keys    Keys
	key     release.Key
	values  *Values
	// of a release: what loads the files of today
	renderer Renderer
	// of a release: the values of its references
	given map[string]string
	// content is the text of the one Compose file where no file holds it: that of a release (then fromRelease
	// is set), or a generated one.
	content     []byte
	fromRelease bool
	// partial is set where the files only give values that they name, and are not deployed: what is not set, or
	// not there, is no fault then.
	partial bool
	unset   map[string]bool
	// known are all variables that the files are interpolated with
	known types.Mapping
	// used are the variables of the files that have a value, and those that have none
	used map[string]bool
	// references are the variables that the text of a release refers to.
	references []string
	// of an ephemeral environment: those that services wait for, even if these are not in it
	jobs map[string]bool
}

// baseSource returns a source without files.
func baseSource(r Renderer) *source {
	s := &source{env: r.Environment, environ: r.Env, secrets: r.Secrets, names: r.Environment.SecretNames, keys: r.Keys,
		values: r.Values, unset: map[string]bool{}, used: map[string]bool{}}
	if s.keys == nil {
		s.keys = StaticKey(nil)
	}
	if s.values == nil {
		s.values = &Values{}
	}
	return s
}

func newSource(r Renderer) (*source, error) {
	s, e := baseSource(r), r.Environment
	if n := e.Instance(); n != loader.NormalizeProjectName(n) {
		return nil, &FileError{
			Reason: fmt.Sprintf(
				"environment %q of project %q would have the name %q, which engines refuse", e.Name,
				e.Project, n),
			Next: "names have lower case letters, digits, - and _",
		}
	}
	if e.Generated != nil {
		s.files, s.content = []string{"the generated Compose file of " + e.Project}, e.Generated
		return s, nil
	}
	if s.files = Files(e); len(s.files) == 0 {
		return nil, &FileError{
			Reason: fmt.Sprintf("there is no Compose file in %q", e.Dir),
			Next: "write compose.yaml, or name the files: compose = [\"FILE\"] in [environments." + e.Name +
				"]",
			cause: fs.ErrNotExist,
		}
	}
	for _, f := range s.files {
		if _, err := os.Stat(f); err != nil {
			return nil, &FileError{
				File: s.relative(f), Reason: "the Compose file cannot be read, " + fileReason(err),
				Next:  "compose in [environments." + e.Name + "] names the files, relative to the project",
				cause: err,
			}
		}
	}
	return s, nil
}

// Files returns the absolute paths of the Compose files of an environment: those that it names, or the usual
// ones that exist.
func Files(e release.Environment) (files []string) {
	for _, f := range e.Compose {
		files = append(files, absolute(e.Dir, f))
	}
	if len(files) > 0 {
		return files
	}
	for _, usual := range [][]string{cli.DefaultFileNames, cli.DefaultOverrideFileNames} {
		if i := slices.IndexFunc(usual, func(name string) bool {
			return isFile(filepath.Join(e.Dir,
				name))
		}); i >= 0 {
			files = append(files, filepath.Join(e.Dir, usual[i]))
		} else if len(files) == 0 {
			return nil
		}
	}
	return files
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// discardLogs silences compose-go, which logs about outdated spellings. Keys without effect are reported
// otherwise.
var discardLogs = sync.OnceFunc(func() { log.L.Logger.SetOutput(io.Discard) })

// load reads the files, with marks in the place of the secrets named.
func (s *source) load(ctx context.Context, marked []string) (*types.Project, error) {
	discardLogs()
	registerRaw()
	if err := s.refuseHostile(); err != nil {
		return nil, err
	}
	if err := s.remote(); err != nil {
		return nil, err
	}
	p, err := s.project(ctx, s.variables(marked))
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	if err != nil {
		return nil, s.explain(err)
	}
	if s.env.Ephemeral != nil && !s.fromRelease {
		return s.makeEphemeral(p)
	}
	if p, err = s.withDown(p); err != nil {
		return nil, s.explain(err)
	}
	if len(p.Services) == 0 {
		return nil, &FileError{
			File: s.relative(s.files[0]), Reason: "no service is enabled",
			Next: "profiles in [environments." + s.env.Name + "] choose services",
		}
	}
	return withoutPortZero(p.WithoutUnnecessaryResources()), nil
}

func (s *source) project(ctx context.Context, variables []string) (*types.Project, error) {
	o, err := cli.NewProjectOptions(s.files, s.options(variables)...)
	if err != nil {
		return nil, err
	}
	if s.known == nil {
		s.known = o.Environment
	}
	if s.content == nil {
		p, err := o.LoadProject(ctx)
		if err != nil || !s.partial {
			return p, err
		}
		return resolveEnvFiles(p)
	}
	return loader.LoadWithContext(ctx, types.ConfigDetails{
		WorkingDir:  s.env.Dir,
		ConfigFiles: []types.ConfigFile{{Filename: s.files[0], Content: s.content}},
		Environment: s.referenced(o.Environment),
	}, s.interpolate, func(l *loader.Options) { l.SetProjectName(s.env.Instance(), true) })
}

// withDown enables the service that undoes jobs, whatever its profiles are: a release has it, and its image.
func (s *source) withDown(p *types.Project) (*types.Project, error) {
	down, disabled := p.DisabledServices[s.env.Down]
	if !disabled {
		return p, nil
	}
	p.Services[s.env.Down] = down
	delete(p.DisabledServices, s.env.Down)
	if s.partial {
		return p, nil
	}
	return p.WithServicesEnvironmentResolved(false)
}

// resolveEnvFiles adds the variables of those env_files that are there.
func resolveEnvFiles(p *types.Project) (*types.Project, error) {
	for _, service := range p.Services {
		for i := range service.EnvFiles {
			service.EnvFiles[i].Required = false
		}
	}
	return p.WithServicesEnvironmentResolved(false)
}

// referenced returns the variables that count for the text of a release: those that it refers to.
func (s *source) referenced(all types.Mapping) types.Mapping {
	if s.fromRelease {
		all = maps.Clone(all)
		maps.DeleteFunc(all, func(name, _ string) bool { return !slices.Contains(s.references, name) })
	}
	return all
}

func (s *source) options(variables []string) []cli.ProjectOptionsFn {
	o := []cli.ProjectOptionsFn{
		cli.WithWorkingDirectory(s.env.Dir), cli.WithEnv(variables), cli.WithName(s.env.Instance()),
		cli.WithLoadOptions(s.interpolate),
	}
	o = append(o, cli.WithEnvFiles(s.envFiles()...), cli.WithDotEnv)
	if !s.fromRelease {
		o = append(o, cli.WithDefaultProfiles(s.env.Profiles...))
	}
	return o
}

// envFiles returns the files with variables that the environment names.
func (s *source) envFiles() (files []string) {
	for _, f := range s.env.EnvFiles {
		// a release needs none, but its secrets may be in one
		if f = absolute(s.env.Dir, f); !s.fromRelease && !s.partial || isFile(f) {
			files = append(files, f)
		}
	}
	return files
}

// variables returns those that the files are interpolated with. Later ones win.
func (s *source) variables(marked []string) []string {
	all := slices.Clone(s.environ)
	for _, name := range sorted(s.env.Variables) {
		all = append(all, name+"="+s.env.Variables[name])
	}
	for _, name := range sorted(s.secrets) {
		if s.secrets[name] != "" { // another file may set it
			all = append(all, name+"="+s.secrets[name])
		}
	}
	for _, name := range sorted(s.given) {
		all = append(all, name+"="+s.given[name])
	}
	for _, name := range marked {
		all = append(all, name+"="+mark(name))
	}
	return all
}

// interpolate collects the variables that are not set, instead of logging them.
func (s *source) interpolate(o *loader.Options) {
	o.SkipResolveEnvironment = s.partial
	if o.Interpolate == nil {
		return // compose-go only looks for the files
	}
	o.Interpolate.Substitute = func(text string, lookup template.Mapping) (string, error) {
		for name, v := range template.ExtractVariables(map[string]any{"": text}, template.DefaultPattern) {
			s.used[name] = true
			if _, has := lookup(name); !has && !v.Required && v.DefaultValue == "" && v.PresenceValue == "" &&
				!defaulted(text, name) {
				s.unset[name] = true
			}
		}
		text, err := template.SubstituteWithOptions(text, lookup, template.WithoutLogging)
		if _, required := errors.AsType[*template.MissingRequiredError](err); required && s.partial {
			return "", nil
		}
		return text, err
	}
}

// defaulted reports whether the file itself gives an empty text for a variable that is not set: "${NAME:-}".
func defaulted(text, name string) bool {
	return strings.Contains(text, "${"+name+"-") || strings.Contains(text, "${"+name+":-")
}

// unsetVariables returns a sentence about the variables that nobody has set.
func (s *source) unsetVariables() []string {
	switch names := sorted(s.unset); len(names) {
	case 0:
		return nil
	case 1:
		return []string{fmt.Sprintf("variable %q is not set, and counts as empty", names[0])}
	default:
		return []string{fmt.Sprintf("variables %s are not set, and count as empty",
			strings.Join(names, ", "))}
	}
}
