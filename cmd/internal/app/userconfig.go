package app

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/internal/userconfig"
	"github.com/davit-dev/davit/runner"
)

// userConfig is what the steps of a job get of the user's configuration of package registries.
type userConfig struct {
	secrets  map[string][]byte // by id, for steps in containers
	hidden   []string          // credentials, of steps on the host too, which no output may show
	loopback []string          // variables and files that name the loopback interface
}

// giveUserConfig gives the steps in containers what the user's configuration says of package registries.
func (p *Project) giveUserConfig(job *Job) (err error) {
	u, steps := userConfig{secrets: map[string][]byte{}}, job.Graph.Steps()
	var onHost, passed []string // package managers, and variables
	for i, s := range steps {
		if s.Where != runner.InContainer {
			onHost, passed = union(onHost, s.PackageManagers()), union(passed, p.passedCredentials(s))
			continue
		}
		c := p.userConfigOf(s)
		steps[i].UserConfig = mounted(c, u.secrets)
		u.hidden, u.loopback = append(u.hidden, c.Hidden...), union(u.loopback, c.Loopback)
	}
	u.hidden = append(u.hidden, p.configSource().Read(onHost, union(passed, p.credentialVariables()), nil).Hidden...)
	job.userConfig = u
	job.Graph, err = runner.NewGraph(steps)
	return err
}

// loopbackNotes returns a warning about addresses that are others in a container than here.
func (j *Job) loopbackNotes() []ui.Event {
	if len(j.userConfig.loopback) == 0 {
		return nil
	}
	name := "names"
	if len(j.userConfig.loopback) > 1 {
		name = "name"
	}
	return []ui.Event{{Type: ui.EventWarning,
		Text: text.And(j.userConfig.loopback) + " " + name + " 127.0.0.1, which in a container is the container itself",
		Hint: "name the registry by an address that containers reach, or use --on host"}}
}

// mask returns a mask of secrets and of the credentials of the user's configuration.
func (j *Job) mask(secrets map[string][]byte) *runner.Mask {
	all := maps.Clone(secrets)
	for _, s := range j.Graph.Steps() {
		for _, asked := range s.Plan.Secrets {
			if value, ok := s.Variables[asked.Env]; ok && !runner.IsCredential(asked.Env) {
				all[asked.ID] = []byte(passwordIn(value)) // the whole of "development" would be hidden everywhere
			}
		}
	}
	for _, value := range j.userConfig.hidden {
		all["user: "+value] = []byte(value)
	}
	return runner.NewMask(all)
}

// passwordIn returns the password in an address; "" if there is none.
func passwordIn(value string) string {
	if userconfig.WithoutUser(value) == value {
		return ""
	}
	address, err := url.Parse(value)
	if err != nil || address.User == nil {
		return value
	}
	password, _ := address.User.Password()
	return password
}

// userConfigOf returns what a step in a container gets.
func (p *Project) userConfigOf(s runner.Step) userconfig.Config {
	managers := s.PackageManagers()
	files := userconfig.ProjectFiles(managers, cmp.Or(s.Plan.Dir, "."))
	if slices.Contains(managers, "pip") {
		files = append(files, requirements(s.Plan.Inputs)...)
	}
	return p.configSource().Read(managers, p.passedCredentials(s), files)
}

// configSource returns where the user's configuration is read from.
func (p *Project) configSource() userconfig.Source {
	return userconfig.Source{Env: p.Environ, Home: cmp.Or(p.env("HOME"), p.env("USERPROFILE")),
		Project: p.Root.Dir, Credential: runner.IsCredential}
}

// minToken is the number of characters from which the value of a variable that is named like a credential is hidden.
const minToken = 8

// credentialVariables returns the caller's variables that are named like credentials, or have a password in an
// address. Steps on the host have them all, and may print them.
func (p *Project) credentialVariables() (names []string) {
	for _, pair := range p.Environ {
		name, value, _ := strings.Cut(pair, "=")
		token := runner.IsCredential(name) && len(value) >= minToken && strings.ContainsAny(value, "0123456789")
		if token || userconfig.WithoutUser(value) != value {
			names = append(names, name)
		}
	}
	return names
}

// passedCredentials returns the variables that a step passes on whose values nobody is to see: they would be in
// the definition that the engine keeps.
func (p *Project) passedCredentials(s runner.Step) (names []string) {
	for _, name := range s.Plan.PassEnv {
		value := p.env(name)
		if _, own := s.Plan.Env[name]; !own && value != "" &&
			(runner.IsCredential(name) || userconfig.WithoutUser(value) != value) {
			names = append(names, name)
		}
	}
	return names
}

// requirements returns the files of requirements among the inputs of a step.
func requirements(inputs []string) (files []string) {
	for _, name := range inputs {
		if strings.HasSuffix(name, ".txt") && !strings.ContainsAny(name, "*?[{!") {
			files = append(files, name)
		}
	}
	return files
}

// mounted returns a configuration as its step has it, and adds its values to the secrets.
func mounted(c userconfig.Config, secrets map[string][]byte) (u runner.UserConfig) {
	if script := userconfig.Script(c.Variables); len(script) > 0 {
		u.Script, u.Variables = c.ScriptID(), slices.Sorted(maps.Keys(c.Variables))
		secrets[u.Script] = script
	}
	for path, file := range c.Files {
		if u.Files == nil {
			u.Files = map[string]string{}
		}
		u.Files[path] = file.ID(path)
		secrets[u.Files[path]] = file.Text
	}
	return u
}
