package app

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// unrun returns a sentence with what the task files of a project offer as a check of a kind and no step does, if there is
// any. Of several tasks that run the same, the shortest is named.
func (d *done) unrun(kind string, tasks []pipelines.Task, said []string) []string {
	var files, texts []string
	known := append(slices.Clone(said), d.told...)
	for _, t := range d.lacking(kind, tasks) {
		if isSaid(known, t.Calls[0].Plain()) || !slices.ContainsFunc(t.runs, func(text string) bool { return !isSaid(known, text) }) {
			continue
		}
		runs := append(t.runs, t.More()...)
		known, d.told = append(known, runs...), append(d.told, runs...)
		texts = append(texts, d.lists.short(t.Calls[0].Plain())+at(t.Calls[0].Dir))
		if !slices.Contains(files, t.File) {
			files = append(files, t.File)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s leaves out what is also in %s: %s", kind, text.And(files), d.lists.of(texts))}
}

// isSaid reports whether a sentence names a command, by all of its words: "make e2e" is not named by "make e2e-all".
func isSaid(said []string, text string) bool {
	return text != "" && slices.ContainsFunc(said, func(s string) bool {
		for at := 0; ; at++ {
			next := strings.Index(s[at:], text)
			if next < 0 {
				return false
			}
			at += next
			if startsItem(s[:at]) && endsItem(s[at+len(text):]) {
				return true
			}
		}
	})
}

// startsItem and endsItem report whether a part of a sentence ends, or begins, beside a command that the sentence names.
func startsItem(before string) bool {
	return before == "" || slices.ContainsFunc([]string{": ", ", ", " and ", "leaves out ", "calls "}, func(s string) bool { return strings.HasSuffix(before, s) })
}

func endsItem(after string) bool {
	return after == "" || slices.ContainsFunc([]string{", ", "; ", " and ", " in ", " ("}, func(s string) bool { return strings.HasPrefix(after, s) })
}

// A lackingTask is a task that checks something which no step does, and the commands that do.
type lackingTask struct {
	pipelines.Task
	runs []string
}

// lacking returns the tasks that check something of a kind which no step does, those that run the fewest commands first.
func (d *done) lacking(kind string, tasks []pipelines.Task) (all []lackingTask) {
	for _, t := range tasks {
		if runs := d.lacks(t, kind); len(runs) > 0 {
			all = append(all, lackingTask{t, runs})
		}
	}
	slices.SortStableFunc(all, func(a, b lackingTask) int { return len(a.Calls) - len(b.Calls) })
	return all
}

// lacks returns the commands of a task that check something of a kind and that no step runs. A task that runs no check that
// is known is one by its name, or if its tool runs it by default.
func (d *done) lacks(t pipelines.Task, kind string) (runs []string) {
	inner := t.Calls[1:]
	switch {
	case d.runs(t.Calls[0], inner):
	case t.Kind() == kind && !slices.ContainsFunc(inner, checksAny):
		return []string{t.Calls[0].Plain()}
	default:
		_, missing := d.missing(inner, kind)
		for _, c := range missing {
			if !strings.HasPrefix(c.Plain(), "cargo build") { // a task that builds checks nothing
				runs = append(runs, c.Plain())
			}
		}
	}
	return append(runs, d.exceeds(t, kind)...)
}

// exceeds returns what a task for all checks runs besides those of a kind that steps run, and that may check more.
func (d *done) exceeds(t pipelines.Task, kind string) []string {
	covers := func(c pipelines.Call) bool {
		_, runs := d.step(c)
		return runs && len(c.Checks(kind)) > 0
	}
	if _, same := d.same(t.Calls[0]); same || !t.Whole() || t.Beside != kind && !slices.ContainsFunc(t.Calls[1:], covers) {
		return nil
	}
	return slices.DeleteFunc(t.More(), func(text string) bool { return !mayCheck(text) || d.runsText(text) })
}

// checksAny reports whether a command is a check of a kind that is known.
func checksAny(c pipelines.Call) bool {
	return slices.ContainsFunc([]string{pipelines.Style, pipelines.Test, pipelines.Security}, func(kind string) bool { return len(c.Checks(kind)) > 0 })
}

// offered returns the tasks of the root of the project and of the folders that steps work in, and the tests and checks of
// other folders with a task file.
func (p *Project) offered(files pipelines.Files, d *done) (tasks []pipelines.Task) {
	dirs := []string{"."}
	for _, c := range d.calls {
		if dir := path.Clean("./" + c.step.Plan.Dir); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		tasks = append(tasks, pipelines.Offered(files, dir)...)
	}
	for _, dir := range taskFolders(p.files) {
		if slices.Contains(dirs, dir) {
			continue
		}
		for _, t := range pipelines.Offered(files, dir) {
			if slices.Contains(wholeNames, t.Name) && isTaskFile(path.Base(t.File)) {
				tasks = append(tasks, t)
			}
		}
	}
	return tasks
}

// wholeNames are the names of the tasks that people call for all of a folder.
var wholeNames = []string{"test", "tests", "lint", "check", "style"}

// maxTaskFolders is how many folders with task files are read, besides those that steps work in.
const maxTaskFolders = 20

// taskFolders returns the folders with a Makefile, a justfile or a Taskfile, but for those of examples, tools and copies.
func taskFolders(names []string) (dirs []string) {
	for _, name := range names {
		dir := path.Dir(name)
		if isTaskFile(path.Base(name)) && dir != "." && !slices.Contains(dirs, dir) && len(dirs) < maxTaskFolders &&
			!sdk.Auxiliary(dir, supporting...) && !strings.HasPrefix(dir, ".") {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// supporting are folders whose task files are not those of the project.
var supporting = strings.Fields("vendor third_party thirdparty 3rdparty node_modules testdata fixtures templates template demo demos docs doc")

func isTaskFile(base string) bool {
	return slices.Contains([]string{"makefile", "gnumakefile", "justfile", ".justfile", "taskfile.yml", "taskfile.yaml"}, strings.ToLower(base))
}
