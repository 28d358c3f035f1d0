package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// scriptKeys are the keys of commands in the files of the services other than GitHub.
var scriptKeys = []string{"before_script", "script", "after_success", "install", "run", "command", "commands", "bash", "pwsh", "powershell",
	"tasks"}

// hasCommands reports whether a key has commands: those of Cirrus and AppVeyor have names of their own, "lint_script".
func hasCommands(key string) bool {
	return slices.Contains(scriptKeys, key) || strings.HasSuffix(key, "_script") && key != "after_script"
}

// serviceFile adds the commands of a file of any service other than GitHub.
func (r *pipelineReader) serviceFile(name string, root *yaml.Node) {
	r.at, r.orbs = name, nil
	for _, orb := range root.Get("orbs").Entries() {
		r.orbs = append(r.orbs, orb.Key)
	}
	r.before = scriptText(root.Get("before_script"))
	if set := root.Get("default").Get("before_script"); set != nil {
		r.before = scriptText(set)
	}
	r.step = ""
	when := ""
	if root.Get("schedules") != nil && root.Get("trigger").Text() == "none" && root.Get("pr").Text() == "none" {
		when = "schedule" // of Azure
	}
	r.included(root.Get("include"))
	r.service(root, when, 0)
}

// service adds the commands of a part of a file: the values of the keys that hold commands.
func (r *pipelineReader) service(n *yaml.Node, when string, depth int) {
	if depth > 12 || n.Get("allow_failure").Text() == "true" || n.Get("continueOnError").Text() == "true" {
		return
	}
	if own := timesOf(n); own != "" {
		when = own
	}
	if depth == 1 {
		r.in = n.Key + " " + n.Get("stage").Text()
	}
	set, choices := variables(n.Get("variables"), n.Get("environment"), n.Get("env")), choicesOf(n)
	if path.Base(r.at) == ".travis.yml" {
		set, choices = travisVariables(n, depth == 0)
	}
	for _, choice := range choices {
		env := slices.Concat(r.env, set, choice)
		for i, v := range env {
			env[i] = withVariables(v, choice)
		}
		r.inside(env, len(choice), func() { r.serviceKeys(n, when, depth) })
	}
}

// serviceKeys adds the commands of the keys of a part of a file.
func (r *pipelineReader) serviceKeys(n *yaml.Node, when string, depth int) {
	for _, c := range n.Entries() {
		if hasCommands(c.Key) && (when != "") == r.timed {
			r.when = when
			r.script(r.folderOf(n, c.Key), withVariables(withoutOperators(scriptText(c)), r.env))
		}
		if (when != "") == r.timed {
			r.calls(n, c)
		}
		if choices := c.Key == "parallel" && c.Get("matrix") != nil; c.Key != "inputs" && !choices { // inputs are those of a task of Azure
			r.service(c, when, depth+1)
		}
	}
}

// calls adds the commands of what an entry calls: a file, a task of Azure, or a part of an orb.
func (r *pipelineReader) calls(n, c *yaml.Node) {
	text, _, _ := strings.Cut(c.Text(), "@")
	orb, _, isPart := strings.Cut(strings.TrimSpace(c.Key+text), "/")
	switch {
	case c.Key == "template" && isAzure(r.at):
		r.template(c.Text())
	case c.Key == "trigger":
		r.included(c.Get("include"))
		if of := c.Get("project").Text(); of != "" {
			r.unread("trigger: "+of, isElsewhere)
		}
	case c.Key == "task" && isAzure(r.at):
		r.script(r.folderOf(n, ""), filledIn(azureTasks[text], n.Get("inputs")))
	case isPart && slices.Contains(r.orbs, orb):
		r.unread(c.Key+text, "is of an orb")
	}
}

// scriptText returns the commands of a key: its text, and the items of its list but those that refer to others, which are
// read where they are.
func scriptText(n *yaml.Node) string {
	texts := []string{n.Text()}
	for _, item := range n.Items() {
		texts = append(texts, item.Text())
		for _, c := range item.Entries() {
			if n.Key == "tasks" || slices.Contains([]string{"sh", "ps", "pwsh", "cmd"}, c.Key) { // of SourceHut, and the shells of AppVeyor
				texts = append(texts, c.Text())
			}
		}
	}
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return strings.HasPrefix(t, "!reference") }), "\n")
}

// folderOf returns the folder that the commands of a key run in: the one that is set beside it or, for a script of GitLab,
// the one that the commands before it lead to.
func (r *pipelineReader) folderOf(n *yaml.Node, key string) string {
	for _, name := range []string{"workingDirectory", "working_directory"} {
		if dir := n.Get(name).Text(); dir != "" && !strings.HasPrefix(dir, "~") && !path.IsAbs(dir) {
			return strings.TrimPrefix(path.Clean(strings.TrimPrefix(dir, "$(System.DefaultWorkingDirectory)/")), "$(Build.SourcesDirectory)/")
		}
	}
	before := r.before
	if own := n.Get("before_script"); own != nil {
		before = scriptText(own)
	}
	if key != "script" || !strings.Contains(before, "cd ") {
		return "."
	}
	all := recipes.Commands(".", before+"\n:")
	return all[len(all)-1].Dir
}

// timesOf returns when a job of GitLab runs, if a change of the code alone is no reason, or "".
func timesOf(job *yaml.Node) string {
	rules, only := job.Get("rules").Items(), job.Get("only").List()
	isTimed := func(rule *yaml.Node) bool {
		when := rule.Get("when").Text()
		return when == "manual" || when == "never" || strings.Contains(rule.Get("if").Text(), "schedule") && !strings.Contains(rule.Get("if").Text(), "!=")
	}
	atTimes := []string{"schedules", "tags", "triggers", "web", "api", "schedule"}
	switch {
	case job.Get("when").Text() == "manual":
		return "manual"
	case len(only) > 0 && !slices.ContainsFunc(only, func(one string) bool { return !slices.Contains(atTimes, one) }):
		return strings.Join(only, ", ")
	case len(rules) > 0 && !slices.ContainsFunc(rules, func(rule *yaml.Node) bool { return !isTimed(rule) }):
		return "schedule or manual"
	}
	return ""
}

// itemTexts returns the texts of the items of a list.
func itemTexts(n *yaml.Node) (all []string) {
	for _, item := range n.Items() {
		all = append(all, item.Text())
	}
	return all
}
