package compose

import (
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

// composeLabel begins the labels of Compose, by which its SDK finds things again. It hashes neither them nor
// those of davit.
const composeLabel = "com.docker.compose."

// Project returns the project for the Compose SDK: a copy, since the SDK changes it. Configs and secrets are
// texts in it, since paths of this machine mean nothing to an engine elsewhere. The hash of each is a label,
// dev.davit.configs./etc/x, since the SDK does not see when a text changes. Its strings hold the values of
// secrets.
func (m *Model) Project() (*types.Project, error) {
	p, err := m.real.WithServicesTransform(func(name string, s types.ServiceConfig) (types.ServiceConfig,
		error) {
		s.PullPolicy, s.Build, s.EnvFiles, s.Develop = types.PullPolicyNever, nil, nil, nil
		s.CustomLabels = m.labels(name)
		if image, pinned := m.images[name]; pinned {
			s.Image = image.Ref()
			s.CustomLabels[label.Image] = image.Digest + " " + image.Ref()
		}
		return s, nil
	})
	if err != nil {
		return nil, err
	}
	m.inline(p)
	return p, nil
}

func (m *Model) labels(name string) types.Labels {
	labels := types.Labels{
		composeLabel + "project": m.real.Name, composeLabel + "service": name, composeLabel + "version": "",
		composeLabel + "oneoff":              "False",
		composeLabel + "project.working_dir": m.env.Dir, composeLabel + "project.config_files": "",
		label.Project: m.env.Project, label.Environment: m.env.Name,
	}
	if id := m.Key().ID; id != "" {
		labels[label.KeyID] = id
	}
	files := map[string]string{}
	m.files(files, m.real.Services[name], m.Key().Secret)
	for path, hash := range files {
		labels[label.Prefix+path] = hash
	}
	return labels
}

// inline replaces paths by texts, and puts secrets where the SDK takes them from: into variables of the
// project.
func (m *Model) inline(p *types.Project) {
	environment, mounted := types.Mapping{}, m.mounted()
	for name, value := range p.Environment {
		environment[name] = value
	}
	for name, c := range p.Configs {
		if mounted["configs/"+name] {
			continue
		}
		c.File, c.Environment, c.Content = "", "", m.contents["configs/"+name].real
		p.Configs[name] = c
	}
	for name, s := range p.Secrets {
		if mounted["secrets/"+name] {
			continue
		}
		variable := "secret:" + name
		s.File, s.Content, s.Environment = "", "", variable
		environment[variable] = m.contents["secrets/"+name].real
		p.Secrets[name] = s
	}
	p.Environment = environment
}

// mounted returns the configs and secrets of read-only services: nothing can be copied there, so they stay
// files.
func (m *Model) mounted() map[string]bool {
	all := map[string]bool{}
	for _, s := range m.real.Services {
		for _, c := range s.Configs {
			all["configs/"+c.Source] = all["configs/"+c.Source] || s.ReadOnly
		}
		for _, c := range s.Secrets {
			all["secrets/"+c.Source] = all["secrets/"+c.Source] || s.ReadOnly
		}
	}
	return all
}
