package plugins

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/strict"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// The authorities.
const (
	Explicit = "explicit" // it reads the project's own definitions of its targets
	Inferred = "inferred" // it infers targets from the files of a stack
)

// A Manifest is the content of plugin.toml: what davit knows of a plugin without running it. It is part of
// the module.
type Manifest struct {
	// Name of the plugin: letters, digits and "-".
	Name string `toml:"name" json:"name"`
	// Version of the plugin, for people.
	Version string `toml:"version" json:"version"`
	// API is the version of the contract, 1.
	API int `toml:"api" json:"api"`
	// Davit is the first davit that knows the API: "1.4". An older one names it where it refuses the plugin.
	Davit string `toml:"davit" json:"davit,omitempty"`
	// Summary is one line that says which projects the plugin supports.
	Summary string `toml:"summary" json:"summary"`
	// Detect are globs. The plugin runs only if one of them matches a file of the project.
	Detect []string `toml:"detect" json:"detect"`
	// Reads are the files whose content is inlined in the request, for languages that cannot open files.
	Reads []string `toml:"reads" json:"reads,omitempty"`
	// Authority is Explicit or Inferred; the first beats the second.
	Authority string `toml:"authority" json:"authority"`
	// Permissions are what a plugin may use besides the project's files.
	Permissions Permissions `toml:"permissions" json:"permissions,omitzero"`
}

// Permissions are what a plugin asks for beyond the project's files.
type Permissions struct {
	// Env names variables of the environment.
	Env []string `toml:"env" json:"env,omitempty"`
	// WriteCI lets steps write the files of pipelines: .github/workflows, .gitlab-ci.yml, …
	WriteCI bool `toml:"write-ci" json:"write-ci,omitempty"`
}

// ParseManifest parses a plugin.toml. The file name is for errors.
func ParseManifest(file string, data []byte) (Manifest, error) {
	var m Manifest
	if err := checkAPI(data); err != nil {
		return Manifest{}, err
	}
	if err := strict.Decode(file, data, &m); err != nil {
		return Manifest{}, err
	}
	if key, reason := m.invalid(); reason != "" {
		return Manifest{}, strict.At(file, data, []string{key}, "", "%s: %s", key, reason)
	}
	return m, nil
}

// checkAPI returns an *APIError for the manifest of a later API, whose other keys this davit may not know.
func checkAPI(data []byte) error {
	var later struct {
		Name, Version, Davit string
		API                  int
	}
	strict.Peek(data, &later)
	if later.API <= plan.API {
		return nil
	}
	return &APIError{Plugin: clean([]byte(later.Name)), Version: clean([]byte(later.Version)), API: later.API,
		Davit: clean([]byte(later.Davit))}
}

// These are compiled when a manifest is parsed, because most runs of davit parse none.
var (
	pluginName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`) })
	envName    = sync.OnceValue(
		func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`) })
)

// ValidName reports whether a plugin may have a name.
func ValidName(name string) bool { return pluginName().MatchString(name) }

// invalid returns the first invalid key and the reason, or two empty strings.
func (m *Manifest) invalid() (key, reason string) {
	switch {
	case !pluginName().MatchString(m.Name):
		return "name", fmt.Sprintf("got %q, wanted small letters, digits and \"-\"", m.Name)
	case m.API != plan.API:
		return "api", fmt.Sprintf("got %d, this davit supports %d", m.API, plan.API)
	case m.Authority != Explicit && m.Authority != Inferred:
		return "authority", fmt.Sprintf("got %q, wanted %q or %q", m.Authority, Explicit, Inferred)
	case !plainLine(m.Version) || m.Version == "":
		return "version", "wanted one plain line"
	case !plainLine(m.Davit):
		return "davit", "wanted one plain line"
	case !plainLine(m.Summary):
		return "summary", "wanted one plain line"
	case len(m.Detect) == 0:
		return "detect", "wanted at least one glob"
	}
	return m.invalidList()
}

func (m *Manifest) invalidList() (key, reason string) {
	if fault := tree.GlobsFault(m.Detect); fault != "" {
		return "detect", fault
	}
	for _, name := range m.Reads {
		if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, `*?[\`) {
			return "reads", fmt.Sprintf("%q is not the path of a file of a project", name)
		}
	}
	for _, name := range m.Permissions.Env {
		if !envName().MatchString(name) {
			return "permissions", fmt.Sprintf("env: %q is not the name of a variable", name)
		}
	}
	return "", ""
}

func plainLine(s string) bool { return clean([]byte(s)) == s && !strings.Contains(s, "\n") }
