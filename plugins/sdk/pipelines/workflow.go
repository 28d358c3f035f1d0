package pipelines

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// changeEvents are the events by which a workflow of GitHub runs for a change.
var changeEvents = []string{"push", "pull_request", "pull_request_target", "merge_group"}

// forChanges reports whether the events of a workflow are those of a change of the code: not those of a tag, a label or a
// title alone. One without events counts.
func forChanges(on *yaml.Node) bool {
	return on == nil || slices.ContainsFunc(changeEvents, func(event string) bool {
		of := on.Get(event)
		tagged := of.Get("branches") == nil && of.Get("branches-ignore") == nil && of.Get("tags") != nil
		types := of.Get("types").List()
		changed := len(types) == 0 || slices.Contains(types, "opened") || slices.Contains(types, "synchronize") || slices.Contains(types, "checks_requested")
		return (slices.Contains(on.List(), event) || of != nil) && !tagged && changed
	})
}

// workflowsFor returns those of the files of workflows that run for each change, and those that run only at certain times or
// by hand, with the events. One that others call counts as they do, and one that nobody calls as for each change.
func workflowsFor(names []string, roots []*yaml.Node) (changes, times map[string]string) {
	changes, times = map[string]string{}, map[string]string{}
	uses, called := map[string][]string{}, map[string]bool{}
	for i, name := range names {
		for _, used := range usedBy(roots[i]) {
			called[used] = true
			if at := slices.Index(names, used); at < 0 || !readInPlace(roots[at].Get("on")) {
				uses[name] = append(uses[name], used)
			}
		}
	}
	for i, name := range names {
		on := roots[i].Get("on")
		atTimes := hasEvent(on, "schedule") || hasEvent(on, "workflow_dispatch")
		switch {
		case forChanges(on), hasEvent(on, "workflow_call") && !called[name] && !atTimes:
			addCalled(name, "change", uses, changes)
		case atTimes:
			addCalled(name, eventsOf(on), uses, times)
		}
	}
	return changes, times
}

// addCalled adds a workflow to some, with when it runs, and those that it calls.
func addCalled(name, when string, uses map[string][]string, to map[string]string) {
	if to[name] != "" {
		return
	}
	to[name] = when
	for _, used := range uses[name] {
		addCalled(used, when, uses, to)
	}
}

// usedBy returns the files of the project that a workflow calls as workflows.
func usedBy(root *yaml.Node) (names []string) {
	for _, job := range root.Get("jobs").Entries() {
		if used := job.Get("uses").Text(); strings.HasPrefix(used, "./") {
			names = append(names, path.Clean(used))
		}
	}
	return names
}

func hasEvent(on *yaml.Node, event string) bool {
	return on.Get(event) != nil || slices.Contains(on.List(), event)
}

// workflow adds the commands of a workflow of GitHub, which runs for changes or, unless it is "", at certain times. A job may
// run at these times only by its condition.
func (r *pipelineReader) workflow(root *yaml.Node, when string) {
	for _, job := range root.Get("jobs").Entries() {
		if r.when = when; when == "" {
			r.when = timesOfCondition(job.Get("if").Text())
		}
		switch used := job.Get("uses").Text(); {
		case !blocks(job) || (r.when != "") != r.timed || r.inputs.switchOff(job.Get("if").Text()):
		case used != "":
			r.calledWorkflow(used, job)
		case elsewhere(job.Get("runs-on").Text()) && !r.anySystem:
			r.passedOver = true
		default:
			r.workflowJob(root, job)
		}
	}
}

// timesOfCondition returns the event of a job that runs at certain times or by hand only, by its condition; "" for others.
func timesOfCondition(condition string) string {
	for _, event := range []string{"schedule", "workflow_dispatch"} {
		asked := strings.Contains(condition, "event_name == '"+event+"'")
		if asked && !strings.Contains(condition, "!=") && strings.Count(condition, "||") < strings.Count(condition, "event_name == '"+event) {
			return event
		}
	}
	return ""
}

// eventsOf returns the events of a workflow as a text: "schedule, workflow_dispatch".
func eventsOf(on *yaml.Node) string {
	var events []string
	for _, event := range []string{"schedule", "workflow_dispatch"} {
		if hasEvent(on, event) {
			events = append(events, event)
		}
	}
	return strings.Join(events, ", ")
}

// blocks reports whether the fault of a job or step is one of the pipeline.
func blocks(n *yaml.Node) bool {
	return n.Get("continue-on-error").Text() != "true" && n.Get("if").Text() != "false"
}

// elsewhere reports whether a job runs on another system than Linux.
func elsewhere(system string) bool {
	return strings.HasPrefix(system, "windows") || strings.HasPrefix(system, "macos")
}

// isRare reports whether a condition of a step holds on other systems than Linux only, with a toolchain of the night, for a tag
// alone, or after a failure.
func isRare(condition string) bool {
	condition = strings.TrimSpace(strings.NewReplacer("${{", "", "}}", "").Replace(strings.ToLower(condition)))
	if condition == "failure()" || condition == "cancelled()" || strings.HasPrefix(condition, "startswith(github.ref, 'refs/tags/") && !strings.Contains(condition, "|") {
		return true
	}
	return strings.Contains(condition, "==") && !strings.ContainsAny(condition, "!|") &&
		(strings.Contains(condition, "windows") || strings.Contains(condition, "macos") || strings.Contains(condition, "nightly"))
}

func (r *pipelineReader) workflowJob(root, job *yaml.Node) {
	r.job, r.seen, r.in = job.Texts(), map[string]bool{}, job.Key+" "+job.Get("name").Text()
	env := variables(root.Get("env"), job.Get("env"))
	matrix := job.Get("strategy").Get("matrix")
	dir := firstText(job.Get("defaults").Get("run").Get("working-directory"), root.Get("defaults").Get("run").Get("working-directory"))
	r.inSteps, r.worked = true, nil
	r.workflowSteps(job.Get("steps"), dir, env, matrix)
	r.inSteps = false
}

// workflowSteps adds the commands of the steps of a job, or of an action of the project, that count on Linux. It returns the
// variables that steps behind them have.
func (r *pipelineReader) workflowSteps(steps *yaml.Node, dir string, env []string, matrix *yaml.Node) (behind []string) {
	for _, step := range steps.Items() {
		if condition := step.Get("if").Text(); !blocks(step) || isRare(condition) || r.inputs.switchOff(condition) {
			continue
		}
		r.step = step.Get("name").Text()
		own := variables(step.Get("env"))
		env := slices.Concat(env, behind, own)
		in := firstText(step.Get("working-directory"), step.Get("with").Get("working-directory"))
		if in == "." {
			in = dir
		}
		script := r.run(step) + "\n" + r.action(step)
		for _, folder := range foldersOf(in, script, env, matrix) {
			for _, v := range variantsOf(script, env, len(own), matrix) {
				r.inside(v.env, v.own, func() { r.script(folder, withoutOperators(v.script)) })
			}
		}
		behind = append(behind, writtenToEnv(withVariables(script, env))...)
		behind = append(behind, r.ownAction(step, dir, env, matrix)...)
	}
	return behind
}

// foldersOf returns the folders that a step runs in, which a matrix may have. Where the script has values of the matrix too,
// and where it is computed, the folder is not known.
func foldersOf(dir, script string, env []string, matrix *yaml.Node) []string {
	if !strings.Contains(dir, "$") || strings.Contains(script, "matrix.") {
		return []string{dir}
	}
	all := expand([]string{dir}, env, matrix)
	for i, folder := range all {
		if folder == "" {
			all[i] = ".."
		}
	}
	return all
}

// run returns the script of a step. One in another language than that of a shell is recorded, unless the name of the step
// says that it is no check.
func (r *pipelineReader) run(step *yaml.Node) string {
	program, _, _ := strings.Cut(step.Get("shell").Text(), " ")
	if !isInterpreter(program) && program != "perl" || isShell(program) {
		return step.Get("run").Text()
	}
	if name := step.Get("name").Text(); KindOfName(name) != "" || !NameHas(name, otherWords) {
		r.unread("an inline script of "+program, isOther)
	}
	return ""
}

// action returns the command that the action of a step stands for, or "". One of another repository that is not known is
// recorded if its name is that of a check.
func (r *pipelineReader) action(step *yaml.Node) string {
	command, known := actionCommand(step)
	uses := step.Get("uses").Text()
	name, _, _ := strings.Cut(uses, "@")
	if code := step.Get("with").Get("script").Text(); name == "actions/github-script" && strings.Contains(code, "setFailed(") &&
		!strings.Contains(code, "needs.") && MayCheck(step.Get("name").Text()) {
		r.unread("an inline script of github-script", isOther)
	}
	if !known && !strings.HasPrefix(uses, "./") && KindOfName(name) != "" {
		r.unread("uses: "+uses, isElsewhere)
	}
	return command
}

// ownAction adds the commands of an action of the project: "./.github/actions/test". One that is a program is not read.
// It returns the variables that steps behind it have.
func (r *pipelineReader) ownAction(step *yaml.Node, dir string, env []string, matrix *yaml.Node) (set []string) {
	name := step.Get("uses").Text()
	if !strings.HasPrefix(name, "./") || !r.once("action "+name+" "+strings.Join(step.Get("with").Texts(), " ")) {
		return nil
	}
	for _, file := range []string{"action.yml", "action.yaml"} {
		text, ok := r.files.Read(path.Join(name, file))
		if !ok || len(text) >= maxPipeline {
			continue
		}
		root := yaml.Parse(actionFolder().ReplaceAllLiteralString(text, "./"+path.Clean(name)))
		if root.Get("runs").Get("using").Text() != "composite" {
			r.unread("uses: "+name, runsOthers)
		}
		r.withInputs(root, inputsOf(root.Get("inputs"), step.Get("with")), func(root *yaml.Node) {
			set = r.workflowSteps(root.Get("runs").Get("steps"), dir, env, matrix)
		})
		return set
	}
	r.unread("uses: "+name, isMissing)
	return nil
}

// firstText returns the first text that is not empty, or ".".
func firstText(nodes ...*yaml.Node) string {
	for _, n := range nodes {
		if text := n.Text(); text != "" {
			return path.Clean(text)
		}
	}
	return "."
}

// variables returns the variables of tables, as "NAME=value".
func variables(tables ...*yaml.Node) (env []string) {
	for _, t := range tables {
		for _, v := range t.Entries() {
			env = append(env, v.Key+"="+v.Text())
		}
	}
	return env
}

func firstWords(with *yaml.Node, keys ...string) string {
	for _, key := range keys {
		if text := with.Get(key).Text(); text != "" {
			return text
		}
	}
	return ""
}

// maxVariants is how many variants of one script are read, which a matrix may make.
const maxVariants = 24

// expand replaces variables and values of the matrix in scripts. A value of a list makes a script for each, which has only
// what differs from the first.
func expand(texts, env []string, matrix *yaml.Node) []string {
	return onlyDifferent(expandWhole(texts, env, matrix))
}

// expandWhole is expand, with all lines of each script.
func expandWhole(texts, env []string, matrix *yaml.Node) []string {
	for i, text := range texts {
		texts[i] = withVariables(text, env)
	}
	for i, rounds := 0, 0; i < len(texts) && i < maxVariants && rounds < 10*maxVariants; rounds++ {
		found, key := nextExpression(texts[i])
		if found == "" {
			i++
			continue
		}
		next := withItems(texts[i], found, key, env, matrix)
		if next == nil {
			for _, value := range matrixValues(matrix, key) {
				next = append(next, withVariables(strings.ReplaceAll(texts[i], found, value), env))
			}
		}
		texts = slices.Replace(texts, i, i+1, next...)
	}
	return texts[:min(len(texts), maxVariants)]
}

// onlyDifferent returns variants of a script in which all but the first have only the lines that differ from it, and
// those that change the folder.
func onlyDifferent(texts []string) []string {
	first := lines(texts[0])
	for i, text := range texts[1:] {
		own := lines(text)
		if len(own) != len(first) {
			continue
		}
		for n, line := range own {
			if line == first[n] && !strings.Contains(line, "cd ") {
				own[n] = ""
			}
		}
		texts[i+1] = strings.Join(own, "\n")
	}
	return texts
}

// lines returns the lines of a script, those that go on as one.
func lines(script string) []string {
	return strings.Split(strings.ReplaceAll(script, "\\\n", " "), "\n")
}

// matrixValues returns the values of a key of a matrix: those of its list, and of what is included. A key that is not
// there, or of a variable, has the value "", as GitHub has it.
func matrixValues(matrix *yaml.Node, key string) (values []string) {
	if all := outcomes(key); len(all) > 0 {
		return all
	}
	found := map[string]bool{}
	first, rest, nested := strings.Cut(key, ".")
	for _, n := range append(matrix.Get(first).Items(), including(matrix, first)...) {
		if nested {
			n = n.Get(rest)
		}
		found[n.Text()] = true
	}
	if len(found) == 0 {
		found[""] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// including returns the values of a key in what a matrix includes.
func including(matrix *yaml.Node, key string) (values []*yaml.Node) {
	for _, item := range matrix.Get("include").Items() {
		if n := item.Get(key); n != nil {
			values = append(values, n)
		}
	}
	return values
}
