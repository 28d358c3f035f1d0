package compose

import (
	"cmp"
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Compose returns the model that a release keeps: a Compose file that needs no other. Secrets are references
// in it.
func (m *Model) Compose() ([]byte, error) {
	p, err := m.masked.WithServicesTransform(m.keptService)
	if err != nil {
		return nil, err
	}
	m.keepFiles(p)
	for name, v := range p.Volumes {
		p.Volumes[name] = m.keptVolume(v)
	}
	m.keepOutsideFiles(p)
	text, err := p.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var all any
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	return json.MarshalIndent(m.unresolve(all), "", " ")
}

// keptService returns a service without the keys that need files, or that only concern builds and
// development.
func (m *Model) keptService(_ string, s types.ServiceConfig) (types.ServiceConfig, error) {
	s.Build, s.EnvFiles, s.LabelFiles, s.Profiles, s.PullPolicy, s.Develop, s.Extends = nil, nil, nil, nil, "", nil, nil
	for name, value := range s.Environment {
		if value == nil { // the release would take it from the environment of its reader
			delete(s.Environment, name)
		}
	}
	// a dependency that is not required may be without its profile
	maps.DeleteFunc(s.DependsOn, func(other string, _ types.ServiceDependency) bool {
		_, enabled := m.masked.Services[other]
		return !enabled
	})
	for i, v := range s.Volumes {
		if v.Type == types.VolumeTypeBind {
			s.Volumes[i].Source = Relative(m.env.Dir, v.Source)
		}
	}
	return s, nil
}

// fileLabel is on a secret of a release that came from a file, and names that.
const fileLabel = label.Prefix + "file"

// keepFiles replaces the files of configs by their texts and those of secrets by references, and makes the paths
// of the others relative.
func (m *Model) keepFiles(p *types.Project) {
	mounted := m.mounted()
	for name, c := range p.Configs {
		if mounted["configs/"+name] {
			c.File = Relative(m.env.Dir, c.File)
		} else {
			c.File, c.Environment, c.Content = "", "", m.contents["configs/"+name].masked
		}
		p.Configs[name] = c
	}
	for name, secret := range p.Secrets {
		if mounted["secrets/"+name] {
			secret.File = Relative(m.env.Dir, secret.File)
		} else {
			text := m.contents["secrets/"+name].real
			if secret.File != "" {
				secret.Labels = types.Labels{fileLabel: Relative(m.env.Dir, secret.File)}
			}
			secret.File, secret.Environment = "", m.source.reference(cmp.Or(secret.Environment, name), text)
		}
		p.Secrets[name] = secret
	}
}

// keptVolume returns a volume with its folder relative to the project, where Compose makes that absolute again: it
// does so for binds of a driver that is named.
func (m *Model) keptVolume(v types.VolumeConfig) types.VolumeConfig {
	if v.DriverOpts["o"] == "bind" && filepath.IsAbs(v.DriverOpts["device"]) && cmp.Or(v.Driver, "local") == "local" {
		v.Driver, v.DriverOpts = "local", m.device(v.DriverOpts)
	}
	return v
}

// device makes the folder relative that a volume is bound to.
func (m *Model) device(o types.Options) types.Options {
	if device := o["device"]; filepath.IsAbs(device) {
		o = maps.Clone(o)
		o["device"] = Relative(m.env.Dir, device)
	}
	return o
}

// unresolve escapes dollar signs, which interpolation would take for variables, and turns marks into
// references.
func (m *Model) unresolve(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = m.unresolve(e)
		}
	case []any:
		for i, e := range v {
			v[i] = m.unresolve(e)
		}
	case string:
		return m.references(strings.ReplaceAll(v, "$", "$$"))
	}
	return v
}

// references turns marks into references.
func (m *Model) references(text string) string {
	return anyMark().ReplaceAllStringFunc(text, func(found string) string {
		return "${" + m.source.reference(nameOf(found), m.valueOf(nameOf(found))) + ":?" + release.SecretReference + "}"
	})
}
