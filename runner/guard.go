package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
)

// Guarded wraps a Runner so that effects are enforced. It compares the files before and after a step: in a
// git repository those that git tracks, elsewhere all but those that tools are known to leave.
//
//   - A step of effect "reads" that changed or deleted one fails, and its reason names the files. So does one that
//     changed what git has staged, or has checked out.
//   - A step of effect "builds" gets a warning if it did so outside its outputs, or if it succeeded without
//     making an output.
//   - A step of either gets a warning if it made git run other hooks.
//
// A step in a container cannot change the project, so its files are not compared; it only returns its
// outputs.
//
// A declared output of a step that ran at the same time is ignored. Which of several steps changed a file
// cannot be known, so each "reads" step among them fails and names the others, but for those whose commands are known
// to write nothing.
//
// Nothing is put back. The hint of the step undoes the change of files that git has as they were; the earlier contents
// of others are saved in the folder kept, unless that is "".
func Guarded(r Runner, files *Files, kept string, now func() time.Time) Runner {
	return &guard{Runner: r, files: files, active: map[*watch]bool{}, keeper: &keeper{files, kept, now}}
}

type guard struct {
	Runner
	files  *Files
	keeper *keeper
	mu     sync.Mutex
	active map[*watch]bool
	index  stagedState // as it was read last
}

// A watch is a step that runs.
type watch struct {
	step   Step
	view   *view
	before tree.Snapshot
	mine   map[string][]byte // contents of files that git does not have
	git    gitState
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
		return Result{Status: ui.StatusFailed, Reason: "cannot check that it changed no file: " + err.Error()}
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
	g.warnHooks(w, emit)
	return g.verdict(ctx, w, r, emit)
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

// snapshotBefore hashes the files before the step.
func (g *guard) snapshotBefore(ctx context.Context, w *watch) (err error) {
	if w.step.Effect != Reads && w.step.Effect != Builds {
		return nil
	}
	if w.view, err = g.files.now(ctx); err != nil {
		return err
	}
	if w.step.Effect == Reads {
		w.mine = g.keeper.before(ctx, w.view)
	}
	w.git = g.gitState()
	w.before, err = g.files.index.Hash(w.view.guarded)
	return err
}

// warnHooks warns of a step that made git run other hooks, as the install scripts of some projects do.
func (g *guard) warnHooks(w *watch, emit func(ui.Event)) {
	if w.before == nil {
		return
	}
	if did := hooksOf(g.files.tree).since(w.git.hooks); did != "" {
		g.mu.Lock()
		text := "it " + did + concurrentNote(w.others)
		g.mu.Unlock()
		emit(ui.Event{Type: ui.EventWarning, Step: w.step.ID, Text: text})
	}
}

// verdict hashes the files again and returns the result of the step.
func (g *guard) verdict(ctx context.Context, w *watch, r Result, emit func(ui.Event)) Result {
	if w.before == nil {
		return r
	}
	after, err := g.files.index.Hash(w.view.guarded)
	if errors.Is(err, context.Canceled) {
		return r // the run has been stopped, whatever changed
	}
	if err != nil {
		return failure(r, "cannot check that it changed no file: "+err.Error())
	}
	g.mu.Lock()
	others := slices.Clone(w.others)
	g.mu.Unlock()
	changed, inGit := w.unexplained(w.before.Diff(after), others), g.changeOfGit(ctx, w.git)
	if len(changed)+len(inGit.did) == 0 || w.innocent(others) {
		return r
	}
	if w.step.Effect == Builds {
		warnChanged(w.step, changed, inGit, others, emit)
		return r
	}
	did := inGit.did
	if len(changed) > 0 {
		did = append([]string{"changed " + abbreviate(changed)}, did...)
	}
	r = failure(r, blame(did, suspects(others)))
	r.Hint = cmp.Or(r.Hint, joinedHints(joinedHints(g.undo(w, changed), inGit.hint()), oneByOne(others)))
	return r
}

// blame returns the reason of a check that did something. Where another one may have done it, it blames neither.
func blame(did []string, others []Step) string {
	what := strings.Join(did, " and ")
	if len(others) == 0 {
		return "it must only read, and " + what
	}
	return "it must only read; it or " + oneOf(others) + ", at the same time, " + what
}

// warnChanged warns of what a build did beside making its outputs.
func warnChanged(s Step, changed []string, inGit gitChange, others []Step, emit func(ui.Event)) {
	var texts []string
	if len(changed) > 0 {
		texts = append(texts, "changed "+abbreviate(changed)+", outside its outputs")
	}
	for _, did := range append(texts, inGit.did...) {
		emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: "it " + did + concurrentNote(others)})
	}
}

// oneByOne returns how to find out which of several steps writes.
func oneByOne(others []Step) string {
	if len(suspects(others)) == 0 {
		return ""
	}
	return "with -j 1 the steps run one after the other, and only the one that writes fails"
}

func joinedHints(one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return one + "; " + other
}

// undo returns what brings back the files that a step changed, and where the contents are that git does not have.
func (g *guard) undo(w *watch, changed []string) (hint string) {
	dir, saved := g.keeper.save(changed, w.mine)
	restorable := slices.DeleteFunc(slices.Clone(changed), func(name string) bool {
		return w.mine[name] != nil || w.view.inner[name]
	})
	if w.view.git && len(restorable) > 0 {
		hint = "git restore " + Quote(restorable[:min(len(restorable), maxNamed)]) + " undoes that"
	}
	if len(saved) == 0 {
		return hint
	}
	if hint != "" {
		hint += "; "
	}
	return hint + "the earlier content of " + abbreviate(saved) + " is in " + dir
}

// innocent reports whether the command of a step is known to write nothing, while others ran that may have written.
func (w *watch) innocent(others []Step) bool {
	return w.step.Plan.ReadOnly && len(suspects(others)) > 0
}

// suspects returns the steps whose commands are not known to write nothing.
func suspects(steps []Step) []Step {
	return slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { return s.Plan.ReadOnly })
}

// failure returns a result as a failure. One that is a failure already keeps its own reason in front.
func failure(r Result, reason string) Result {
	if r.Status == ui.StatusOK {
		return Result{Status: ui.StatusFailed, Reason: reason, Hint: r.Hint}
	}
	r.Reason += "; " + reason
	return r
}

// unexplained returns the changed files that no step may have made as its output. A file that a "reads" step
// declares as an output and that git tracks is not an output: it would change with every run.
func (w *watch) unexplained(changed []string, others []Step) []string {
	var made []string
	if w.step.Effect == Builds || !w.view.git {
		made = w.step.Made()
	}
	for _, s := range others {
		if s.Effect != Reads || !w.view.git {
			made = append(made, s.Made()...)
		}
	}
	return slices.DeleteFunc(changed, func(name string) bool { return covered(made, name) })
}

// covered reports whether a file is one of the paths or below one. A path may be a glob.
func covered(paths []string, name string) bool {
	return len(paths) > 0 && len(tree.Match(paths, []string{name})) > 0
}

// warnMissing warns of outputs that are missing.
func (g *guard) warnMissing(s Step, emit func(ui.Event)) {
	root, err := g.files.root()
	if err != nil {
		return
	}
	for _, name := range s.Plan.Outputs {
		if _, err := root.Lstat(local(name)); os.IsNotExist(err) && !s.Optional(name) {
			text := fmt.Sprintf("it succeeded without making %q, which its plan says it makes", name)
			emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: text})
		}
	}
}

// maxNamed is the number of files that a message names.
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
	return " (it or " + oneOf(others) + ", at the same time)"
}

// oneOf names steps of which one did something.
func oneOf(steps []Step) string {
	var ids []string
	for _, s := range steps {
		ids = append(ids, s.ID)
	}
	return text.Or(ids)
}
