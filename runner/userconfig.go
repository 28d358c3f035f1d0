package runner

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/userconfig"
	"github.com/davit-dev/davit/plugins/plan"
)

// A UserConfig is what a step in a container gets of the configuration of the user: addresses of registries, and
// credentials for them. It has the ids of secrets, which say what counts of the values, and no value.
type UserConfig struct {
	// Script is the id of a script that sets Variables; empty if there are none.
	Script    string
	Variables []string
	// Files are the ids of files by their path in the container, where "~/" is the home of the user there.
	Files map[string]string
}

// PackageManagers returns the package managers that a step runs, by the caches of their downloads and by its
// tool: "go", "npm", "pip".
func (s Step) PackageManagers() []string {
	names := []string{s.ToolName}
	for _, c := range s.Plan.Caches {
		names = append(names, c.ID)
	}
	if s.Plan.Op == plan.OpExec {
		names = append(names, s.Plan.Argv[0])
	}
	return userconfig.Tools(names...)
}

// IsCredential reports whether the value of a variable is a credential, by its name.
func IsCredential(variable string) bool {
	return credentials().has(variable) || userconfig.Credential(variable)
}

// count adds what counts of the user's configuration to the secrets of a fingerprint.
func (u UserConfig) count(secrets map[string]string) {
	if u.Script != "" {
		secrets["variables of the user"] = u.Script
	}
	for path, id := range u.Files {
		secrets[path+" of the user"] = id
	}
}

// Given returns the names of the variables and files, without the files that only variables name.
func (u UserConfig) Given() []string {
	files := slices.DeleteFunc(slices.Sorted(maps.Keys(u.Files)), func(path string) bool {
		return strings.HasPrefix(path, "/run/secrets/")
	})
	return append(slices.Clone(u.Variables), files...)
}

// Passes reports whether the step gets a variable with its configuration.
func (u UserConfig) Passes(variable string) bool { return slices.Contains(u.Variables, variable) }
