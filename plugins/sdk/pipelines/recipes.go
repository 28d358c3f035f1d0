package pipelines

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// A recipeKind is a tool that runs recipes of a file: its files, of which the first counts, and the marks around variables.
type recipeKind struct {
	tool      string
	files     []string
	open, end string
}

var (
	makeKind = recipeKind{"make", []string{"GNUmakefile", "makefile", "Makefile"}, "$(", ")"}
	justKind = recipeKind{"just", []string{"justfile", "Justfile", ".justfile"}, "{{", "}}"}
)

// recipesIn adds the commands of the recipes that a command names. What is behind a recipe of just with parameters are their
// values.
func (r *pipelineReader) recipesIn(c recipes.Command, kind recipeKind) {
	dir, file, names := tasksNamed(c)
	var t *taskText
	if file == "" {
		_, t = r.recipes(dir, kind)
	} else if text, ok := r.files.Read(path.Join(dir, file)); ok && len(text) < maxPipeline {
		given := valuesOf(r.given)
		t = r.withIncluded(dir, parseRecipes(text, kind, given), kind, given)
	}
	if t == nil {
		r.unread(strings.Join(c.Words, " "), "has no "+kind.files[len(kind.files)-1]+" in its folder")
		return
	}
	for i := 0; i < len(names); i++ {
		count := 0
		if found := t.tasks[names[i]]; found != nil {
			count = min(found.parameters(), len(names)-i-1)
		}
		r.named(kind.tool, dir, names[i], t, names[i+1:i+1+count])
		i += count
	}
}

// recipes returns the name of the file with recipes in a folder, and what it has, which is read once; nil if there is none.
func (r *pipelineReader) recipes(dir string, kind recipeKind) (string, *taskText) {
	for _, name := range kind.files {
		t := r.recipesGiven(dir, name, kind, nil)
		if t == nil {
			continue
		}
		if given := r.givenTo(t, kind); len(given) > 0 {
			t = r.recipesGiven(dir, name, kind, given)
		}
		return name, t
	}
	return "", nil
}

// recipesGiven returns what a file with recipes has with the values that variables of it are given, which is read once; nil
// if there is none.
func (r *pipelineReader) recipesGiven(dir, name string, kind recipeKind, given []string) *taskText {
	file := path.Join(dir, name)
	key := strings.Join(append([]string{file}, given...), "\n")
	if t, known := r.parsed[key].(*taskText); known {
		return t
	}
	text, ok := r.files.Read(file)
	if !ok || len(text) >= maxPipeline {
		return nil
	}
	t := parseRecipes(text, kind, valuesOf(given))
	r.parsed[key] = t
	return r.withIncluded(dir, t, kind, valuesOf(given))
}

// withIncluded adds to a file with recipes those of the files that it includes, as far as they are there.
func (r *pipelineReader) withIncluded(dir string, t *taskText, kind recipeKind, given map[string]string) *taskText {
	for i := 0; i < len(t.included) && i < maxIncluded; i++ {
		names := []string{path.Join(dir, t.included[i])}
		if strings.ContainsAny(t.included[i], "*") {
			names = r.matching(names[0])
		}
		found := false
		for _, name := range names {
			if text, ok := r.files.Read(name); ok && len(text) < maxPipeline {
				found = true
				t.add(parseRecipes(text, kind, given), strings.TrimPrefix(path.Dir(name)+"/", path.Clean(dir)+"/"), kind)
			}
		}
		t.includes = t.includes || !found
	}
	return t
}

// add adds the recipes of a file that is included, in a folder. Those that are there count. What just includes is relative to
// the file that names it.
func (t *taskText) add(other *taskText, dir string, kind recipeKind) {
	for name, found := range other.tasks {
		if t.tasks[name] == nil {
			t.tasks[name] = found
		}
	}
	maps.Copy(t.ignored, other.ignored)
	maps.Copy(t.assigned, other.assigned)
	t.includes = t.includes || other.includes
	for _, name := range other.included {
		if kind.tool == justKind.tool {
			name = path.Join(dir, name)
		}
		t.included = append(t.included, name)
	}
}

// named adds the commands of a recipe that a command names. One that is not there may be in a file that is included.
func (r *pipelineReader) named(tool, dir, name string, t *taskText, args []string) {
	if found, _ := t.find(name); name != "" && found == nil {
		r.unread(tool+" "+name, isMissing)
	}
	r.recipe(tool, dir, name, t, args)
}

// recipe adds the commands of a recipe, with the values of its parameters, and of those that it depends on; of the first
// one, if the name is "".
func (r *pipelineReader) recipe(tool, dir, name string, t *taskText, args []string) {
	if name == "" {
		name = t.first
	}
	found, stem := t.find(name)
	if found == nil && t.includes {
		r.unread(tool+" "+name, isMissing)
	}
	if found == nil {
		return
	}
	lines := strings.Join(found.lines, "\n")
	text := r.withValues(tool, found.withParameters(lines, args))
	if text == lines && !r.once(tool+" "+dir+" "+name) || text != lines && !r.once(tool+" "+dir+" "+name+" "+text) {
		return
	}
	for i, need := range found.needs {
		if need = strings.Replace(need, "%", stem, 1); namesTasks(need) && !NameHas(name, otherWords) {
			r.unread(tool+" "+name, "needs what is computed")
		}
		var values []string
		if i < len(found.values) {
			values = found.values[i]
		}
		r.recipe(tool, dir, need, t, values)
	}
	if tool == makeKind.tool {
		text = strings.NewReplacer("$$", "$", "$@", name, "$*", stem).Replace(text)
	}
	at, step := len(r.out.Calls), r.step
	r.step = name
	r.scriptIn(t.shellFor(text), dir, text)
	r.step = step
	if t.ignored["*"] || t.ignored[name] {
		r.ignore(at, recipes.FailureIgnored)
	}
}

// shellFor returns how a recipe is run: one of just that begins with "#!" is a script.
func (t *taskText) shellFor(text string) recipes.Shell {
	if t.shell == recipes.EachLine && strings.HasPrefix(text, "#!") {
		return recipes.Plain
	}
	return t.shell
}

// find returns the recipe of a name, or that of a pattern and the part of the name that "%" stands for; nil if there is
// none.
func (t *taskText) find(name string) (found *task, stem string) {
	if found = t.tasks[name]; found != nil {
		return found, ""
	}
	for _, pattern := range slices.Sorted(maps.Keys(t.tasks)) {
		if stem, ok := stemOf(pattern, name); ok && !strings.Contains(name, ".") {
			return t.tasks[pattern], stem
		}
	}
	return nil, ""
}

// namesTasks reports whether what a recipe needs is computed, and may be other tasks: files have names that say so.
func namesTasks(need string) bool {
	lower := strings.ToLower(need)
	return strings.HasPrefix(need, "$") && !slices.ContainsFunc(strings.Fields("src source file obj wildcard bin out dir lib target bundle .go .o shell"),
		func(word string) bool { return strings.Contains(lower, word) })
}

// A taskText is a Makefile or justfile: its recipes by name.
type taskText struct {
	first    string
	tasks    map[string]*task
	included []string // the files that it includes, which may be patterns
	includes bool     // other files have more, which were not read
	phony    map[string]bool
	ignored  map[string]bool // the recipes whose failures make ignores, "*" for all
	shell    recipes.Shell   // that runs them
	head     string          // of the text
	assigned map[string]bool // its variables; false for those that a variable of the environment replaces: "A ?= b"
}

type task struct {
	needs, lines []string
	values       [][]string // of just: for the parameters of what it needs
	names        []string   // of just: of its parameters, with their defaults
}

var (
	assignment  = compiled(`^(?:export +)?([\w.-]+)\s*(?:[:?+]|::)?=\s*(.*)$`)
	rule        = compiled(`^([\w./% -]+?)\s*::?(?:\s+(.*))?$`)
	justRule    = compiled(`^@?([\w-]+)(?: +[\w*+$]+=?['"\w.]*)*\s*:(?:\s+(.*))?$`)
	includeLine = compiled(`^(?:-?include|sinclude|import\??)\s+(.*)$`)
)

// parseRecipes parses the parts of a Makefile or justfile that most have: variables, and recipes with what they depend
// on. A variable is replaced in the recipes by its text, between the marks of the kind, or by the value that it is given.
func parseRecipes(text string, kind recipeKind, given map[string]string) *taskText {
	open, end := kind.open, kind.end
	t, current := &taskText{tasks: map[string]*task{}, phony: map[string]bool{}, ignored: map[string]bool{}, shell: shellOf(text),
		head: text[:min(len(text), 400)], assigned: map[string]bool{}}, (*task)(nil)
	variables := map[string]string{}
	var conditions []string
	macro := "" // whose lines follow
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		line = strings.TrimRight(line, "\r\n")
		switch plain := strings.TrimSpace(line); {
		case macro != "" && plain == "endef":
			macro = ""
		case macro != "":
			variables[macro] = strings.TrimPrefix(variables[macro]+"\n"+plain, "\n")
		case plain == "" || strings.HasPrefix(line, "#"):
		case kind.tool == makeKind.tool && line[0] != '\t' && isConditional(plain):
			conditions = withConditional(conditions, plain)
		case line[0] == '\t' || line[0] == ' ':
			if current != nil {
				current.lines = append(current.lines, onCondition(conditions, replaceVariables(plain, open, end, variables)))
			}
		case assignment().MatchString(line):
			m := assignment().FindStringSubmatch(line)
			before, _, _ := strings.Cut(line, "=")
			value := strings.Trim(m[2], `"'`)
			t.assigned[m[1]] = !strings.HasSuffix(before, "?")
			if set, ok := given[m[1]]; ok {
				variables[m[1]] = set
				continue
			}
			if strings.HasSuffix(before, "+") {
				value = strings.TrimSpace(variables[m[1]] + " " + value)
			}
			if variables[m[1]] = value; strings.Contains(value, "$(shell") {
				delete(variables, m[1]) // it is computed
			}
			if m[1] == ".DEFAULT_GOAL" {
				t.first = variables[m[1]]
			}
			t.ignored["*"] = t.ignored["*"] || m[1] == "MAKEFLAGS" && ignoresErrors(append([]string{"make"}, strings.Fields(value)...))
		case includeLine().MatchString(line):
			names := replaceVariables(includeLine().FindStringSubmatch(line)[1], open, end, variables)
			t.includes, current = t.includes || strings.Contains(names, "$"), nil
			for name := range strings.FieldsSeq(names) {
				t.included = append(t.included, strings.Trim(name, `"'`))
			}
		case kind.tool == makeKind.tool && strings.HasPrefix(line, "define "):
			macro = strings.Trim(line[len("define "):], " \t:=?+")
			current = nil
		case kind.tool == makeKind.tool:
			current = t.begin(replaceVariables(line, open, end, variables), rule())
		default:
			current = t.begin(line, justRule())
		}
	}
	return t
}

// shellOf returns how the recipes of a Makefile are run.
func shellOf(text string) recipes.Shell {
	flags := shellFlags().FindStringSubmatch(text)
	switch exits := flags != nil && strings.Contains(flags[1], "e"); {
	case exits:
		return recipes.Errexit
	case strings.Contains(text, "\n.ONESHELL") || strings.HasPrefix(text, ".ONESHELL"):
		return recipes.Plain
	}
	return recipes.EachLine
}

var shellFlags = compiled(`(?m)^\.SHELLFLAGS\s*[:?]?=\s*-(\w+)`)

// ignoresErrors reports whether a command has make ignore the failures of all recipes.
func ignoresErrors(words []string) bool {
	return slices.Contains([]string{"make", "gmake"}, path.Base(words[0])) && (slices.Contains(words, "-i") || slices.Contains(words, "--ignore-errors"))
}

// isConditional reports whether a line of a Makefile begins, changes or ends a condition.
func isConditional(line string) bool {
	word, _, _ := strings.Cut(strings.ReplaceAll(line, "(", " "), " ")
	return slices.Contains([]string{"ifdef", "ifndef", "ifeq", "ifneq", "else", "endif"}, word)
}

// withConditional returns the conditions behind such a line.
func withConditional(conditions []string, line string) []string {
	last := len(conditions) - 1
	switch {
	case strings.HasPrefix(line, "if"):
		return append(conditions, line)
	case last >= 0 && strings.HasPrefix(line, "else"):
		conditions[last] = "else of " + strings.TrimPrefix(conditions[last], "else of ")
	case last >= 0:
		return conditions[:last]
	}
	return conditions
}

// onCondition returns a line of a recipe as a shell reads it that runs it on the conditions of the Makefile around it.
func onCondition(conditions []string, line string) string {
	if len(conditions) == 0 {
		return line
	}
	return "if test " + sdk.Quote(conditions[0]) + "; then " + strings.TrimLeft(line, "@+") + "; fi"
}

// begin adds the recipe that a line begins, if it begins one by an expression for the names of it and for what it needs.
func (t *taskText) begin(line string, rule *regexp.Regexp) *task {
	line, _, _ = strings.Cut(line, "#")
	for special, set := range map[string]map[string]bool{".PHONY": t.phony, ".IGNORE": t.ignored} {
		if names, ok := strings.CutPrefix(line, special+":"); ok {
			for name := range strings.FieldsSeq(names) {
				set[name] = true
			}
			t.ignored["*"] = t.ignored["*"] || special == ".IGNORE" && strings.TrimSpace(names) == ""
			return nil
		}
	}
	m := rule.FindStringSubmatch(line)
	if m == nil {
		return nil
	}
	current := &task{}
	if before, _, _ := strings.Cut(line, ":"); !strings.Contains(m[1], " ") {
		current.names = strings.Fields(before)[min(1, len(strings.Fields(before))):]
	}
	for _, name := range strings.Fields(m[1]) {
		if strings.HasPrefix(name, ".") {
			continue
		}
		if known := t.tasks[name]; known != nil {
			current = known
		}
		t.tasks[name] = current
		if t.first == "" && !strings.Contains(name, "%") {
			t.first = name
		}
	}
	if strings.Contains(m[2], "$(") || !strings.ContainsAny(m[2], "(&") {
		current.needs = append(current.needs, strings.Fields(m[2])...)
	} else {
		current.addNeeds(m[2])
	}
	return current
}

// usualVariables are the programs that variables of these names are, where their values are not known.
var usualVariables = strings.NewReplacer("$(MAKE)", "make", "${MAKE}", "make", "$(PYTHON)", "python", "${PYTHON}", "python", "$(GO)", "go",
	"${GO}", "go", "$(CARGO)", "cargo", "${CARGO}", "cargo", "$(NPM)", "npm", "$(UV)", "uv")

// replaceVariables replaces variables by their texts, which may have others in them.
func replaceVariables(line, open, end string, variables map[string]string) string {
	for range 3 {
		before := line
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			value := variables[name]
			line = strings.ReplaceAll(line, open+name+end, value)
			line = strings.ReplaceAll(line, open+" "+name+" "+end, value)
			if open == "$(" {
				line = strings.ReplaceAll(line, "${"+name+"}", value)
			}
		}
		if open == "$(" && strings.Contains(line, "$(") {
			line = evaluated(line, variables)
		}
		if line == before || len(line) > 4096 {
			break
		}
	}
	return usualVariables.Replace(line)
}
