package host

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
)

// pinFiles are the files by which a project, or any folder above it, chooses the version of a tool. Of two for the same
// version manager in one folder the first counts.
var pinFiles = []string{
	"mise.local.toml", ".mise.local.toml", "mise.toml", ".mise.toml", ".config/mise.toml",
	".config/mise/config.toml", "mise/config.toml", ".mise/config.toml", ".tool-versions", ".nvmrc", ".node-version", ".python-version",
	".ruby-version",
	".java-version", "rust-toolchain", "rust-toolchain.toml", "global.json", ".sdkmanrc", ".bun-version",
	"go.work", "go.mod",
	"package.json",
}

// homeFiles are the files by which a user chooses the version of a tool.
var homeFiles = []string{
	".rustup/settings.toml", ".rustup/update-hashes", ".rustup/toolchains", ".pyenv/version",
	".pyenv/versions",
	".nodenv/version", ".rbenv/version", ".config/mise/config.toml", ".local/share/mise/installs",
	".asdf/installs",
	".volta/tools/user/platform.json", ".config/go/env", "Library/Application Support/go/env",
}

// managerVariables are the variables that version managers obey: whole names, or prefixes.
var managerVariables = []string{
	"GOTOOLCHAIN=", "GOROOT=", "GOENV=", "PYENV_", "RUSTUP_", "NODENV_", "RBENV_", "ASDF_", "MISE_", "VOLTA_",
	"JAVA_HOME=", "HOME=",
}

// managerEnv returns the variables that version managers obey, sorted.
func managerEnv(env []string) []string {
	var found []string
	for _, pair := range environ.Join(env) {
		if slices.ContainsFunc(managerVariables, func(s string) bool { return strings.HasPrefix(pair, s) }) {
			found = append(found, pair)
		}
	}
	slices.Sort(found)
	return found
}

// pins are what version managers read for commands in a folder.
type pins struct {
	key       string   // of all of it
	variables []string // that say the same where there are no files, "NAME=value"; the last of a name counts
	toolchain string   // the folder of a toolchain of Rust that a file names; empty if none does
}

// pinned returns what version managers read for commands in a folder of the project.
func (r *Runner) pinned(dir string) (pins, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.pins[dir]; ok {
		return known, nil
	}
	var k probeKey
	var found pins
	overrides := r.rustupOverrides(&k)
	for at := filepath.Join(r.o.Root, filepath.FromSlash(dir)); ; at = filepath.Dir(at) {
		if toolchain, ok := overrides[at]; ok {
			found.variables = append(pinVariable("RUSTUP_TOOLCHAIN", toolchain), found.variables...)
		}
		for _, name := range pinFiles {
			if data, there := k.file(filepath.Join(at, name)); there {
				k.add(name, versionLines(name, data))
				found.variables = append(pinVariables(name, string(data)), found.variables...)
				found.toolchain = cmp.Or(found.toolchain, toolchainFolder(at, name, string(data)))
			}
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	for _, name := range homeFiles {
		k.stamp(filepath.Join(environ.Get(r.o.Env, "HOME"), filepath.FromSlash(name)), os.Stat)
	}
	var err error
	if found.key, err = k.key(); err == nil {
		r.pins[dir] = found
	}
	return found, err
}

// versionLines returns the parts of a file that choose versions: all of it, except for manifests, which
// change for many other reasons.
func versionLines(name string, data []byte) string {
	var starts []string
	switch name {
	case "go.mod", "go.work":
		starts = []string{"go ", "toolchain "}
	case "package.json":
		starts = []string{`"packageManager"`, `"volta"`, `"node"`, `"npm"`, `"yarn"`, `"pnpm"`}
	default:
		return string(data)
	}
	var kept []string
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		if slices.ContainsFunc(starts, func(s string) bool { return strings.HasPrefix(text, s) }) {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, "\n")
}
