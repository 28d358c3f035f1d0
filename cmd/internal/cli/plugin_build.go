package cli

import (
	"context"
	"fmt"

	"github.com/davit-dev/davit/cmd/internal/plugindev"
)

type pluginBuildCmd struct {
	Dir    string `arg:"" optional:"" default:"." help:"The folder of the plugin (default: the current one)"`
	Output string `short:"o" placeholder:"FILE" help:"Write this file (default: NAME.wasm in the folder)"`
}

// Help returns the details for davit plugin build --help.
func (pluginBuildCmd) Help() string {
	return `The folder has plugin.toml and the sources: of Go (go.mod), Rust (Cargo.toml), AssemblyScript (asconfig.json) or C (*.c).
The same sources give the same bytes. docs/plugins.md describes all from an idea to a published plugin.`
}

// Run builds a plugin. With --json it prints a plugindev.Packed.
func (cmd *pluginBuildCmd) Run(ctx context.Context, c *call) error {
	tools, err := c.pluginTools()
	if err != nil {
		return err
	}
	_, compilerOutput := c.Streams.Program(false)
	packed, err := tools.Build(ctx, plugindev.BuildRequest{Dir: c.inFolder(cmd.Dir), Out: c.ifGiven(cmd.Output),
		Output: compilerOutput})
	if err != nil {
		return err
	}
	return c.packed(packed)
}

type pluginPackCmd struct {
	Module   string `arg:"" help:"The module that a compiler made: FILE.wasm"`
	Manifest string `default:"plugin.toml" placeholder:"FILE" help:"The manifest (default: plugin.toml)"`
	Output   string `short:"o" placeholder:"FILE" help:"Write this file (default: NAME.wasm beside the manifest)"`
}

// Run packs a manifest into a module. With --json it prints a plugindev.Packed.
func (cmd *pluginPackCmd) Run(c *call) error {
	tools, err := c.pluginTools()
	if err != nil {
		return err
	}
	packed, err := tools.Pack(c.inFolder(cmd.Module), c.inFolder(cmd.Manifest), c.ifGiven(cmd.Output))
	if err != nil {
		return err
	}
	return c.packed(packed)
}

// packed prints a plugin that was written.
func (c *call) packed(packed *plugindev.Packed) error {
	return c.result(packed, func(p printer) {
		p.Printf("%s  %s %s, %s\n%s\n", c.shown(packed.File), packed.Name, packed.Version, size(packed.Size), packed.Digest)
	})
}

// size returns a number of bytes for people.
func size(n int) string {
	if n < 1<<20 {
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
