package compose

import (
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Builds returns how the images of services are built. Paths are relative to the project, with slashes, where
// they are in it.
func (m *Model) Builds() map[string]release.Build {
	builds := map[string]release.Build{}
	for name, s := range m.real.Services {
		if s.Build != nil {
			build := m.build(s.Build)
			build.At = m.source.errorAt("services."+name+".build", "", "").Error()
			builds[name] = build
		}
	}
	return builds
}

func (m *Model) build(b *types.BuildConfig) release.Build {
	build := release.Build{
		Context: m.projectPath(b.Context), Dockerfile: b.Dockerfile, Target: b.Target,
		Args: map[string]string{}, Contexts: map[string]string{},
	}
	for name, value := range b.Args.Resolve(m.real.Environment.Resolve) {
		if value != nil {
			build.Args[name] = *value
		}
	}
	for name, path := range b.AdditionalContexts {
		build.Contexts[name] = m.projectPath(path)
	}
	return build
}

// projectPath returns a path of this machine as one in the project, or as it is.
func (m *Model) projectPath(path string) string {
	if !filepath.IsAbs(path) {
		return path
	}
	in := Relative(m.env.Dir, path)
	if in == "./" {
		return "."
	}
	return strings.TrimPrefix(in, "./")
}

// Pulls returns the references of the images that are not built, by service.
func (m *Model) Pulls() map[string]string {
	pulls := map[string]string{}
	for name, s := range m.real.Services {
		if s.Build == nil {
			pulls[name] = s.Image
		}
	}
	return pulls
}

// AlwaysPull returns the services whose images are requested from a registry each time.
func (m *Model) AlwaysPull() map[string]bool {
	always := map[string]bool{}
	for name, s := range m.real.Services {
		if s.Build == nil && s.PullPolicy == types.PullPolicyAlways {
			always[name] = true
		}
	}
	return always
}
