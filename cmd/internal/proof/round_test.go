package proof

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// A round compares one run of davit with clean runs of its steps.
type round struct {
	*world
	before, after snapshot // the run of davit
	davit         outcome
}

// round runs davit and returns what is wrong with the result, or "".
func (w *world) round() (fault string, err error) {
	r := round{world: w}
	if r.before, err = look(w.dir); err != nil {
		return "", err
	}
	if r.davit, err = w.runDavit(); err != nil {
		return "", err
	}
	if r.after, err = look(w.dir); err != nil {
		return "", err
	}
	w.noticeEdits(r.before)
	w.last = r.after.of(w.name)
	if w.kind.refuses && r.davit.code == 2 {
		return "", nil
	}
	if fault, err = r.compare(); fault != "" {
		fault += fmt.Sprintf("davit exits with %d and says:\n%s", r.davit.code, r.davit.said)
	}
	return fault, err
}

// compare runs the steps one after the other without davit, each where the outputs of those before it are as
// davit has left them.
func (r *round) compare() (fault string, err error) {
	state, failed := r.before, outcome{}
	for _, s := range r.kind.steps {
		o, natural, err := r.native(s, state)
		if err != nil {
			return "", err
		}
		if fault, err := r.compareOutputs(s, state, natural); fault != "" || err != nil {
			return fault, err
		}
		if s.reads && r.changesTracked(state, natural) {
			o = outcome{1, "it changes a file that git tracks\n"}
		}
		state = natural.with(r.after, r.paths(s.outputs))
		if o.code != 0 {
			failed = o
		}
		if failed.code != 0 && r.kind.chained {
			break
		}
	}
	if fault = r.compareRest(state, failed); fault != "" {
		return fault, nil
	}
	return r.compareProgram()
}

// compareOutputs says which outputs of a step are neither what the step makes in the same folder nor what it
// makes where nothing of it is left from before. A file that was edited by hand, or that git tracks, is the
// former: only the step may change it.
func (r *round) compareOutputs(s step, state, natural snapshot) (fault string, err error) {
	got, _ := r.after.split(r.paths(s.outputs))
	want, _ := natural.split(r.paths(s.outputs))
	names := got.different(want)
	if r.kind.real { // no two builds in two folders are the same
		names = slices.DeleteFunc(names, func(name string) bool { return got[name].mode == want[name].mode })
	}
	if len(names) == 0 {
		return "", nil
	}
	_, pristine := state.split(r.paths(s.remade))
	_, clean, err := r.native(s, pristine)
	for _, name := range names {
		is, wanted := r.after.show(name), clean.show(name)
		if r.isUsers(name) {
			wanted = natural.show(name)
		}
		if is != wanted {
			fault += fmt.Sprintf("output %q: %s\n", name, difference(is, wanted))
		}
	}
	return fault, err
}

// isUsers reports whether a file was edited by hand or is tracked by git.
func (r *round) isUsers(name string) bool {
	_, edited := r.mine[strings.TrimPrefix(name, r.name+"/")]
	return edited || r.tracks(name)
}

// compareRest says where davit changed what no step makes, or has another verdict than the steps.
func (r *round) compareRest(state snapshot, failed outcome) string {
	names := state.different(r.after)
	if r.kind.real {
		names = slices.DeleteFunc(names, func(name string) bool { return !r.had(name) })
	}
	if len(names) > 0 {
		return fmt.Sprintf("%q: %s\n", names[0], difference(r.after.show(names[0]), state.show(names[0])))
	}
	switch {
	case r.davit.code > 1:
		return "davit does not run the steps\n"
	case failed.code != 0 && r.davit.code == 0:
		return fmt.Sprintf("davit is green; a clean run exits with %d and says:\n%s", failed.code, failed.said)
	case failed.code == 0 && r.davit.code != 0:
		return "davit is red; a clean run is green\n"
	}
	return ""
}

// had reports whether a file was in the project before the run.
func (r *round) had(name string) bool {
	_, there := r.before[name]
	return there && within([]string{r.name}, name)
}

// compareProgram says where the program that the steps have built is not what a clean run builds.
func (r *round) compareProgram() (fault string, err error) {
	if r.kind.program == "" || r.davit.code != 0 {
		return "", nil
	}
	is, err := r.behaviour(r.dir)
	if err != nil {
		return fmt.Sprintf("the program cannot be run: %v\n", err), nil
	}
	wanted, err := r.behaviour(r.store("clean"))
	if err != nil || is == wanted {
		return "", err
	}
	return "the program: " + difference(is, wanted) + "\n", nil
}

// noticeEdits finds the files and links among the outputs that are not as davit has left them, and forgets
// those that are not there any more.
func (w *world) noticeEdits(before snapshot) {
	now := before.of(w.name)
	for name, n := range now {
		if w.last != nil && w.last[name] != n && !n.mode.IsDir() {
			w.mine[name] = n
		}
	}
	maps.DeleteFunc(w.mine, func(name string, n node) bool { return now[name] != n })
}

// changesTracked reports whether a step has changed a file that a repository tracks.
func (r *round) changesTracked(before, after snapshot) bool {
	for name := range maps.Keys(before) {
		if before[name] != after[name] && before[name].mode&fs.ModeDir == 0 && r.tracks(name) {
			return true
		}
	}
	return false
}

// tracks reports whether the repository that a file of the world is in tracks it.
func (r *round) tracks(name string) bool {
	folder, base := filepath.Split(filepath.Join(r.dir, name))
	return gitIn(folder, "ls-files", "--error-unmatch", "--", ":(literal)"+base) == nil
}

// difference shows two texts without what is the same at their beginnings and ends.
func difference(is, wanted string) string {
	start, end := 0, 0
	for start < min(len(is), len(wanted)) && is[start] == wanted[start] {
		start++
	}
	for end < min(len(is), len(wanted))-start && is[len(is)-1-end] == wanted[len(wanted)-1-end] {
		end++
	}
	start, end = max(0, start-around), max(0, end-around)
	return fmt.Sprintf("is …%.300s…, a clean run makes it …%.300s…", is[start:len(is)-end],
		wanted[start:len(wanted)-end])
}

// around is how much of what is the same is shown.
const around = 20
