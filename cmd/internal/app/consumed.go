package app

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// A maker is a step that makes a file or a folder which other steps read.
type maker struct {
	provider, id string
	certain      bool // it is one of the outputs of the step
}

// addConsumed makes steps need those that make what they read: Go that embeds web/dist needs the build of web. The
// steps that are added may read what others make, too.
func (m *merger) addConsumed() {
	for i := 0; i < len(m.ids); i++ {
		s := m.steps[m.ids[i]]
		for _, name := range s.Plan.Consumes {
			m.addMaker(s, name)
		}
	}
}

// addMaker makes a step need the one that makes a file or a folder.
func (m *merger) addMaker(s *runner.Step, name string) {
	by, ok := m.project.maker(s, name)
	if !ok {
		if !m.project.has(name) {
			m.unmet = append(m.unmet, ui.Event{Type: ui.EventWarning, Step: s.ID,
				Text: fmt.Sprintf("reads %s, which git does not have, and no step says that it makes it", name)})
		}
		return
	}
	full := by.provider + ":" + by.id
	if m.add(by.provider, by.id); m.follows(full, s.ID) {
		return
	}
	made := &m.steps[full].Plan
	if !makes(*made, name) {
		made.Outputs = append(slices.Clip(made.Outputs), name)
	}
	s.Plan.Needs = appendNew(s.Plan.Needs, full)
	if len(s.Plan.Inputs) > 0 {
		s.Plan.Inputs = appendNew(s.Plan.Inputs, name)
	}
	m.consumed[s.ID] = append(m.consumed[s.ID], consumedNote(full, name, by.certain))
}

// consumedNote says for which file or folder a step needs another.
func consumedNote(id, name string, certain bool) string {
	if certain {
		return fmt.Sprintf("needs %s, which makes %s", id, name)
	}
	return fmt.Sprintf("needs %s, the nearest build, which may make %s (if it does not, consumes = [] in [targets.NAME] says so)", id, name)
}

// maker returns the step that makes a file or a folder for another step: the one whose outputs have it or, if there
// is none and git does not track it, the build of another stack in the nearest folder above it that does not say what
// it makes.
func (p *Project) maker(s *runner.Step, name string) (maker, bool) {
	for _, o := range p.Offers {
		for _, id := range slices.Sorted(maps.Keys(o.Plan.Steps)) {
			if o.Provider+":"+id != s.ID && makes(o.Plan.Steps[id], name) {
				return maker{o.Provider, id, true}, true
			}
		}
	}
	if p.tracks(name) {
		return maker{}, false
	}
	return p.nearestBuild(s.Plugin, name)
}

// makes reports whether a file or a folder is one of the outputs of a step, or in one, or has one in it. What fills
// an environment makes nothing.
func makes(s plan.Step, name string) bool {
	return s.Provides == nil && isCommand(s) && slices.ContainsFunc(s.Outputs, func(output string) bool {
		output, name := strings.TrimSuffix(output, "/"), strings.TrimSuffix(name, "/")
		return output == name || strings.HasPrefix(name, output+"/") || strings.HasPrefix(output, name+"/") ||
			len(tree.Match([]string{output}, []string{name})) > 0
	})
}

// tracks reports whether git tracks a file, or one below a folder.
func (p *Project) tracks(name string) bool {
	name = strings.TrimSuffix(name, "/")
	return slices.ContainsFunc(p.files, func(file string) bool { return file == name || strings.HasPrefix(file, name+"/") })
}

// has reports whether git tracks what a name or a pattern means.
func (p *Project) has(name string) bool {
	return p.tracks(name) || len(tree.Match([]string{name}, p.files)) > 0
}

// nearestBuild returns the step of "build" of another provider which does not say what it makes, in the nearest folder
// above a file.
func (p *Project) nearestBuild(except, name string) (by maker, ok bool) {
	nearest := -1
	for _, o := range p.Offers {
		for _, id := range o.Plan.Targets["build"] {
			s := o.Plan.Steps[id]
			depth := depthAbove(s.Dir, name)
			if o.Provider != except && isCommand(s) && mayMake(o, s) && depth > nearest {
				by, ok, nearest = maker{o.Provider, id, false}, true, depth
			}
		}
	}
	return by, ok
}

// mayMake reports whether a build may make a file without saying so. The toolchain of Go makes none but its programs.
func mayMake(o conventions.Offer, s plan.Step) bool {
	return len(s.Outputs) == 0 && o.Plan.Stack != "go"
}

// depthAbove returns how many folders deep a folder is that is above a file; -1 if it is not above it.
func depthAbove(dir, name string) int {
	dir = path.Clean(cmp.Or(dir, "."))
	switch {
	case dir == ".":
		return 0
	case strings.HasPrefix(name, dir+"/"):
		return 1 + strings.Count(dir, "/")
	}
	return -1
}

// ConsumedNotes returns the notes about what a step reads and other parts of the project make.
func (j *Job) ConsumedNotes(id string) []string {
	notes := slices.Clone(j.Consumed[id])
	for _, e := range j.Unmet {
		if e.Step == id {
			notes = append(notes, e.Text)
		}
	}
	return notes
}
