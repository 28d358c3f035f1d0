// Package pipeline renders the pipeline of a project for a CI system: what it checks, builds, publishes and deploys,
// each by the command that a person types. It is a pure function of a Pipeline, which has no words of any system.
//
// A job runs on the host where one image, or the actions of GitHub, have its tools. Otherwise its steps run in
// containers, for which the job gets an engine.
package pipeline

import (
	"bytes"
	_ "embed" // the scripts
	"fmt"
	"slices"
	"strings"
)

// A Pipeline is what the pipeline of a project does.
type Pipeline struct {
	// Version is the release of davit that jobs install, "v1.2.3"; "" is the newest.
	Version string
	// Check is the command that compares the pipeline with the project: "davit ci".
	Check string
	// Jobs check and build, all at the same time.
	Jobs []Job
	// Image makes and publishes images when all jobs have ended well; nil if the project makes none.
	Image *Image
	// Deploys follow, in the order of promotion.
	Deploys []Deploy
	// Results says that results of davit may be used on another machine.
	Results bool
	// Notes say what the pipeline leaves out, a line each.
	Notes []string
}

// A Job is one command. Without one, it only compares the pipeline with the project.
type Job struct {
	Name, Command string
	// Reports says that it leaves reports.
	Reports bool
	// Container is the image that has all of its tools; "" if there is none, or if it needs an engine anyway.
	Container string
	Tools     []Tool
	Caches    []Cache
	// Variables of the CI system that it gets.
	Variables []Variable
}

// A Tool is a program that steps of a job start.
type Tool struct {
	// Name is that of the program: "go".
	Name string
	// Version is the one that the project pins, or File the file that says so. Both are "" for the newest.
	Version, File string
	// Install is the command that installs it; "" if nobody knows one.
	Install string
}

// A Cache is a folder that a tool keeps between runs.
type Cache struct {
	ID string
	// Env is the variable that tells the tool where the folder is.
	Env string
	// Locks are the files that say what is in it.
	Locks []string
}

// A Variable is one that jobs get from the settings of the CI system.
type Variable struct {
	Name   string
	Secret bool
}

// An Image says how images are made.
type Image struct {
	Publish bool
	// Registry is that of project.toml; "" is the one of the CI system.
	Registry  string
	Variables []Variable
}

// A Deploy is a deploy to one environment.
type Deploy struct {
	Environment string
	// Requires is the environment in which the release is healthy first; "" for the lowest.
	Requires string
	// Confirm says that a person decides.
	Confirm bool
	// Engine says that project.toml names the engine. Otherwise DOCKER_HOST does, for all environments.
	Engine bool
	// SSH says that the engine may be reached through ssh.
	SSH       bool
	Variables []Variable
}

// A System is a CI system.
type System struct {
	Name string
	// File is where it looks for its pipeline.
	File   string
	render func(Pipeline) string
}

// Systems are the systems that have a pipeline.
var Systems = []System{
	{"github", ".github/workflows/davit.yml", Pipeline.github}, {"gitlab", ".gitlab-ci.yml", Pipeline.gitlab},
	{"woodpecker", ".woodpecker/davit.yaml", Pipeline.woodpecker},
}

// Mark returns the first line of a pipeline that davit has written for a system.
func Mark(system string) string {
	return "# davit ci " + system + " --write writes this file: project.toml and the sources decide. Without this line it is yours."
}

// IsOwn reports whether a file is a pipeline that davit has written, so that it may be written again.
func IsOwn(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	return slices.ContainsFunc(Systems, func(s System) bool { return strings.TrimSuffix(first, "\r") == Mark(s.Name) })
}

// Render returns the pipeline for a system of Systems.
func (p Pipeline) Render(system string) string {
	i := slices.IndexFunc(Systems, func(s System) bool { return s.Name == system })
	return Systems[i].render(p)
}

//go:embed install.sh
var installer string

// Installer is the script that installs a release of davit.
func Installer() string { return installer }

// sshKey is the script that makes the variables SSH_PRIVATE_KEY and SSH_KNOWN_HOSTS the files that ssh reads.
//
//go:embed ssh-key.sh
var sshKey string

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// quoted returns text as a scalar of YAML: as it is if it begins with a letter and nothing in it means something else,
// otherwise in single quotes.
func quoted(text string) string {
	word := slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(text))
	if text != "" && strings.ContainsAny(text[:1], letters) && !word && strings.Trim(text, letters+"0123456789 ./_:-~@$=") == "" &&
		strings.TrimSpace(text) == text && !strings.Contains(text, ": ") && !strings.HasSuffix(text, ":") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// list returns texts as a sequence of YAML in one line.
func list(texts []string) string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = quoted(text)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// indent returns text with spaces before each line that is not empty.
func indent(n int, text string) string {
	var b bytes.Buffer
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(strings.Repeat(" ", n))
		}
		b.WriteString(line)
	}
	return strings.TrimRight(b.String(), "\n")
}

// inContainers returns a command of davit that runs all steps in containers.
func inContainers(command string) string {
	return strings.Replace(command, "davit ", "davit --on container ", 1)
}

// verbatim returns a script in which Woodpecker replaces no variable.
func verbatim(script string) string { return strings.ReplaceAll(script, "${", "$${") }

// host returns the host of a registry: "registry.example.com" of "registry.example.com/team".
func host(registry string) string {
	name, _, _ := strings.Cut(registry, "/")
	return name
}

// ref returns the reference of this repository that has the action of a version.
func ref(version string) string {
	if version == "" {
		return "main"
	}
	return version
}

// versionOrLatest returns the release that jobs install as a scalar of YAML.
func (p Pipeline) versionOrLatest() string {
	if p.Version == "" {
		return "latest"
	}
	return quoted(p.Version)
}

// Names returns the names of the jobs.
func (p Pipeline) Names() (names []string) {
	for _, j := range p.Jobs {
		names = append(names, j.Name)
	}
	return names
}

// Before returns the names of the jobs that a deploy waits for.
func (p Pipeline) Before(d Deploy) []string {
	switch {
	case d.Requires != "":
		return []string{"deploy-" + d.Requires}
	case p.Image != nil:
		return []string{"package"}
	}
	return p.Names()
}

// NeedsEngine reports whether jobs need a container engine where they run in containers of the CI system.
func (p Pipeline) NeedsEngine() bool {
	return p.Image != nil || slices.ContainsFunc(p.Jobs, func(j Job) bool { return j.Container == "" })
}

// Line returns the command of a job that runs in a container of the CI system.
func (j Job) Line() string {
	if j.Container == "" {
		return inContainers(j.Command)
	}
	return j.Command
}

// checkEngine returns the command, as a scalar of YAML, that fails if nothing says where the engine of a deploy is.
func (d Deploy) checkEngine() string {
	return `': "${DOCKER_HOST:?environments.` + d.Environment +
		` has no engine in project.toml, and the variable DOCKER_HOST does not say where it is}"'`
}

// Flow returns a pipeline's variables for GitHub, where a job gets only what it names.
func (v Variable) Flow() string {
	kind := "vars"
	if v.Secret {
		kind = "secrets"
	}
	return fmt.Sprintf("${{ %s.%s }}", kind, v.Name)
}
