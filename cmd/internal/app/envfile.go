package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/dotenv"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// addEnvFiles gives the steps the variables of the files that project.toml names for them. What the caller has set, or
// the step, counts in place of what a file says, and a later file in place of an earlier one.
func (m *merger) addEnvFiles() error {
	for _, id := range m.ids {
		s := m.steps[id]
		files, key := m.project.envFiles(s)
		values, err := m.variablesOf(files, key)
		if err != nil {
			return err
		}
		m.addVariables(s, values)
	}
	return nil
}

// envFiles returns the files of variables of a step, and the key of project.toml that names them. Those at the top are
// for what runs until it is stopped, and for targets of project.toml, but no checks.
func (p *Project) envFiles(s *runner.Step) (files, key []string) {
	t, own := p.ownTarget(s), s.Plugin == ownProvider
	switch {
	case own && t.EnvFile != nil:
		return t.EnvFile, []string{"targets", ownTargetName(s), "env_file"}
	case s.EnvFile != nil:
		return s.EnvFile, []string{"targets"}
	case s.Effect == runner.Runs, own && s.Effect != runner.Reads:
		return p.Config.EnvFile, []string{"env_file"}
	}
	return nil, nil
}

// variablesOf returns the variables of files, of which a later one may refer to those of an earlier one.
func (m *merger) variablesOf(files, key []string) (map[string]string, error) {
	id := strings.Join(files, "\x00")
	if values, known := m.envValues[id]; known {
		return values, nil
	}
	values := map[string]string{}
	for _, file := range files {
		if err := m.readEnvFile(file, key, values); err != nil {
			return nil, err
		}
	}
	m.envValues[id] = values
	return values, nil
}

// readEnvFile adds the variables of a file to those of the files before it. One that is not there has none, and a warning
// says so.
func (m *merger) readEnvFile(name string, key []string, values map[string]string) error {
	text, err := regular.ReadInside(m.project.Root.Dir, name, regular.Config)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		m.warnOnce(m.project.noEnvFile(name))
	case err != nil:
		return m.project.Config.Fault(key, "", "env_file: %s cannot be read: %s", name, regular.Reason(err))
	}
	err = dotenv.Parse(string(text), values, func(variable string) (string, bool) {
		return environ.Lookup(m.project.Environ, variable)
	})
	if fault, ok := errors.AsType[*dotenv.Error](err); ok {
		return usage(fault.Next, "%s:%d: %s", name, fault.Line, fault.Reason)
	}
	for _, one := range dotenv.Statements(string(text)) {
		if one.Name != "" && !plan.ValidVariable(one.Name) {
			m.warnOnce(ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf(
				"%s:%d: %s is not passed to targets: names of variables are letters, digits and _, and begin with no digit", name, one.Line, one.Name)})
		}
	}
	return err
}

// warnOnce adds a warning of the plan.
func (m *merger) warnOnce(e ui.Event) {
	if !slices.ContainsFunc(m.unmet, func(o ui.Event) bool { return o.Text == e.Text }) {
		m.unmet = append(m.unmet, e)
	}
}

// noEnvFile returns the warning about a file of variables that is not there.
func (p *Project) noEnvFile(name string) ui.Event {
	e := ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf("%s names %s, which is not there", project.File, name)}
	for _, example := range []string{".example", ".sample", ".template", ".dist"} {
		if slices.Contains(p.files, name+example) {
			e.Hint = fmt.Sprintf("cp %s%s %s", name, example, name)
			break
		}
	}
	return e
}

// addVariables gives a step variables of a file, as secrets: nothing that is printed or kept has their values.
func (m *merger) addVariables(s *runner.Step, values map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		_, fixed := s.Plan.Env[name]
		if _, set := environ.Lookup(m.project.Environ, name); set || fixed || !plan.ValidVariable(name) {
			continue
		}
		id := "env-file-" + s.ID + "-" + name
		s.Plan.Secrets = addSecrets(s.Plan.Secrets, []plan.Secret{{ID: id, Env: name}})
		if s.Variables == nil {
			s.Variables = map[string]string{}
		}
		s.Variables[name] = values[name]
	}
}
