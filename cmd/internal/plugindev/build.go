package plugindev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/davit-dev/davit/internal/fault"
)

// A BuildRequest says what to build.
type BuildRequest struct {
	// Dir is the folder of the sources, with the manifest.
	Dir string
	// Out is the file to write; empty for NAME.wasm in Dir.
	Out string
	// Output receives what the compiler prints.
	Output io.Writer
}

// Build compiles the sources of a plugin, in the language that they are in, and packs the manifest into the module.
// The same sources and compiler give the same bytes.
func (Tools) Build(ctx context.Context, r BuildRequest) (*Packed, error) {
	manifest := filepath.Join(r.Dir, ManifestFile)
	if _, _, err := readManifest(manifest); err != nil {
		return nil, err
	}
	l, err := languageOf(r.Dir)
	if err != nil {
		return nil, err
	}
	raw, err := l.compile(ctx, r)
	if err != nil {
		return nil, err
	}
	return pack(raw, "the module that "+l.name+" made", manifest, r.Out)
}

// compile compiles the sources in a folder, and returns the module.
func (l *language) compile(ctx context.Context, r BuildRequest) ([]byte, error) {
	tmp, err := os.MkdirTemp("", "davit-plugin-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	out := filepath.Join(tmp, "module.wasm")
	if l.prepare != nil {
		if argv := l.prepare(r.Dir); argv != nil {
			if err := l.run(ctx, r, argv); err != nil {
				return nil, err
			}
		}
	}
	argv, err := l.argv(r.Dir, out)
	if err == nil {
		err = l.run(ctx, r, argv)
	}
	if err != nil {
		return nil, err
	}
	if l.made != nil {
		if out, err = l.made(r.Dir); err != nil {
			return nil, err
		}
	}
	return read(out)
}

// run runs a command of the language in the folder of the sources.
func (l *language) run(ctx context.Context, r BuildRequest, argv []string) error {
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Dir, c.Env, c.Stdout, c.Stderr = r.Dir, append(os.Environ(), l.env...), r.Output, r.Output
	if err := c.Run(); err != nil {
		return l.failure(ctx, argv[0], err)
	}
	return nil
}

// failure returns why a compiler made no module.
func (l *language) failure(ctx context.Context, program string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, exec.ErrNotFound) {
		return fault.Preconditionf(l.install, "a plugin in %s is built with %s, which is not installed", l.name, program)
	}
	return fmt.Errorf("%s made no module: %w", program, err)
}
