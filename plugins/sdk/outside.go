package sdk

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/davit-dev/davit/plugins/plan"
)

// An Outside is what the manifests of a project name outside of it, which decides results as the files of the
// project do: folders with code, single files, and what davit cannot follow.
type Outside struct {
	folders   []string // "../lib"
	files     []string // "../common/requirements.txt"
	untracked []string // "go.mod replaces example.com/x by /src/x"
}

// Folder records a folder that a manifest names, as seen from a folder of the project. It returns the path of
// one that is in the project, and "" for any other. The sentence says who names it, in case that davit cannot
// follow the path: "go.mod replaces example.com/x by /src/x".
func (o *Outside) Folder(dir, to, sentence string) string {
	name := o.locate(dir, to, sentence)
	if leadsOut(name) {
		o.folders = append(o.folders, name)
		return ""
	}
	return name
}

// File records a file that a manifest names, as Folder does a folder.
func (o *Outside) File(dir, to, sentence string) string {
	if path.Base(path.Join(dir, to)) == ".." {
		return o.Folder(dir, to, sentence)
	}
	name := o.locate(dir, to, sentence)
	if leadsOut(name) {
		o.files = append(o.files, name)
		return ""
	}
	return name
}

// Untracked records that results depend on something that davit cannot follow. The sentence says what names
// it: "go.mod replaces example.com/x by /src/x".
func (o *Outside) Untracked(format string, args ...any) {
	o.untracked = append(o.untracked, fmt.Sprintf(format, args...))
}

// HasFolders reports whether a folder outside of the project was recorded.
func (o *Outside) HasFolders() bool { return len(o.folders) > 0 }

// locate returns the path that a manifest names as seen from the root of the project, or "".
func (o *Outside) locate(dir, to, sentence string) string {
	if !followable(to) {
		o.Untracked("%s", sentence)
		return ""
	}
	return path.Join(dir, to)
}

// followable reports whether a path is a relative one without variables.
func followable(to string) bool {
	return to != "" && !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "~") &&
		!strings.ContainsAny(to, "\\$%:") && !strings.ContainsFunc(to, unicode.IsControl)
}

func leadsOut(name string) bool { return name == ".." || strings.HasPrefix(name, "../") }

// Apply adds what was recorded to a plan. If davit cannot follow something, no result of the plan is kept,
// and a decision says why.
func (o *Outside) Apply(p *plan.Plan) {
	slices.Sort(o.folders)
	slices.Sort(o.files)
	p.DependsOn = slices.Compact(slices.Concat(p.DependsOn, o.folders))
	for id, s := range p.Steps {
		if s.Op != plan.OpImage && !s.NoCache {
			s.Settings = union(s.Settings, fileSettings(o.files))
		}
		s.NoCache = s.NoCache || len(o.untracked) > 0
		p.Steps[id] = s
	}
	slices.Sort(o.untracked)
	for _, sentence := range slices.Compact(o.untracked) {
		p.Decisions = append(p.Decisions, "results are not kept: "+sentence+", which davit does not follow")
	}
}

// fileSettings returns the settings that cover files outside of the project. A setting means all folders
// above the project, so its name has one ".." only.
func fileSettings(files []string) (settings []string) {
	for _, name := range files {
		for strings.HasPrefix(name, "../../") {
			name = name[len("../"):]
		}
		settings = append(settings, name)
	}
	return settings
}

// union returns a list with those of the others that it lacks.
func union(list, others []string) []string {
	for _, name := range others {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
