package compose

import (
	"cmp"

	"github.com/compose-spec/compose-go/v2/types"
)

// hideProject puts marks into the texts of the project that is kept and compared. So a field is hidden if, and only if,
// the text of the release refers to it. Names, addresses and paths stay as they are.
func (m *Model) hideProject() (err error) {
	if m.source.fromRelease {
		return nil
	}
	if m.masked, err = m.masked.WithServicesTransform(m.hideService); err != nil {
		return err
	}
	for name, n := range m.masked.Networks {
		m.hideMappings(n.Labels, n.DriverOpts, n.Ipam.Options)
		m.hideExtensions(n.Extensions)
		m.masked.Networks[name] = n
	}
	for name, v := range m.masked.Volumes {
		m.hideMappings(v.Labels, v.DriverOpts)
		m.hideExtensions(v.Extensions)
		m.masked.Volumes[name] = v
	}
	for _, c := range m.masked.Configs {
		m.hideMappings(c.Labels, c.DriverOpts)
		m.hideExtensions(c.Extensions)
	}
	m.hideExtensions(m.masked.Extensions)
	return nil
}

// hideService hides in a service, which is a copy.
func (m *Model) hideService(_ string, s types.ServiceConfig) (types.ServiceConfig, error) {
	m.hideVariables(s.Environment)
	m.hideWords(s.Command)
	m.hideWords(s.Entrypoint)
	m.hideMappings(s.Labels, s.Annotations, s.LogOpt, s.StorageOpt)
	if s.HealthCheck != nil {
		m.hideWords(s.HealthCheck.Test)
	}
	if s.Logging != nil {
		m.hideMappings(s.Logging.Options)
	}
	if s.Deploy != nil {
		m.hideMappings(s.Deploy.Labels)
	}
	if s.Provider != nil {
		for name, values := range s.Provider.Options {
			for i, text := range values {
				values[i] = m.hideAt(name, text)
			}
		}
	}
	for _, n := range s.Networks {
		m.hideMappings(cmp.Or(n, &types.ServiceNetworkConfig{}).DriverOpts)
	}
	for _, hooks := range [][]types.ServiceHook{s.PreStart, s.PostStart, s.PreStop} {
		for _, hook := range hooks {
			m.hideWords(hook.Command)
			m.hideVariables(hook.Environment)
		}
	}
	m.hideExtensions(s.Extensions)
	return s, nil
}

func (m *Model) hideVariables(all types.MappingWithEquals) {
	for name, value := range all {
		if value != nil {
			hidden := m.hideAt(name, *value)
			all[name] = &hidden
		}
	}
}

func (m *Model) hideMappings(all ...map[string]string) {
	for _, mapping := range all {
		for name, text := range mapping {
			mapping[name] = m.hideAt(name, text)
		}
	}
}

// hideExtensions hides in what davit and engines do not read.
func (m *Model) hideExtensions(all types.Extensions) {
	for name, v := range all {
		all[name] = m.hideTree(name, v)
	}
}

// hideTree returns a copy of a tree as JSON has it, which is that of a name, with marks.
func (m *Model) hideTree(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		all := map[string]any{}
		for k, e := range v {
			all[k] = m.hideTree(k, e)
		}
		return all
	case []any:
		return m.hideList(v)
	case string:
		return m.hideAt(name, v)
	}
	return v
}

// hideList returns a copy of a list, which may have the words of a command, with marks.
func (m *Model) hideList(list []any) any {
	words := make([]string, len(list))
	for i, e := range list {
		words[i], _ = e.(string)
	}
	m.hideWords(words)
	all := make([]any, len(list))
	for i, e := range list {
		if _, is := e.(string); is {
			all[i] = words[i]
		} else {
			all[i] = m.hideTree("", e)
		}
	}
	return all
}
