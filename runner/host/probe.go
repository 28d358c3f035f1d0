package host

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Found is a tool that is installed on this machine.
type Found struct {
	// Path is absolute.
	Path string
	// Version is the first dotted number of the tool's answer; empty if the plan has no way to ask.
	Version string
	// Dir is the folder of a version manager that has the runtime of the tool and comes first in PATH; empty if
	// PATH has it.
	Dir string
	// Runtime describes the runtime of the tool, if the project pins one: "python 3.12.4 is here, as
	// .python-version pins 3.12".
	Runtime string
	// Mismatch says how the runtime differs from what the project pins; nil if it does not.
	Mismatch *Mismatch

	with string // the version of the runtime of a tool that runs with one: "with python 3.12.4"
}

// Probe finds the tool of a step, with the folders of the project in front of PATH that the step has there, and
// asks for its version, unless it is in the project. Errors are *ToolError.
func (r *Runner) Probe(ctx context.Context, step runner.Step) (Found, error) {
	tool := *step.Tool
	step.ToolDir = ""
	chosen := r.chooseRuntime(ctx, step)
	step.ToolDir = chosen.dir
	found, err := r.probe(ctx, step)
	if chosen.runtime == "" {
		return found, err
	}
	found.Dir, found.Mismatch = chosen.dir, r.mismatch(chosen, tool, r.caller(step))
	if chosen.version != "" {
		found.Runtime = r.describe(chosen, tool)
	}
	if !isRuntime(tool, runtimes[chosen.runtime]) {
		found.with = "with " + chosen.runtime + " " + chosen.version
	}
	if fault, ok := errors.AsType[*ToolError](err); ok && chosen.fit == unusable {
		fault.Want = cmp.Or(fault.Want, tool.Pin)
		fault.Install = cmp.Or(r.install(runtimes[chosen.runtime], tool.Pin, r.caller(step)), fault.Install)
	}
	return found, err
}

// probe finds the tool of a step, and asks for its version.
func (r *Runner) probe(ctx context.Context, step runner.Step) (Found, error) {
	name, tool := step.ToolName, *step.Tool
	fault := &ToolError{Name: name, Want: tool.Version, Install: tool.Install}
	program := name
	if len(tool.Check) > 0 {
		program = tool.Check[0]
	}
	full, ok := r.find(step, program)
	if !ok {
		return Found{}, fault
	}
	found := Found{Path: full}
	if len(tool.Check) == 0 {
		return found, nil
	}
	if folder := r.toolchain(step); folder != "" {
		found.Runtime, found.with = "the toolchain in "+folder+" is not asked before it runs", toolchainStamp(folder)
		return found, nil
	}
	fault.Path, found.with = full, r.baseStamp(step, full, tool.Check)
	if found.Version, fault.Reason = r.answered(ctx, step, full, tool.Check); fault.Reason != "" {
		return found, fault
	}
	return r.accepted(ctx, step, found, fault)
}

// toolchain returns the folder of the toolchain of Rust that a file of the project names for a tool; "" if none does.
func (r *Runner) toolchain(step runner.Step) string {
	p, err := r.pinned(step.Plan.Dir)
	if err != nil || step.Tool.Runtime != plan.RuntimeRust {
		return ""
	}
	return p.toolchain
}

// toolchainStamp identifies a toolchain by its compiler and its folder, as the file system sees them.
func toolchainStamp(folder string) string {
	var k probeKey
	for _, name := range []string{".", "bin/cargo", "bin/rustc"} {
		file := resolved(filepath.Join(folder, filepath.FromSlash(name)))
		k.stamp(file, os.Stat)
	}
	return "toolchain " + strings.Join(k.words, " ")
}

// accepted returns what was found, and fault if the version is not one that the tool's constraint accepts. A version
// that is not known before it runs is taken, and any answer where there is no constraint.
func (r *Runner) accepted(ctx context.Context, step runner.Step, found Found, fault *ToolError) (Found, error) {
	if line, no := strings.CutPrefix(found.Version, unnumbered); no {
		if found.Version, found.with = "", line; step.Tool.Version == "" {
			return found, nil
		}
		fault.Reason = noVersion(line)
		return found, fault
	}
	fault.Version = found.Version
	ok, err := accepts(step.Tool.Version, found.Version)
	switch {
	case found.Version == "" || err == nil && ok:
		return found, nil
	case err != nil:
		fault.Reason = err.Error()
	case r.fetchesGo(ctx, step, found):
		found.Runtime = "go " + found.Version + " is here, and fetches the version that go.mod asks for"
		return found, nil
	}
	return found, fault
}

// An answer is what a program says of its version. It is asked once, for all steps.
type answer struct {
	once    sync.Once
	version string
	reason  string
}

// version returns the version that a program prints, or why there is none.
func (r *Runner) version(ctx context.Context, s runner.Step, path string, check []string) (version, reason string) {
	version, reason = r.answered(ctx, s, path, check)
	if line, no := strings.CutPrefix(version, unnumbered); no {
		return "", noVersion(line)
	}
	return version, reason
}

func noVersion(line string) string { return fmt.Sprintf("there is no version in %q", line) }

// answered returns the cached answer of a program, or asks it: a version, or unnumbered and what it says. A program of the project is not asked, but the one in the
// caller's PATH to which the environment of Python has a link is: it may have been upgraded since.
func (r *Runner) answered(ctx context.Context, s runner.Step, path string, check []string) (version, reason string) {
	if r.brings(path) {
		base, ok := r.basePython(s, path, check)
		if !ok {
			return recorded(path, check), ""
		}
		path = base
	}
	key, env, err := r.identity(s, path, check)
	if err != nil {
		return "", err.Error()
	}
	r.mu.Lock()
	a := r.asked[key]
	if a == nil {
		a = &answer{}
		r.asked[key] = a
	}
	r.mu.Unlock()
	a.once.Do(func() {
		if !r.o.Force && r.o.Store.Load(key, &a.version) {
			return
		}
		if a.version, a.reason = r.ask(ctx, path, check, env); a.reason == "" {
			r.o.Store.Save(key, a.version)
		}
	})
	return a.version, a.reason
}

// identity returns a key of everything that an answer depends on, and the environment to ask in.
func (r *Runner) identity(s runner.Step, path string, check []string) (key string, env []string, err error) {
	pinned, err := r.pinned(s.Plan.Dir)
	if err != nil {
		return "", nil, err
	}
	env = r.outside(s, pinned)
	k := probeKey{words: []string{"probe 2", r.o.Root}}
	k.stamp(path, os.Lstat)
	k.stamp(path, os.Stat)
	k.add(pinned.key, environ.Get(env, "PATH"))
	k.add(managerEnv(env)...)
	k.add("argv")
	k.add(check...)
	key, err = k.key()
	return key, env, err
}

// probeTimeout is how long a program may take to print its version.
const probeTimeout = 30 * time.Second

func (r *Runner) ask(ctx context.Context, path string, check, env []string) (version, reason string) {
	out, code, err := r.output(ctx, command{path: path, argv: check, dir: neutral(), env: env})
	switch {
	case err != nil:
		return "", err.Error()
	case code != 0:
		return "", strings.TrimSuffix(fmt.Sprintf("exit status %d: %s", code, text.FirstLine(out)), ": ")
	}
	if version = versionIn(out); version == "" {
		return unnumbered + text.FirstLine(out), ""
	}
	return version, ""
}

// unnumbered is in front of an answer without a number, as "(devel)" of a program that go install built: such a program
// is as good as any where the plan asks for no version.
const unnumbered = "unnumbered "

// output runs a command and returns what it prints, on both streams.
func (r *Runner) output(ctx context.Context, c command) (text string, code int, err error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	out := &buffer{}
	c.stdout, c.stderr = out, out
	state, stopped, err := r.run(ctx, c)
	switch {
	case err != nil:
		return "", 0, rootCause(err)
	case stopped:
		return "", 0, fmt.Errorf("it did not end within %s", probeTimeout)
	}
	return out.String(), state.ExitCode(), nil
}

// A buffer takes both streams of a process.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// maxProbeOutput is how much is kept of the output of a program that is asked for one line.
const maxProbeOutput = 64 << 10

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b.Write(p[:min(len(p), max(0, maxProbeOutput-b.b.Len()))])
	return len(p), nil
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
