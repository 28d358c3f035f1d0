package make

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// taskfileNames are the names that Task looks for, in order.
var taskfileNames = []string{
	"Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml",
	"Taskfile.dist.yml", "taskfile.dist.yml", "Taskfile.dist.yaml", "taskfile.dist.yaml",
}

// taskTasks reads a Taskfile. The file argument is its name if it is configured.
func taskTasks(p *sdk.Project, name, file string) taskfile.File {
	out := taskfile.File{Name: name, Tool: "task"}
	text, _ := p.Read(name)
	if len(text) > maxBytes {
		return out
	}
	argv := []string{"task"}
	if file != "" {
		argv = []string{"task", "--taskfile", file}
	}
	t := parseTaskfile(name, text)
	out.Offers, out.Notes = t.offers(argv), t.notes
	return out
}

// A goTaskfile is a parsed Taskfile.
type goTaskfile struct {
	tasks []*task
	by    map[string]*task
	notes []string
}

// A task is one task of a Taskfile.
type task struct {
	name, source, summary string
	dir                   string // that its commands run in
	aliases, needs, body  []string
	requires              []string // variables that must be set
	hidden, needsTerminal bool
	args                  bool // it uses the arguments after "--"
	upToDate              bool // Task may take it for up to date, and run nothing
}

func parseTaskfile(name, text string) *goTaskfile {
	root := yaml.Parse(text)
	out := &goTaskfile{by: map[string]*task{}}
	for _, n := range root.Get("tasks").Entries() {
		if n.Key != "" && !strings.Contains(n.Key, "*") && out.by[n.Key] == nil {
			t := readTask(n, name)
			out.tasks = append(out.tasks, t)
			out.by[t.name] = t
		}
	}
	for _, n := range root.Get("includes").Entries() {
		out.notes = append(out.notes,
			name+":"+strconv.Itoa(n.Line)+" includes "+commentText(n.Key)+": its tasks are not offered")
	}
	return out
}

func readTask(n *yaml.Node, file string) *task {
	t := &task{name: n.Key, source: file + ":" + strconv.Itoa(n.Line)}
	t.dir = cmp.Or(n.Get("dir").Text(), ".")
	summary, _, _ := strings.Cut(cmp.Or(n.Get("desc").Text(), n.Get("summary").Text()), "\n")
	t.summary = commentText(summary)
	t.aliases = n.Get("aliases").List()
	t.needs = n.Get("deps").List()
	t.hidden = n.Get("internal").Text() == "true"
	t.needsTerminal = n.Get("interactive").Text() == "true" || n.Get("prompt") != nil
	t.upToDate = n.Get("sources") != nil || n.Get("status") != nil
	t.requires = required(n.Get("requires").Get("vars"))
	if n.Value != "" || len(n.Items()) > 0 {
		t.body = n.Texts()
	}
	t.body = append(append(t.body, n.Get("cmds").Texts()...), n.Get("cmd").Texts()...)
	t.needs = append(t.needs, taskCalls(n.Get("cmds"))...)
	t.needs = append(t.needs, taskCalls(n.Get("deps"))...)
	t.needs = append(t.needs, taskCalls(n)...) // the short form, a list of commands
	t.args = slices.ContainsFunc(n.Texts(), func(s string) bool { return strings.Contains(s, ".CLI_ARGS") })
	return t
}

// taskCalls returns the tasks in items of the form "- task: NAME".
func taskCalls(n *yaml.Node) (out []string) {
	for _, item := range n.Entries() {
		if name := item.Get("task").Text(); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// required returns names of variables: "- NAME", or "- name: NAME".
func required(n *yaml.Node) []string {
	out := n.List()
	for _, item := range n.Entries() {
		if name := item.Get("name").Text(); name != "" {
			out = append(out, name)
		}
	}
	return out
}

func (f *goTaskfile) offers(argv []string) (out []taskfile.Offer) {
	for _, t := range f.tasks {
		if t.hidden || t.name[0] == '_' || t.name[0] == '.' {
			continue
		}
		out = append(out, f.offer(t.name, t, argv))
		for _, alias := range t.aliases {
			if f.by[alias] == nil {
				out = append(out, f.offer(alias, t, argv))
			}
		}
	}
	return out
}

// mayBeUpToDate reports whether Task may not run a task, or one that it needs, since what they list has not changed.
func (f *goTaskfile) mayBeUpToDate(t *task) bool {
	return t.upToDate || slices.ContainsFunc(taskfile.Reached(t.name, f.needsOf), func(name string) bool {
		return f.by[name] != nil && f.by[name].upToDate
	})
}

// offer returns the offer of the task t under a name, which is its own or an alias.
func (f *goTaskfile) offer(name string, t *task, argv []string) taskfile.Offer {
	o := taskfile.Offer{Name: name, Source: t.source, Summary: t.summary}
	o.NeedsTerminal = t.needsTerminal || taskfile.Interactive(t.name)
	o.Argv = append(o.Argv, argv...)
	if f.mayBeUpToDate(t) && pipelines.KindOfName(t.name) != "" { // what it lists is not all that its verdict depends on
		o.Argv = append(o.Argv, "--force")
	}
	o.Argv = append(o.Argv, name)
	if t.args {
		o.Argv = append(o.Argv, "--")
	}
	if name != t.name {
		o.Why = "an alias of " + t.name
	}
	o.Includes, o.Scripts = taskfile.Included(name, f.needsOf), f.scripts(t)
	o.Runs = taskfile.Reached(t.name, f.needsOf)
	if len(t.requires) > 0 {
		o.Why = taskfile.Sentence(o.Why, "needs "+strings.Join(t.requires, ", ")+" to be set")
	}
	if call := f.recursiveCall(append([]string{t.name}, t.aliases...)...); call != "" {
		o.Refused, o.Why = true, "its commands call davit for it ("+call+"), which would go round for ever"
	}
	return o
}

// needsOf returns the tasks that a task runs.
func (f *goTaskfile) needsOf(name string) []string {
	t := f.by[name]
	if t == nil {
		return nil
	}
	return append(slices.Clone(t.needs), taskfile.Calls(t.body, "task")...)
}

// recursiveCall returns the call of davit by which the task, under any of its names, leads back to itself, or
// "".
func (f *goTaskfile) recursiveCall(names ...string) string {
	for _, name := range names {
		call := taskfile.FindRecursion(name, func(at string) ([]string, []string) {
			t := f.by[at]
			if at == name {
				t = f.by[names[0]]
			}
			if t == nil {
				return nil, nil
			}
			return append(slices.Clone(t.needs), taskfile.Calls(t.body, "task")...), taskfile.Calls(t.body, "davit")
		})
		if call != "" {
			return call
		}
	}
	return ""
}
