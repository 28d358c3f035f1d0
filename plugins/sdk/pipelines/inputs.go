package pipelines

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// inputs are the values of the inputs of an action or of a workflow, by their names.
type inputs map[string]string

// inputsOf returns the values that a caller gives to inputs, and the defaults of the others.
func inputsOf(declared, with *yaml.Node) inputs {
	values := inputs{}
	for _, n := range declared.Entries() {
		values[n.Key] = n.Get("default").Text()
	}
	for _, n := range with.Entries() {
		values[n.Key] = n.Text()
	}
	return values
}

// inputOf matches an expression that has the value of an input, or else a text: "${{ inputs.cmd || 'make' }}".
var inputOf = compiled(`\$\{\{\s*(?:github\.event\.)?inputs\.([\w-]+)\s*(?:\|\|\s*'([^']*)'\s*)?\}\}`)

// actionFolder matches the folder of an action.
var actionFolder = compiled(`\$\{\{\s*github\.action_path\s*\}\}|\$\{?GITHUB_ACTION_PATH\}?`)

// fill returns a text with the values of inputs. One that is not known is left as it is, and so are conditions: see switchOff.
func (in inputs) fill(key, text string) string {
	if key == "if" || !strings.Contains(text, "inputs.") {
		return text
	}
	return inputOf().ReplaceAllStringFunc(text, func(found string) string {
		parts := inputOf().FindStringSubmatch(found)
		switch value, known := in[parts[1]]; {
		case value != "":
			return value
		case known || parts[2] != "":
			return parts[2]
		}
		return found
	})
}

// switchOff reports whether a condition does not hold with the values of inputs: "inputs.lint && github.event_name == 'push'".
func (in inputs) switchOff(condition string) bool {
	if strings.Contains(condition, "||") || !strings.Contains(condition, "inputs.") {
		return false
	}
	condition = strings.NewReplacer("${{", "", "}}", "").Replace(condition)
	for part := range strings.SplitSeq(condition, "&&") {
		if holds, known := in.holds(strings.TrimSpace(part)); known && !holds {
			return true
		}
	}
	return false
}

// holds reports whether a comparison of an input holds, if it is one: "inputs.lint", "!inputs.lint", "inputs.os == 'linux'".
func (in inputs) holds(part string) (holds, known bool) {
	left, right, compared := strings.Cut(part, "==")
	negated := false
	if !compared {
		left, right, compared = strings.Cut(part, "!=")
		negated = compared
	}
	name, is := strings.CutPrefix(strings.TrimSpace(left), "inputs.")
	if inner, not := strings.CutPrefix(strings.TrimSpace(left), "!inputs."); not {
		name, is, negated = inner, true, !negated
	}
	value, declared := in[name]
	if !is || !declared || strings.Contains(value, "${{") {
		return false, false
	}
	if compared {
		return (value == strings.Trim(strings.TrimSpace(right), "'\"")) != negated, true
	}
	return (value != "" && value != "false") != negated, true
}

// readInPlace reports whether a workflow is read for each job that calls it, with the inputs that this gives to it.
func readInPlace(on *yaml.Node) bool {
	return len(on.Get("workflow_call").Get("inputs").Entries()) > 0 && !forChanges(on)
}

// ownInputs returns the inputs that a workflow has which runs by itself: none has a value for a change of the code.
func ownInputs(on *yaml.Node) inputs {
	values := inputsOf(on.Get("workflow_call").Get("inputs"), nil)
	if forChanges(on) {
		clear(values)
		for _, event := range []string{"workflow_call", "workflow_dispatch"} {
			for _, n := range on.Get(event).Get("inputs").Entries() {
				values[n.Key] = ""
			}
		}
	}
	return values
}

// withInputs reads a workflow or an action with the values of its inputs.
func (r *pipelineReader) withInputs(root *yaml.Node, values inputs, read func(root *yaml.Node)) {
	outer := r.inputs
	if r.inputs = values; len(values) > 0 {
		root = root.Replaced(values.fill)
	}
	read(root)
	r.inputs = outer
}

// maxNested is how deep workflows that call others are read.
const maxNested = 4

// calledWorkflow reads a workflow of the project that a job calls with inputs, once for each choice that a matrix has for
// them. One without inputs is read by itself, and one that is not there is recorded.
func (r *pipelineReader) calledWorkflow(used string, job *yaml.Node) {
	name := path.Clean(used)
	if !strings.HasPrefix(used, "./") {
		r.unread("uses: "+used, isElsewhere)
		return
	}
	if _, ok := r.files.Read(name); !ok {
		r.unread("uses: "+used, isMissing)
		return
	}
	root := r.yaml(name)
	on := root.Get("on")
	if !readInPlace(on) || r.nested == maxNested {
		return
	}
	outer, when := r.file, r.when
	r.file, r.nested = name, r.nested+1
	for _, with := range choicesOfInputs(job) {
		values := inputsOf(on.Get("workflow_call").Get("inputs"), with)
		r.withInputs(root, values, func(root *yaml.Node) { r.workflow(root, when) })
	}
	r.file, r.nested = outer, r.nested-1
}

// choicesOfInputs returns the inputs that a job gives to a workflow, for each choice of its matrix.
func choicesOfInputs(job *yaml.Node) (all []*yaml.Node) {
	with, matrix := job.Get("with"), job.Get("strategy").Get("matrix")
	var keys, values []string
	for _, n := range with.Entries() {
		keys, values = append(keys, n.Key), append(values, n.Text())
	}
	for _, text := range expandWhole([]string{strings.Join(values, betweenVariables)}, nil, matrix) {
		chosen := &yaml.Node{}
		for i, value := range strings.Split(text, betweenVariables) {
			if i < len(keys) {
				chosen.Children = append(chosen.Children, &yaml.Node{Key: keys[i], Value: value})
			}
		}
		all = append(all, chosen)
	}
	return all
}
