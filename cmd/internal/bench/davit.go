package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Davit is a davit that is measured. It has a home, and projects, of its own.
type Davit struct {
	// ID tells the two apart in file names and in names on an engine.
	ID string
	// Version is what it says of itself: "davit 0.9.0".
	Version string
	Path    string
	Env     []string
}

func (b *bench) newDavit(id, path string) (*Davit, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(abs); err != nil {
		return nil, fmt.Errorf("no davit at %q; build it first: make build", path)
	}
	d := &Davit{ID: id, Path: abs, Env: override(b.environ, b.home(id))}
	cmd := exec.Command(abs, "--version")
	cmd.Env = d.Env
	said, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", path, err)
	}
	d.Version, _, _ = strings.Cut(strings.TrimSpace(string(said)), " (")
	return d, nil
}

// command returns a call of davit.
func (d *Davit) command(dir string, args ...string) *Case {
	return &Case{
		Name: "davit " + strings.Join(args, " "),
		Argv: append([]string{d.Path}, args...), Dir: dir, Env: d.Env,
	}
}

// empty returns a call of a Go program that does nothing: the least that any such program can take.
func (b *bench) empty(group string) *Case {
	return b.once(group, "empty Go program", func() (*Case, error) {
		path, err := b.program("empty", emptySource)
		return &Case{Name: "empty Go program", Argv: []string{path}, Dir: b.temp, Env: b.env}, err
	})
}
