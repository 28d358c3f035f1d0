package cli

import (
	"context"
	"path/filepath"

	"github.com/davit-dev/davit/cmd/internal/plugindev"
)

// PluginTools are the use cases of davit plugin, which davit-engine alone has: compilers and registries are no part of
// davit.
type PluginTools interface {
	Pack(module, manifest, out string) (*plugindev.Packed, error)
	Build(context.Context, plugindev.BuildRequest) (*plugindev.Packed, error)
	Run(context.Context, plugindev.Question) (*plugindev.Answer, error)
	Test(context.Context, plugindev.TestRequest) (*plugindev.TestReport, error)
	Lint(plugin string) ([]plugindev.Finding, error)
}

// pluginCmd has the commands about plugins.
type pluginCmd struct {
	New     pluginNewCmd     `cmd:"" help:"Write a new plugin, with a test"`
	Build   pluginBuildCmd   `cmd:"" help:"Compile a plugin, and put its manifest into it"`
	Pack    pluginPackCmd    `cmd:"" help:"Put a manifest into a module that was built otherwise"`
	Run     pluginRunCmd     `cmd:"" help:"Ask a plugin about a project: its answer, what it read, how long it took"`
	Test    pluginTestCmd    `cmd:"" help:"Compare the plans of a plugin with golden files, and ask it about hostile projects"`
	Lint    pluginLintCmd    `cmd:"" help:"Look for what is wrong with a plugin, without running it"`
	Publish pluginPublishCmd `cmd:"" help:"Publish a plugin to a registry"`
	Inspect pluginInspectCmd `cmd:"" help:"Show a published plugin: its version, its digest, what it asks for"`
	Search  pluginSearchCmd  `cmd:"" help:"List the plugins in a namespace of a registry"`
	Add     pluginAddCmd     `cmd:"" help:"Add a published plugin to this project, pinned in project.lock"`
	Update  pluginUpdateCmd  `cmd:"" help:"Pin a plugin to what its tag is now"`
	Remove  pluginRemoveCmd  `cmd:"" help:"Remove a published plugin from this project"`
	List    pluginListCmd    `cmd:"" help:"List the plugins that project.toml names"`
	Fetch   pluginFetchCmd   `cmd:"" help:"Download the plugins that project.lock pins"`
}

// pluginTools returns the use cases of davit plugin. davit, which has none, hands over to davit-engine.
func (c *call) pluginTools() (PluginTools, error) {
	if c.Plugins == nil {
		return nil, c.Handover()
	}
	return c.Plugins, nil
}

// inFolder returns the absolute path of an argument, which is relative to the folder of -C.
func (c *call) inFolder(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.folder(), path)
}

// ifGiven returns the absolute path of an option; "" stays "".
func (c *call) ifGiven(path string) string {
	if path == "" {
		return ""
	}
	return c.inFolder(path)
}

// shown returns a path as people see it: relative to the folder of -C, if it is in it.
func (c *call) shown(path string) string {
	if rel, err := filepath.Rel(c.folder(), path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}
