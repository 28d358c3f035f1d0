// Package project has the types of project.toml, and checks the file.
//
// The file is optional: without it a project has every target that its other files imply. It shares its name
// with the project descriptor of Cloud Native Buildpacks and does not collide with it: [_] and [io.*] belong
// to the descriptor and are ignored, except for the name and version in [_], and so are [project], [build]
// and [metadata], the tables of its older version.
//
// Parse checks everything that can be checked without reading another file. An error is a *strict.Error, or
// several joined, each with file, line and column.
package project

import (
	"errors"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/strict"
	"github.com/davit-dev/davit/plugins/plan"
)

// File is the name of the file.
const File = "project.toml"

// A Project is project.toml.
type Project struct {
	// Convention is the name and version of the convention: "gazr@1", which is also the default. "./convention.toml" is that
	// of a team, in a file of the project; "registry.example.com/platform/way:2" is a published one, which project.lock pins.
	Convention string `toml:"convention"`
	// On says where steps run: auto (the default), host or container.
	On string `toml:"on" jsonschema:"enum=auto,enum=host,enum=container"`
	// Hide lists globs of files that plugins must not see, besides .git and .env files: ["secrets/"].
	Hide []string `toml:"hide"`
	// Ignore lists globs of files on which no result of a step on the host depends: ["*.log", "tmp/"].
	Ignore []string `toml:"ignore"`
	// Env = "strict" gives steps on the host a short list of the caller's variables and those that they declare;
	// empty gives them all.
	Env string `toml:"env" jsonschema:"enum=strict"`
	// EnvFile lists files of variables, such as ".env", for what runs until it is stopped, and for targets of this file
	// that are no checks.
	EnvFile []string `toml:"env_file"`
	// Plugins configures plugins by name.
	Plugins map[string]Plugin `toml:"plugins"`
	// Targets are the project's own, or add to those of plugins.
	Targets map[string]Target `toml:"targets"`
	// Secrets are the sources of the secrets that steps use.
	Secrets map[string]Secret `toml:"secrets"`
	// SecretNames adds names to the list of those that make a value a secret in environments, and takes names
	// from it.
	SecretNames SecretNames `toml:"secret-names"`
	// Cache is the shared cache of container layers; nil is none.
	Cache *Cache `toml:"cache"`
	// Registry is where images are published, with a path in it: "registry.example.com/team".
	Registry string `toml:"registry"`
	// Image says how images are built.
	Image Image `toml:"image"`
	// Descriptor is the [_] table of the Buildpacks descriptor.
	Descriptor Descriptor `toml:"-"`

	Underscore map[string]any `toml:"_"`
	IO         map[string]any `toml:"io"`
	OldProject map[string]any `toml:"project"`
	OldBuild   map[string]any `toml:"build"`
	OldMeta    map[string]any `toml:"metadata"`

	// Environments are the places that releases are deployed to, by name.
	Environments map[string]Environment `toml:"environments"`

	Workspace map[string]any `toml:"workspace"`

	// File is the name of the file in messages.
	File string `toml:"-"`
	// Trust names the keys of which one has to sign what is published in a registry or below a namespace, by its name:
	// "registry.example.com/platform" = ["keys/platform.pub"]. A key is a file with a public key of cosign or ssh, the
	// key itself, or a table with identity, issuer and root: see Signatories. "*" is all that is published.
	Trust map[string][]any `toml:"trust"`
	// Mirrors are those of a user's own file: see User.
	Mirrors map[string]string `toml:"-"`
	data    []byte
}

// A Descriptor is what davit reads of the Buildpacks descriptor.
type Descriptor struct{ Name, Version string }

// A Plugin is one [plugins.NAME] table.
type Plugin struct {
	// From is the path of a .wasm file in the project ("./tools/acme.wasm"), or the reference of a published plugin, which
	// project.lock pins: in a registry ("registry.example.com/platform/acme:1.4"), in the folder of an OCI layout
	// ("oci:./layout:acme-1.4") or at an address ("https://example.com/acme.wasm@sha256:…"). Absent: the plugin is built in.
	From string `toml:"from"`
	// Off disables the plugin for the project.
	Off bool `toml:"off"`
	// Config is passed to the plugin unchanged.
	Config map[string]any `toml:"config"`
	// Grant is what the plugin is allowed to see, and to write besides its outputs.
	Grant Grant `toml:"grant"`
}

// A Grant lists what a plugin may read and write. By default it is empty.
type Grant struct {
	// Env names variables of the caller's environment.
	Env []string `toml:"env"`
	// WriteCI lets its steps write the files of pipelines, if its manifest asks for that.
	WriteCI bool `toml:"write-ci"`
}

// Parse parses and checks the content of project.toml.
func Parse(data []byte) (*Project, error) {
	p := &Project{File: File, data: data}
	if err := strict.Decode(File, data, p); err != nil {
		return nil, err
	}
	p.Descriptor.Name, _ = p.Underscore["name"].(string)
	p.Descriptor.Version, _ = p.Underscore["version"].(string)
	return p, errors.Join(p.faults()...)
}

// Check returns what is wrong with a project that was not parsed.
func (p *Project) Check() error { return errors.Join(p.faults()...) }

// Fault returns an error about a key of the file, for checks of the caller.
func (p *Project) Fault(key []string, hint, format string, args ...any) error {
	return strict.At(p.File, p.data, key, hint, format, args...)
}

func (p *Project) faults() (faults []error) {
	if p.On != "" && !slices.Contains([]string{"auto", "host", "container"}, p.On) {
		faults = append(faults, p.Fault([]string{"on"}, "", "on = %q, wanted auto, host or container", p.On))
	}
	if p.Env != "" && p.Env != "strict" {
		faults = append(faults, p.Fault([]string{"env"}, "leave it out to pass all variables to steps",
			`env = %q, wanted "strict"`, p.Env))
	}
	if p.Workspace != nil {
		faults = append(faults, p.Fault([]string{"workspace"}, "", "[workspace] is not supported yet"))
	}
	faults = append(faults, p.cacheFaults()...)
	faults = append(faults, p.imageFaults()...)
	faults = append(faults, p.secretNameFaults()...)
	for name, secret := range p.Secrets {
		faults = append(faults, p.secretFaults(name, secret)...)
	}
	for name, environment := range p.Environments {
		faults = append(faults, p.environmentFaults(name, environment)...)
	}
	faults = append(faults, p.trustFaults()...)
	for name, plugin := range p.Plugins {
		faults = append(faults, p.pluginFaults(name, plugin)...)
	}
	for name, target := range p.Targets {
		faults = append(faults, p.targetFaults(name, target)...)
	}
	slices.SortFunc(faults, func(a, b error) int { return position(a) - position(b) })
	return faults
}

func position(err error) int {
	var e *strict.Error
	errors.As(err, &e)
	return e.Line<<12 + e.Column
}

func (p *Project) pluginFaults(name string, plugin Plugin) (faults []error) {
	from := []string{"plugins", name, "from"}
	switch {
	case plugin.From == "":
	case plugin.Published():
		if !ValidReference(plugin.From) {
			faults = append(faults, p.Fault(from, "", "%q is neither a .wasm file of the project nor "+referenceForm(plugin.From), plugin.From))
		}
	case strings.HasPrefix(plugin.From, "/") || slices.Contains(strings.Split(plugin.From, "/"), ".."):
		faults = append(faults, p.Fault(from, "", "%q is not a path inside the project", plugin.From))
	}
	for _, variable := range plugin.Grant.Env {
		if !plan.ValidVariable(variable) {
			faults = append(faults, p.Fault([]string{"plugins", name, "grant", "env"}, variableHint,
				"%q is not the name of a variable", variable))
		}
	}
	return faults
}
