package plugindev

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins"
)

// A Finding is something that is wrong with a plugin, or that costs whoever uses it.
type Finding struct {
	// Level is error, if no davit would load the plugin, or warning.
	Level string `json:"level"`
	// Text is one sentence.
	Text string `json:"text"`
}

// The levels of findings.
const (
	LevelError   = "error"
	LevelWarning = "warning"
)

// largeModule is the size, in bytes, above which a module takes long to load: a stock module of Go is half of it.
const largeModule = 8 << 20

// Lint returns what is wrong with a plugin. It runs nothing of it.
func (Tools) Lint(plugin string) (found []Finding, err error) {
	m, err := open(plugin)
	if err != nil {
		return nil, err
	}
	if err := m.Scan(); err != nil {
		found = append(found, Finding{LevelError, err.Error()})
	}
	for _, text := range append(manifestFindings(m.Manifest), sizeFindings(m)...) {
		found = append(found, Finding{LevelWarning, text})
	}
	return found, nil
}

// manifestFindings returns what a manifest could say better.
func manifestFindings(m plugins.Manifest) (found []string) {
	if m.Summary == "" {
		found = append(found, "summary is empty; it is what davit plugin list shows")
	}
	if builtin, err := plugins.Builtin(); err == nil && slices.ContainsFunc(builtin,
		func(b *plugins.Module) bool { return b.Manifest.Name == m.Name }) {
		found = append(found, fmt.Sprintf("name: davit has a plugin %q of its own, which this one replaces", m.Name))
	}
	for _, glob := range m.Detect {
		if matchesAll(glob) {
			found = append(found, fmt.Sprintf("detect: %q matches any project, so that each one waits for this plugin", glob))
		}
	}
	for _, name := range m.Permissions.Env {
		if credential(name) {
			found = append(found, fmt.Sprintf("permissions: %s sounds like a credential; a step has it by \"secrets\", and no plan does", name))
		}
	}
	return found
}

// matchesAll reports whether a glob has no name in it.
func matchesAll(glob string) bool { return strings.Trim(path.Base(glob), "*.") == "" }

// credential reports whether a variable has the name of a credential.
func credential(name string) bool {
	upper := strings.ToUpper(name)
	return slices.ContainsFunc([]string{"TOKEN", "PASSWORD", "SECRET", "PRIVATE_KEY", "API_KEY"},
		func(word string) bool { return strings.Contains(upper, word) })
}

// sizeFindings returns what is large in a module.
func sizeFindings(m *plugins.Module) (found []string) {
	data, err := m.Bytes()
	if err == nil && len(data) > largeModule {
		found = append(found, fmt.Sprintf("the module has %.1f MiB, which takes long to load", float64(len(data))/(1<<20)))
	}
	if err == nil && plugins.CustomSize(data) > maxCustom {
		found = append(found, "the module has more than 64 KiB for debuggers, which nobody reads; -s -w or --strip-all leaves it out")
	}
	return found
}

// maxCustom is how many bytes besides the program a module has without being told.
const maxCustom = 64 << 10
