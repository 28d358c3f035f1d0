package pipelines

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// goTaskNames are the names of files of Task.
var goTaskNames = []string{"Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "Taskfile.dist.yml"}

// taskfile adds the commands of a task of Task.
func (r *pipelineReader) taskfile(dir, name string) {
	if name == "" {
		name = "default"
	}
	if !r.once("task " + dir + " " + name) {
		return
	}
	for _, file := range goTaskNames {
		root := r.yaml(path.Join(dir, file))
		task := root.Get("tasks").Get(name)
		if first, rest, ok := strings.Cut(name, ":"); ok && task == nil {
			r.taskfileIncluded(dir, root.Get("includes").Get(first), rest)
		}
		if at := len(r.out.Calls); task != nil {
			set := taskVariables(root, task, valuesOf(r.given))
			env := taskEnvironment(root, task, set)
			r.inside(slices.Concat(r.env, env), r.own+len(env), func() { r.goTask(dir, task, set) })
			r.ignore(at, whyIgnored(task))
			r.onlyIf(at, task.Get("if").Text())
		}
	}
}

// goTask adds the commands of a task, and of those that it calls, with the values of its variables.
func (r *pipelineReader) goTask(dir string, task *yaml.Node, set map[string]string) {
	in := path.Join(dir, task.Get("dir").Text())
	for _, dep := range task.Get("deps").Items() {
		for _, other := range append(eachValue(dep, dep.Text(), set), eachValue(dep, dep.Get("task").Text(), set)...) {
			r.taskfile(dir, other)
		}
	}
	for _, cmd := range task.Get("cmds").Items() {
		if loop := cmd.Get("for"); loop != nil && len(loopValues(loop, set)) == 0 {
			r.unread("task "+task.Key, "has a loop over what is computed")
		}
		at := len(r.out.Calls)
		for _, other := range eachValue(cmd, cmd.Get("task").Text(), set) {
			r.taskfile(dir, other)
		}
		for _, text := range eachValue(cmd, cmd.Text()+"\n"+cmd.Get("cmd").Text(), set) {
			r.scriptIn(recipes.Plain, in, text)
		}
		r.deferred(dir, in, cmd, set)
		r.ignore(at, whyIgnored(cmd))
		r.onlyIf(at, cmd.Get("if").Text())
	}
	r.script(in, strings.Join(eachValue(task, task.Text()+"\n"+task.Get("cmd").Text(), set), "\n"))
}

// deferred adds what a task runs in the end, whose failure is none of the task.
func (r *pipelineReader) deferred(dir, in string, cmd *yaml.Node, set map[string]string) {
	last := cmd.Get("defer")
	at := len(r.out.Calls)
	for _, other := range eachValue(last, last.Get("task").Text(), set) {
		r.taskfile(dir, other)
	}
	for _, text := range eachValue(last, last.Text(), set) {
		r.scriptIn(recipes.Plain, in, text)
	}
	r.ignore(at, recipes.FailureIgnored)
}

// ignore says of the commands from an index on why they are no checks, unless that is "".
func (r *pipelineReader) ignore(from int, why string) {
	for i := from; i < len(r.out.Calls) && why != ""; i++ {
		r.out.Calls[i].Ignored = why
	}
}

// onlyIf says of the commands from an index on that they run on a condition only, unless that is "".
func (r *pipelineReader) onlyIf(from int, condition string) {
	for i := from; i < len(r.out.Calls) && condition != "" && condition != "true" && condition != "false"; i++ {
		r.out.Calls[i].Condition = firstOf(r.out.Calls[i].Condition, condition)
	}
}

// whyIgnored says why a task, or a command of one, is no check, by its keys: "" if it is one.
func whyIgnored(n *yaml.Node) string {
	platforms := n.Get("platforms").List()
	elsewhere := len(platforms) > 0 && !slices.ContainsFunc(platforms, func(p string) bool {
		system, _, named := strings.Cut(p, "/")
		return system == "linux" || !named && (system == "amd64" || system == "arm64")
	})
	switch {
	case n.Get("ignore_error").Text() == "true":
		return recipes.FailureIgnored
	case elsewhere:
		return "which runs on " + strings.Join(platforms, " and ") + " only"
	case n.Get("if").Text() == "false":
		return "which never runs"
	}
	return ""
}

// taskVariables returns the variables of a Taskfile and of a task whose texts are written out, and those that it is given.
func taskVariables(root, task *yaml.Node, given map[string]string) map[string]string {
	set := maps.Clone(given)
	for i, table := range []*yaml.Node{root.Get("vars"), task.Get("vars")} {
		for _, v := range table.Entries() {
			if text := strings.Join(v.List(), " "); text != "" && v.Get("sh") == nil {
				set[v.Key] = givenOr(given, v.Key, text, i > 0)
			}
		}
	}
	return set
}

// taskEnvironment returns the variables of the environment that a Taskfile and a task set to what is written out.
func taskEnvironment(root, task *yaml.Node, set map[string]string) (env []string) {
	for _, table := range []*yaml.Node{root.Get("env"), task.Get("env")} {
		for _, v := range table.Entries() {
			if text := withValues(v.Text(), set); text != "" && !strings.Contains(text, "{{") {
				env = append(env, v.Key+"="+text)
			}
		}
	}
	return env
}

// eachValue returns a text with the values of variables in it, once for each value of the loop that it is in. One whose
// values only Task knows is returned as it is. No text makes none.
func eachValue(n *yaml.Node, text string, set map[string]string) (all []string) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	loop, item := n.Get("for"), "ITEM"
	values := loopValues(loop, set)
	if as := loop.Get("as").Text(); as != "" {
		item = as
	}
	if len(values) == 0 {
		return []string{withValues(text, set)}
	}
	for _, value := range values {
		all = append(all, withValues(withValues(text, map[string]string{item: value}), set))
	}
	return all
}

// loopValues returns the values of a loop: those of its list, or of a variable.
func loopValues(loop *yaml.Node, set map[string]string) []string {
	if name := loop.Get("var").Text(); name != "" {
		return strings.FieldsFunc(set[name], func(c rune) bool { return strings.ContainsRune(" \n,"+loop.Get("split").Text(), c) })
	}
	return itemTexts(loop)
}

// withValues replaces the variables of Task in a text by their values: "{{.NAME}}".
func withValues(text string, set map[string]string) string {
	return taskVariable().ReplaceAllStringFunc(text, func(found string) string {
		if value, ok := set[taskVariable().FindStringSubmatch(found)[1]]; ok {
			return value
		}
		return found
	})
}

var taskVariable = compiled(`\{\{-?\s*\.(\w+)\s*-?\}\}`)

// taskfileIncluded adds the commands of a task of a Taskfile that another one includes, by its folder.
func (r *pipelineReader) taskfileIncluded(dir string, include *yaml.Node, name string) {
	in := include.Text()
	if in == "" {
		in = include.Get("taskfile").Text()
	}
	if path.Ext(in) != "" {
		in = path.Dir(in)
	}
	if in != "" && in != "." {
		r.taskfile(path.Join(dir, in), name)
	}
}
