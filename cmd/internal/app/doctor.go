package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/disk"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// A Check is one thing that work on the project needs, and how it stands here:
// {"name":"go","ok":false,"detail":"go >=1.26 is needed, and is not in PATH","remedy":"https://go.dev/dl"}.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// Detail is what was found, or what is wrong.
	Detail string `json:"detail"`
	// Remedy is what helps, if something is wrong.
	Remedy string `json:"remedy,omitempty"`
}

// NewCheck returns a check that failed with err, or found detail if err is nil.
func NewCheck(name, detail string, err error) Check {
	if err == nil {
		return Check{Name: name, OK: true, Detail: detail}
	}
	c := Check{Name: name, Detail: err.Error()}
	if h := ui.Hinter(nil); errors.As(err, &h) {
		c.Remedy = h.Hint()
	}
	return c
}

// Doctor returns how this machine stands for the project: its plugins, the tools that their steps name, its secrets, git, the
// cache and the disk. Nothing of the project is run.
func (p *Project) Doctor(ctx context.Context) (all []Check) {
	for _, f := range p.Failures {
		all = append(all, Check{Name: "plugin " + f.Plugin, Detail: f.Err.Error(), Remedy: "davit targets goes on without it"})
	}
	all = append(all, p.checkTools(ctx)...)
	all = append(all, p.checkSecrets()...)
	return append(all, p.checkGit(ctx), p.checkCache(), checkDisk("disk of the project", p.Root.Dir))
}

// checkTools returns a check for each tool and version that the steps of the project name.
func (p *Project) checkTools(ctx context.Context) (all []Check) {
	e := p.executor(Request{}, p.Environ)
	defer e.close(p)
	on, _ := p.on(Request{})
	inContainers := on != onHost && p.Engine != nil && (p.Offline || p.mayUseEngine(ctx, Request{}))
	var seen []string
	for _, s := range p.toolSteps() {
		found, err := e.host.FindTool(ctx, s)
		c := checkTool(s, found, err)
		if !c.OK && inContainers && s.Tool.Image != "" && (err != nil || moves(found.Mismatch)) { // the engine has its own check
			c = Check{Name: c.Name, OK: true, Detail: c.Detail + ": its steps run in containers (" + s.Tool.Image + ")"}
		}
		if key := fmt.Sprint(c); !slices.Contains(seen, key) && (found.Path != "" || err != nil) {
			seen = append(seen, key)
			all = append(all, c)
		}
	}
	return all
}

// checkTool returns whether the tool of a step is here, in a version that the project takes. Another one that it takes all
// the same, with a warning in each run, is named.
func checkTool(s runner.Step, found host.Found, err error) Check {
	m := found.Mismatch
	switch {
	case err != nil || m == nil:
		return NewCheck(s.ToolName, describeFound(found), err)
	case m.Excluded:
		return Check{Name: s.ToolName, Detail: m.Text, Remedy: m.Hint}
	}
	return NewCheck(s.ToolName, describeFound(found), nil) // which has the text of the mismatch
}

// moves reports whether steps run in containers because of a mismatch: see excluded.
func moves(m *host.Mismatch) bool { return m != nil && m.Excluded && !m.Chosen }

// checkSecrets returns a check for each secret that project.toml names.
func (p *Project) checkSecrets() (all []Check) {
	for _, name := range slices.Sorted(maps.Keys(p.Config.Secrets)) {
		from, verb := p.Config.Secrets[name].File, " can be read"
		if variable := p.Config.Secrets[name].Env; variable != "" {
			from, verb = variable, " is set"
		}
		c := NewCheck("secret "+name, from+verb, nil)
		if _, err := (secretReader{p}).secret(runner.Step{}, name); err != nil {
			c = NewCheck(c.Name, "", err)
			c.Detail = from + " is missing or empty"
		}
		all = append(all, c)
	}
	return all
}

// toolSteps returns a step of each tool that the targets of the project use, in the order of their names.
func (p *Project) toolSteps() (steps []runner.Step) {
	seen := map[string]bool{}
	for _, target := range p.Resolution.Names() {
		job, err := p.Plan(Request{Targets: []string{target}, IfOffered: true, Unset: true})
		if err != nil {
			continue // which davit TARGET says
		}
		for _, s := range job.Graph.Steps() {
			if s.Tool == nil || seen[s.Plugin+s.ToolName+s.Plan.Dir] {
				continue
			}
			seen[s.Plugin+s.ToolName+s.Plan.Dir] = true
			steps = append(steps, s)
		}
	}
	slices.SortStableFunc(steps, func(a, b runner.Step) int { return strings.Compare(a.ToolName, b.ToolName) })
	return steps
}

// describeFound describes a tool that was found.
func describeFound(f host.Found) string {
	text := strings.TrimSpace(f.Path + " " + f.Version)
	if f.Runtime != "" {
		text += ", " + f.Runtime
	}
	return text
}

// checkGit returns which git is here, and whether it reads the repository.
func (p *Project) checkGit(ctx context.Context) Check {
	program, err := tree.Git(p.Root.Dir)
	if err != nil {
		return Check{Name: "git", Detail: "git is not in PATH",
			Remedy: "install git: without it the files of a project are found by a walk, and checks, package and deploy are refused"}
	}
	version, err := exec.CommandContext(ctx, program, "--version").Output() // outside of the project: see tree.Git
	return NewCheck("git", program+" "+strings.TrimPrefix(strings.TrimSpace(string(version)), "git version "), err)
}

// checkCache returns whether results can be kept.
func (p *Project) checkCache() Check {
	if p.Cache == "" {
		return Check{Name: "cache", Detail: "there is no folder for it, so that nothing is kept between runs",
			Remedy: "DAVIT_CACHE=DIR names one"}
	}
	if err := tryWriting(p.Cache); err != nil {
		return Check{Name: "cache", Detail: "nothing is kept between runs: " + err.Error(), Remedy: "DAVIT_CACHE=DIR names a folder that can be written"}
	}
	c := checkDisk("cache", p.Cache)
	c.Detail = p.Cache + ": " + c.Detail
	if !c.OK {
		c.Remedy = "free some space; DAVIT_CACHE=DIR moves the cache"
	}
	return c
}

// tryWriting makes a folder if it is not there, and returns why no file can be written in it.
func tryWriting(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// enough is how many bytes should be free. A build with an image takes about as much.
const enough = 1 << 30

// checkDisk returns whether a file system has room. A folder that is not there yet counts as the one above it.
func checkDisk(name, dir string) Check {
	free, err := disk.Free(dir)
	for err != nil && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		free, err = disk.Free(dir)
	}
	c := NewCheck(name, fmt.Sprintf("%.1f GB free", float64(free)/1e9), err)
	if c.OK && free < enough {
		c.OK, c.Remedy = false, "free some space: a build may need a gigabyte"
	}
	return c
}
