package host

import (
	"cmp"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/davit-dev/davit/internal/environ"
)

// pinVariables returns the variables by which version managers choose what a file of the project pins, "NAME=value".
// Version managers read such files in the folder that they are called in; a program that is asked for its version is
// called elsewhere. A pin that is a path, or that no version manager has a variable for, is left out.
func pinVariables(name, text string) []string {
	switch name = filepath.Base(name); name {
	case ".python-version":
		return pinVariable("PYENV_VERSION", strings.Join(pinLines(text), ":"))
	case ".node-version":
		return pinVariable("NODENV_VERSION", strings.Join(pinLines(text), ":"))
	case ".ruby-version":
		return pinVariable("RBENV_VERSION", strings.Join(pinLines(text), ":"))
	case "rust-toolchain", "rust-toolchain.toml":
		return pinVariable("RUSTUP_TOOLCHAIN", rustChannel(text))
	case ".tool-versions":
		return toolVersions(text)
	}
	if strings.HasSuffix(name, ".toml") {
		return miseVersions(text)
	}
	return nil
}

// pinValue matches the versions that a variable may name: never a path.
var pinValue = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][\w.+:@ -]*$`) })

func pinVariable(name, value string) []string {
	if !pinValue().MatchString(value) || strings.Contains(value, "path:") {
		return nil
	}
	return []string{name + "=" + value}
}

// pinLines returns the lines of a file with versions, without comments.
func pinLines(text string) (lines []string) {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// rustChannel returns the channel that a toolchain file of Rust names, in its old form (the channel alone) or as TOML.
func rustChannel(text string) string {
	if lines := pinLines(text); len(lines) == 1 && !strings.ContainsAny(lines[0], "=[") {
		return lines[0]
	}
	var file struct {
		Toolchain struct{ Channel string }
	}
	_ = toml.Unmarshal([]byte(text), &file) // rustup will say what is wrong with it
	return file.Toolchain.Channel
}

// toolchainFolder returns the folder of the toolchain that a file of Rust in a folder names instead of a channel.
func toolchainFolder(dir, name, text string) string {
	var file struct {
		Toolchain struct{ Path string }
	}
	if filepath.Ext(name) != ".toml" && name != "rust-toolchain" || toml.Unmarshal([]byte(text), &file) != nil ||
		file.Toolchain.Path == "" {
		return ""
	}
	if filepath.IsAbs(file.Toolchain.Path) {
		return file.Toolchain.Path
	}
	return filepath.Join(dir, file.Toolchain.Path)
}

// rustupOverrides returns the toolchains that the user has chosen for folders, by their absolute paths, with "rustup
// override set".
func (r *Runner) rustupOverrides(k *probeKey) map[string]string {
	home := cmp.Or(environ.Get(r.o.Env, "RUSTUP_HOME"), filepath.Join(environ.Get(r.o.Env, "HOME"), ".rustup"))
	data, _ := k.file(filepath.Join(home, "settings.toml"))
	var settings struct{ Overrides map[string]string }
	_ = toml.Unmarshal(data, &settings) // rustup will say what is wrong with it
	return settings.Overrides
}

// toolVersions returns the variables for a .tool-versions, "python 3.12.4 3.11.9" in a line, which asdf and mise read.
func toolVersions(text string) (all []string) {
	for _, line := range pinLines(text) {
		tool, versions, _ := strings.Cut(line, " ")
		all = append(all, pinVariable(managerVariable("ASDF", tool), strings.TrimSpace(versions))...)
		all = append(all, pinVariable(managerVariable("MISE", tool), strings.TrimSpace(versions))...)
	}
	return all
}

// miseVersions returns the variables for the tools of a mise.toml: name = "1", {version = "1"} or ["1", "2"].
func miseVersions(text string) (all []string) {
	var file struct{ Tools map[string]any }
	_ = toml.Unmarshal([]byte(text), &file)
	for tool, value := range file.Tools {
		all = append(all, pinVariable(managerVariable("MISE", tool), miseVersion(value))...)
	}
	return all
}

func miseVersion(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case map[string]any:
		return miseVersion(v["version"])
	case []any:
		var versions []string
		for _, one := range v {
			versions = append(versions, miseVersion(one))
		}
		return strings.Join(versions, " ")
	}
	return ""
}

// miseNames are the tools that mise calls by another name than asdf.
var miseNames = map[string]string{"nodejs": "node", "golang": "go"}

// managerVariable returns the variable by which asdf or mise choose the version of a tool: MISE_NODE_VERSION.
func managerVariable(manager, tool string) string {
	if name, another := miseNames[tool]; another && manager == "MISE" {
		tool = name
	}
	return manager + "_" + strings.ToUpper(strings.ReplaceAll(tool, "-", "_")) + "_VERSION"
}
