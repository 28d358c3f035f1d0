package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/templates/pipeline"
)

// deployJobs returns the deploys to environments that project.toml declares.
func (p *Project) deployJobs(environments []release.Environment) (all []pipeline.Deploy) {
	for _, e := range environments {
		if _, declared := p.Config.Environments[e.Name]; declared {
			all = append(all, pipeline.Deploy{
				Environment: e.Name, Requires: e.Require, Confirm: e.Confirm, Engine: e.Engine != "",
				SSH: e.Engine == "" || strings.HasPrefix(e.Engine, "ssh://"), Variables: p.deployVariables(e),
			})
		}
	}
	return all
}

// deployVariables returns the variables that the Compose files of an environment ask for, that have no default there, and
// that neither project.toml nor a file of the project sets.
func (p *Project) deployVariables(e release.Environment) (all []pipeline.Variable) {
	set := p.setVariables(e)
	for _, file := range p.composeFiles(e) {
		data, err := regular.Read(filepath.Join(p.Root.Dir, filepath.FromSlash(file)), regular.Config)
		if err != nil {
			continue // which davit deploy says
		}
		for _, name := range askedVariables(string(data)) {
			v := pipeline.Variable{Name: name, Secret: e.SecretNames.Has(name)}
			if !slices.Contains(set, name) && !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	slices.SortFunc(all, func(a, b pipeline.Variable) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// composeFiles returns the Compose files of an environment.
func (p *Project) composeFiles(e release.Environment) []string {
	if len(e.Compose) > 0 {
		return e.Compose
	}
	for _, name := range project.ComposeFiles {
		if slices.Contains(p.files, name) {
			return []string{name}
		}
	}
	return nil
}

// setVariables returns the variables that project.toml, or a file that git has, sets for an environment.
func (p *Project) setVariables(e release.Environment) (names []string) {
	for name := range e.Variables {
		names = append(names, name)
	}
	files := e.EnvFiles
	if len(files) == 0 {
		files = []string{".env"}
	}
	for _, file := range files {
		if !slices.Contains(p.files, file) {
			continue
		}
		data, _ := os.ReadFile(filepath.Join(p.Root.Dir, filepath.FromSlash(file)))
		for line := range strings.Lines(string(data)) {
			name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// references finds a variable of a Compose file, "$$" first since it is none, and what follows its name in braces. A secret may
// name one without a dollar.
var references = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\$|\$\{?([A-Za-z_]\w*)(:?[-+])?|(?m)^ +environment: *"?([A-Za-z_]\w*)"? *$`)
})

// askedVariables returns the variables of a Compose file that have no default.
func askedVariables(text string) (names []string) {
	var lines strings.Builder
	for line := range strings.Lines(text) {
		code, _, _ := strings.Cut(" "+line, " #")
		lines.WriteString(strings.TrimRight(code, "\n") + "\n")
	}
	for _, m := range references().FindAllStringSubmatch(lines.String(), -1) {
		if name := m[1] + m[3]; name != "" && m[2] == "" {
			names = append(names, name)
		}
	}
	return names
}
