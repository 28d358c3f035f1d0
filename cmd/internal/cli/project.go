package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
)

// open opens the project that davit was started in.
func (c *call) open(ctx context.Context) (*app.Project, error) {
	p, err := app.Open(ctx, c.appOptions(ctx))
	if err != nil {
		return nil, err
	}
	c.warn(p.Warnings)
	return p, nil
}

// appOptions returns what a project depends on besides its files.
func (c *call) appOptions(ctx context.Context) app.Options {
	o := app.Options{
		Dir: c.folder(), Environ: c.Environ, Cache: c.Cache, Streams: c.Streams, Offline: c.options.Offline,
		Whole:  c.options.Verbose || c.options.JSON,
		Warn:   func(text string) { c.Streams.Warning(text, "") },
		Trace:  c.trace(),
		Verify: func(ref string, b blobs.Blob) error { return c.verify(ctx, ref, b) },
	}
	for _, command := range c.parser.Model.Children {
		if !command.Hidden && command.Name != runName {
			o.Commands = append(o.Commands, command.Name)
		}
	}
	if c.Engine != nil {
		o.Engine = c.Engine(c.engineRequest())
	}
	if c.Backends != nil {
		o.OpenServices = c.openServices
	}
	if c.Published != nil {
		o.SignedImage = c.signedImage
	}
	if c.Signatures != nil {
		o.OpenKey = c.signatures().Open
	}
	return o
}

// warn prints warnings that have not been printed yet.
func (c *call) warn(all []app.Warning) {
	for _, w := range all {
		if !c.warned[w] {
			c.Streams.Warning(w.Text, w.Hint)
		}
		c.warned[w] = true
	}
}

// folder returns the folder of -C, or the current one.
func (c *call) folder() string {
	if c.options.Directory != "" {
		return c.absolute(c.options.Directory)
	}
	return c.Dir
}

// checkFolder returns an error if there is no folder of -C.
func (c *call) checkFolder() error {
	if info, err := os.Stat(c.folder()); c.options.Directory != "" && (err != nil || !info.IsDir()) {
		return fault.Preconditionf("", "there is no folder %q", c.folder())
	}
	return nil
}

// trace returns a function that prints what davit does, with --verbose.
func (c *call) trace() func(format string, args ...any) {
	if !c.options.Verbose || c.quiet {
		return func(string, ...any) {}
	}
	return c.Streams.Tracef
}

// absolute returns the absolute path of a path that is relative to the current folder; "" stays "".
func (c *call) absolute(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, path)
}
