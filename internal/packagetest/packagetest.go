// Package packagetest gives tests registries of packages of their own: HTTP servers on the loopback interface,
// with packages that are made in memory. There are an index of Python, a registry of npm, a module proxy of Go
// and a sparse registry of Cargo, each as the tools expect it.
//
// A registry can require credentials, be down, lose a package, and it records what it was asked. It is not
// meant for large packages: each answer is computed anew.
package packagetest

import (
	"net/http"
	"slices"
	"strings"
)

// A Package is one version of a package of any registry.
type Package struct {
	// Name is lower case. Of Go, it is the path of the module.
	Name string
	// Version has no "v" in front, also for Go.
	Version string
	// Files are the texts of its files by their paths: of Python relative to site-packages, and otherwise to
	// the folder of the package. The metadata of a package is among them if they are not to be made: package.json,
	// go.mod, Cargo.toml.
	Files map[string]string
	// Requires are its dependencies: for Python as in Requires-Dist, and otherwise as name@version, where npm and
	// Cargo accept a range.
	Requires []string
	// Python is the constraint on the interpreter, "" for any.
	Python string
	// Manifest has more keys of package.json, such as optionalDependencies, os and bin.
	Manifest map[string]any
}

// base returns the name and the version as in the name of a file.
func (p Package) base() string { return p.Name + "-" + p.Version }

// requirements returns the names and the versions of its dependencies.
func (p Package) requirements() map[string]string {
	all := map[string]string{}
	for _, r := range p.Requires {
		if at := strings.LastIndexByte(r, '@'); at > 0 {
			all[r[:at]] = r[at+1:]
		}
	}
	return all
}

// named returns the packages with a name, in the order in which they were added.
func named(all []Package, name string) (found []Package) {
	for _, p := range all {
		if p.Name == name {
			found = append(found, p)
		}
	}
	return found
}

// find returns the package with a name and a version.
func find(all []Package, name, version string) (Package, bool) {
	i := slices.IndexFunc(all, func(p Package) bool { return p.Name == name && p.Version == version })
	if i < 0 {
		return Package{}, false
	}
	return all[i], true
}

// An answer is the body of a response and its content type.
type answer struct {
	body string
	kind string
}

// A protocol computes the answer of a registry with some packages to a request. Addresses in the answer begin
// with base. It returns false for what is not there.
type protocol func(all []Package, base string, r *http.Request) (answer, bool)
