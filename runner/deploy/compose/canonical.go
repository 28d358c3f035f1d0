package compose

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Key returns the key of the hashes of the model.
func (m *Model) Key() release.Key { return m.source.key }

// Canonical returns the form that is compared, with keyed hashes in the place of secrets.
func (m *Model) Canonical() release.Model {
	key := m.Key().Secret
	c := release.Model{
		Project: m.real.Name, Services: map[string]release.Service{}, Networks: map[string]release.Fields{},
		Volumes: map[string]release.Fields{},
	}
	for _, name := range m.Services() {
		c.Services[name] = m.service(name, key)
	}
	for name := range m.real.Networks {
		c.Networks[name] = m.redactMarked(key, networkFields(m.real, name), networkFields(m.masked, name))
	}
	for name := range m.real.Volumes {
		c.Volumes[name] = m.redactMarked(key, m.volumeFields(m.real, name), m.volumeFields(m.masked, name))
	}
	return c
}

func (m *Model) service(name string, key []byte) release.Service {
	s := m.real.Services[name]
	f := m.redactMarked(key, m.fields(m.real, name), m.fields(m.masked, name))
	m.files(f, s, key)
	first, reason := m.startFirst(name)
	checked, _ := m.checked(name, s)
	return release.Service{
		Fields: f, Replicas: s.GetScale(), Job: m.isJob(name), Ends: m.ends(name), Monitor: m.monitor(name), StartFirst: first, Reason: reason,
		Checked: checked, Rollout: rollout(s), Reload: m.env.Reload[name],
		Needs: m.needs(name), Restarts: m.restarts(name), Shares: sharing(s),
	}
}

// redactMarked returns the fields of the model with values. A field that has a mark in the other model is replaced by
// a keyed hash.
func (m *Model) redactMarked(key []byte, real, masked release.Fields) release.Fields {
	for path, text := range real {
		if real[path] = release.Literal(text); marked(masked[path]) {
			real[path] = release.HMACSecret(key, text)
		}
	}
	return real
}

// files adds the hashes of the configs and secrets of a service, by their paths in its containers.
func (m *Model) files(f release.Fields, s types.ServiceConfig, key []byte) {
	for _, c := range s.Configs {
		f["configs."+configTarget(types.FileReferenceConfig(c))] = m.contents["configs/"+c.Source].hash(key,
			false)
	}
	for _, c := range s.Secrets {
		f["secrets."+secretTarget(types.FileReferenceConfig(c))] = m.contents["secrets/"+c.Source].hash(key,
			true)
	}
}

// needs returns the services that a service depends on.
func (m *Model) needs(name string) (needs []string) {
	for _, other := range sorted(m.real.Services[name].DependsOn) {
		if _, enabled := m.real.Services[other]; enabled {
			needs = append(needs, other)
		}
	}
	return needs
}

// restarts returns the dependencies after which a service restarts: it says so, or shares a namespace with them.
func (m *Model) restarts(name string) []string {
	s := m.real.Services[name]
	shares := sharing(s)
	return slices.DeleteFunc(m.needs(name),
		func(other string) bool { return !s.DependsOn[other].Restart && shares[other] == "" })
}

// isJob reports whether others wait until a service has ended well.
func (m *Model) isJob(name string) bool {
	for _, other := range m.real.Services {
		if other.DependsOn[name].Condition == types.ServiceConditionCompletedSuccessfully {
			return true
		}
	}
	return m.source.jobs[name]
}

// ends reports whether a container of a service may end. One that is checked or publishes a port is there to be
// used.
func (m *Model) ends(name string) bool {
	s := m.real.Services[name]
	checked, _ := m.checked(name, s)
	policy, _, _ := strings.Cut(restart(s), ":")
	return !m.isJob(name) && (policy == "" || policy == types.RestartPolicyOnFailure) && !checked &&
		len(s.Ports) == 0
}

// monitor returns how long a container of a service has to run where nothing checks it.
func (m *Model) monitor(name string) time.Duration {
	if d := m.real.Services[name].Deploy; d != nil && d.UpdateConfig != nil && d.UpdateConfig.Monitor > 0 {
		return time.Duration(d.UpdateConfig.Monitor)
	}
	return cmp.Or(m.env.Monitor, release.Monitor)
}

// Jobs returns the services that run to their end, once, before those that need them.
func (m *Model) Jobs() (jobs []string) {
	for _, name := range m.Services() {
		if m.isJob(name) {
			jobs = append(jobs, name)
		}
	}
	return jobs
}
