package runner

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
)

// Guarded wraps a Runner so that effects are what they say. In a git repository the files that git tracks are looked at,
// elsewhere all but what tools are known to leave:
//
//   - a step of effect "reads" that left one changed or deleted fails, and its reason names the files;
//   - a step of effect "builds" that did, outside its outputs, and one that succeeded without leaving its outputs, is warned of.
//
// A step in a container cannot change the project, and is not looked at; what comes back of it is its outputs.
//
// What is a declared output of a step that ran at the same time is not held against anybody. Who of several steps changed a
// file cannot be told, so each "reads" step among them fails and names the others.
func Guarded(r Runner, files *Files) Runner {
	return &guard{Runner: r, files: files, active: map[*watch]bool{}}
}

type guard struct {
	Runner
	files  *Files
	mu     sync.Mutex
	active map[*watch]bool
}

// watch is one step that runs.
type watch struct {
	step   Step
	view   *view
	before tree.Snapshot
	others []Step // that ran at the same time
}

func (g *guard) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	w := g.enter(s)
	defer g.leave(w)
	if s.Where == InContainer {
		defer g.files.changed()
		return g.Runner.Run(ctx, s, emit)
	}
	if err := g.snapshotBefore(ctx, w); err != nil {
		if ctx.Err() != nil {
			return Result{Status: ui.StatusCancelled, Reason: "interrupted"}
		}
		return Result{Status: ui.StatusFailed, Reason: "what it may not change cannot be read: " + err.Error()}
	}
	r := g.Runner.Run(ctx, s, emit)
	if s.Effect != Reads {
		g.files.changed()
	}
	if r.Status == ui.StatusSkipped {
		return r
	}
	if r.Status == ui.StatusOK {
		g.warnMissing(s, emit)
	}
	return g.verdict(w, r, emit)
}

// enter registers a step with those that run.
func (g *guard) enter(s Step) *watch {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := &watch{step: s}
	for other := range g.active {
		other.others = append(other.others, s)
		w.others = append(w.others, other.step)
	}
	g.active[w] = true
	return w
}

func (g *guard) leave(w *watch) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.active, w)
}

// snapshotBefore remembers the files as they are before the step.
func (g *guard) snapshotBefore(ctx context.Context, w *watch) (err error) {
	if w.step.Effect != Reads && w.step.Effect != Builds {
		return nil
	}
	if w.view, err = g.files.now(ctx); err != nil {
		return err
	}
	w.before, err = g.files.index.Hash(w.view.guarded)
	return err
}

// verdict looks at the files again.
func (g *guard) verdict(w *watch, r Result, emit func(ui.Event)) Result {
	if w.before == nil {
		return r
	}
	after, err := g.files.index.Hash(w.view.guarded)
	if err != nil {
		return failure(r, "what it may not change cannot be read: "+err.Error())
	}
	g.mu.Lock()
	others := slices.Clone(w.others)
	g.mu.Unlock()
	changed := w.unexplained(w.before.Diff(after), others)
	if len(changed) == 0 {
		return r
	}
	if w.step.Effect == Builds {
		emit(ui.Event{Type: ui.EventWarning, Step: w.step.ID, Text: "it changed " + abbreviate(changed) + ", outside its outputs" + concurrentNote(others)})
		return r
	}
	r = failure(r, "it must only read, and changed "+abbreviate(changed)+concurrentNote(others))
	if r.Hint == "" && w.view.git {
		r.Hint = "see git diff -- " + Quote(changed[:min(len(changed), maxNamed)])
	}
	return r
}

// failure makes a result a failure; one that is a failure already keeps its own reason in front.
func failure(r Result, reason string) Result {
	if r.Status == ui.StatusOK {
		return Result{Status: ui.StatusFailed, Reason: reason, Hint: r.Hint}
	}
	r.Reason += "; " + reason
	return r
}

// unexplained are the changed files that no step may have made as its output. What a "reads" step declares and git tracks all the
// same is no output: it would change with every run.
func (w *watch) unexplained(changed []string, others []Step) []string {
	var made []string
	if w.step.Effect == Builds || !w.view.git {
		made = madePaths(w.step)
	}
	for _, s := range others {
		if s.Effect != Reads || !w.view.git {
			made = append(made, madePaths(s)...)
		}
	}
	return slices.DeleteFunc(changed, func(name string) bool { return covered(made, name) })
}

// madePaths are the files and folders that a step makes, for others or for itself.
func madePaths(s Step) []string {
	made := slices.Clone(s.Plan.Outputs)
	if s.Plan.Stamp != "" {
		made = append(made, s.Plan.Stamp)
	}
	for _, c := range s.Plan.Caches {
		if c.Path != "" {
			made = append(made, c.Path)
		}
	}
	for _, r := range s.Plan.Reports {
		if r.Path != "" {
			made = append(made, r.Path)
		}
	}
	return made
}

// covered tells whether a file is one of the paths or below one; a path may be a glob.
func covered(paths []string, name string) bool {
	return len(paths) > 0 && len(tree.Match(paths, []string{name})) > 0
}

// warnMissing warns of outputs that are not there.
func (g *guard) warnMissing(s Step, emit func(ui.Event)) {
	root, err := g.files.root()
	if err != nil {
		return
	}
	for _, name := range s.Plan.Outputs {
		if _, err := root.Lstat(local(name)); os.IsNotExist(err) {
			emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: fmt.Sprintf("it succeeded without making %q, which its plan says it makes", name)})
		}
	}
}

// maxNamed is how many files a message names.
const maxNamed = 5

func abbreviate(names []string) string {
	if len(names) <= maxNamed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNamed], ", "), len(names)-maxNamed)
}

func concurrentNote(others []Step) string {
	if len(others) == 0 {
		return ""
	}
	var ids []string
	for _, s := range others {
		ids = append(ids, s.ID)
	}
	return " (or this did, at the same time: " + strings.Join(ids, ", ") + ")"
}
