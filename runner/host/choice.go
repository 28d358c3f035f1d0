package host

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// A choice is the runtime of a tool on this machine.
type choice struct {
	runtime string // its name
	dir     string // the folder of a version manager that comes first in PATH; empty leaves PATH as it is
	path    string // of its program; empty if there is none
	version string
	fit     fit
	by      string // the variable by which the caller chose it, or ""
	own     bool   // it is in an environment of the project
}

// A Mismatch says that a tool has another version of its runtime than the project pins.
type Mismatch struct {
	Text string // "python 3.11.2 is here, and .python-version pins 3.14"
	Hint string // how to get the pinned version, or ""
	// Excluded says that the versions differ by more than the patch.
	Excluded bool
	// Environment is the environment of the project that the runtime is in, relative to the project; empty for one
	// of the machine.
	Environment string
	// Chosen says that the caller chose the version, by a variable.
	Chosen bool
}

// chooseRuntime chooses the runtime of a step's tool: that of PATH if it has the version that the project pins, else
// the version in the folders of version managers that fits better. A program in an environment of the project, and
// one that the caller chose by a variable, are taken as they are.
func (r *Runner) chooseRuntime(ctx context.Context, s runner.Step) choice {
	k, known := runtimes[s.Tool.Runtime]
	if !known || s.Tool.Pin == "" && (s.Tool.Version == "" || !isRuntime(*s.Tool, k)) {
		return choice{}
	}
	best := r.choiceOfPath(ctx, s, k)
	if best.fit == fits || best.by != "" || best.own {
		return best
	}
	for _, v := range k.installed(r.caller(s)) {
		if isWhole(v.name) && fitOf(s.Tool.Pin, v.name, v.name) >= best.fit || r.brings(v.dir) {
			continue
		}
		if c := r.choiceOf(ctx, s, k, v); c.fit < best.fit {
			best = c
		}
		if best.fit == fits {
			break
		}
	}
	return best
}

// isRuntime reports whether a tool is its runtime, and not a program that runs with it.
func isRuntime(t plan.Tool, k runtimeKind) bool { return slices.Equal(t.Check, k.check) }

// choiceOfPath returns the runtime in PATH.
func (r *Runner) choiceOfPath(ctx context.Context, s runner.Step, k runtimeKind) choice {
	c := choice{runtime: s.Tool.Runtime, fit: unusable, by: k.chosenBy(r.caller(s))}
	full, ok := r.find(s, k.check[0])
	if !ok || mayInstall(full) {
		return c
	}
	c.path, c.own = full, r.brings(full)
	version, reason := r.version(ctx, s, full, k.check)
	switch {
	case reason != "":
		return c
	case version == "": // nothing can be said of it before it runs
		return choice{own: true, fit: fits}
	}
	c.version, c.fit = version, r.fitOf(*s.Tool, k, version, "")
	if c.by == "" && c.fit != unusable && rustupObeys(*s.Tool, full) {
		c.fit = fits
	}
	return c
}

// rustupObeys reports whether a program of Rust is rustup's, which obeys the file that pins the version.
func rustupObeys(t plan.Tool, program string) bool {
	_, beside := executable(filepath.Join(filepath.Dir(program), "rustup"), endings(nil))
	return beside && strings.HasPrefix(path.Base(t.PinnedBy), "rust-toolchain")
}

// choiceOf returns a version in the folder of a version manager.
func (r *Runner) choiceOf(ctx context.Context, s runner.Step, k runtimeKind, v installed) choice {
	c := choice{runtime: s.Tool.Runtime, dir: v.dir, fit: unusable}
	full, ok := executable(filepath.Join(v.dir, k.check[0]), endings(r.o.Env))
	if !ok {
		return c
	}
	version, reason := r.version(ctx, s, full, k.check)
	if reason == "" {
		c.path, c.version, c.fit = full, version, r.fitOf(*s.Tool, k, version, v.name)
	}
	return c
}

// fitOf returns how well a version of a runtime suits a tool.
func (r *Runner) fitOf(t plan.Tool, k runtimeKind, version, name string) fit {
	if ok, err := accepts(t.Version, version); isRuntime(t, k) && err == nil && !ok {
		return unusable
	}
	return fitOf(t.Pin, version, name)
}

// describe returns the chosen version, from where and for which reason, and what the project pins.
func (r *Runner) describe(c choice, t plan.Tool) string {
	pins := t.PinnedBy + " pins " + t.Pin
	if !pinnedVersion().MatchString(t.Pin) {
		pins = t.PinnedBy + " asks for " + t.Pin
	}
	text := c.runtime + " " + c.version
	if c.own {
		text += " is in " + filepath.ToSlash(r.environmentOf(c))
	} else {
		text += " is here"
	}
	switch {
	case c.by != "":
		text += ", as " + c.by + " says"
	case t.Pin != "" && c.fit == fits:
		return text + ", as " + pins
	case t.Pin == "" && c.dir != "":
		return text + ", as the project asks for " + t.Version
	case t.Pin == "":
		return text
	}
	return text + ", and " + pins
}

// environmentOf returns the environment of the project that a program is in, relative to the project.
func (r *Runner) environmentOf(c choice) string {
	dir, err := filepath.Rel(r.o.Root, filepath.Dir(filepath.Dir(c.path)))
	if err != nil {
		return c.path
	}
	return dir
}

// mismatch returns how the chosen version differs from what the project pins; nil if it does not.
func (r *Runner) mismatch(c choice, t plan.Tool, env []string) *Mismatch {
	if c.runtime == "" || c.fit == fits || c.fit == unusable {
		return nil
	}
	m := &Mismatch{Text: r.describe(c, t), Excluded: c.fit != samePatch, Chosen: c.by != ""}
	switch k := runtimes[c.runtime]; {
	case c.own:
		m.Environment = filepath.ToSlash(r.environmentOf(c))
		m.Hint = fmt.Sprintf("remove %s: the next run makes it anew", filepath.ToSlash(r.environmentOf(c)))
	case isRuntime(t, k):
		m.Hint = cmp.Or(r.install(k, t.Pin, env), t.Install)
	default:
		m.Hint = r.install(k, t.Pin, env)
	}
	return m
}
