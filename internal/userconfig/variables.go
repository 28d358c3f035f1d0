package userconfig

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// credentialName are the variables of package managers whose values are credentials, besides those that are
// called so.
var credentialName = lazy(`^(UV_INDEX_.+_USERNAME|POETRY_HTTP_BASIC_.+|PDM_PYPI_(.+_)?USERNAME|` +
	`YARN_NPM_AUTH_IDENT|(?i:npm_config_)_?_auth.*)$`)

// Credential reports whether a variable is a credential for a registry.
func Credential(variable string) bool { return credentialName().MatchString(variable) }

// Script returns variables as a POSIX script that sets them. Names that no shell can set are left out.
func Script(variables map[string]string) []byte {
	var script strings.Builder
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if variableName().MatchString(name) {
			script.WriteString("export " + name + "='" + strings.ReplaceAll(variables[name], "'", `'\''`) + "'\n")
		}
	}
	return []byte(script.String())
}

var variableName = lazy(`^[A-Za-z_][A-Za-z0-9_]*$`)

// ScriptID names the script by what counts of the variables.
func (c Config) ScriptID() string {
	var counted []string
	for _, name := range slices.Sorted(maps.Keys(c.Counted)) {
		counted = append(counted, name, c.Counted[name])
	}
	return id("variables", counted...)
}

// ID names a file by its path in the container and by what counts of it.
func (f File) ID(path string) string { return id("file", path, f.Counted) }

// id returns a name for a secret, with a digest of what counts of it. It never has a value in it.
func id(kind string, counted ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(counted, "\x00")))
	return "davit-" + kind + "-" + hex.EncodeToString(sum[:])[:16]
}
