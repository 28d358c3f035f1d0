package main

import (
	"cmp"
	"path"
	"strconv"
	"strings"
)

// makefile is what the text of a Makefile, and of the files that it includes, says.
type makefile struct {
	rules          []*rule // in order; a name may have several
	patterns       []string
	phony          map[string]bool
	help           map[string]string // from comments of the form "## NAME: text", wherever they stand
	goal           string            // what make makes when it is asked for nothing
	notes          []string          // what could not be seen
	missingInclude bool              // an included file is missing, and nothing is known to make it
	vars           *variables        // as they stand at the end

	// fallbacks are .DEFAULT and the pattern rules that match everything: they are for all that has no rule.
	fallbacks []*rule
}

// rule is one target of one rule.
type rule struct {
	name      string
	file      string
	line      int
	prereqs   []string
	recipe    []string
	help      string
	condition string // the condition that it stands under: "ifdef CI"
}

// The limits keep a hostile or generated file from taking long.
const (
	maxWork  = 16 << 20 // bytes that expansion may touch
	maxFiles = 200
	maxBytes = 4 << 20 // of all files together
	maxRules = 20000
)

// parseMakefile reads the Makefile of the name, for a make that runs in dir.
func parseMakefile(name, dir string, files files) *makefile {
	out := &makefile{phony: map[string]bool{}, help: map[string]string{}}
	v := &variables{set: map[string]variable{}, files: files, dir: dir, budget: maxWork}
	r := &reader{out: out, vars: v, seen: map[string]bool{}, bytes: maxBytes}
	r.readFile(name)
	r.noteMissing()
	if goal, _ := v.words("$(.DEFAULT_GOAL)"); len(goal) > 0 {
		out.goal = goal[0]
	}
	out.vars = v
	return out
}

// reader goes through Makefiles line by line.
type reader struct {
	out     *makefile
	vars    *variables
	seen    map[string]bool
	bytes   int // that may still be read
	missing []missing

	name       string   // of the file
	lines      []string // that are not yet read
	number     int      // of the line read last
	open       []*rule  // the rules that a recipe line belongs to
	recipes    bool     // a rule is open, if only one that is not kept
	comment    []string // the comment lines directly above
	conditions []string
}

// readFile reads one file, and tells whether it is there. What is open in the including file is closed, as make does it.
func (r *reader) readFile(name string) bool {
	if r.seen[name] {
		return true
	}
	text, ok := r.vars.files.Read(name)
	if !ok || len(r.seen) >= maxFiles || len(text) > r.bytes {
		return false
	}
	r.seen[name] = true
	r.bytes -= len(text)
	r.vars.filesRead = append(r.vars.filesRead, strings.TrimPrefix(name, strings.TrimPrefix(r.vars.dir+"/", "./")))
	outer := *r
	r.name, r.number, r.conditions = name, 0, nil
	r.lines = strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	r.closeRules()
	for len(r.lines) > 0 {
		r.readLine()
	}
	outer.bytes, outer.missing = r.bytes, r.missing
	*r = outer
	return true
}

func (r *reader) next() string {
	line := strings.TrimSuffix(r.lines[0], "\r")
	r.lines = r.lines[1:]
	r.number++
	return line
}

// readLine reads one logical line.
func (r *reader) readLine() {
	line := r.next()
	at := r.number
	if r.recipes && strings.HasPrefix(line, r.prefix()) {
		r.recipe(r.joined(line[1:], "\n"))
		return
	}
	line = strings.TrimSpace(r.joined(line, " "))
	switch {
	case line == "":
		r.comment = nil
	case line[0] == '#':
		r.addComment(line)
	default:
		r.statement(line, at)
	}
}

// joined puts the lines together that a backslash continues.
func (r *reader) joined(line, with string) string {
	if !continued(line) {
		return line
	}
	var b strings.Builder
	for continued(line) && len(r.lines) > 0 {
		b.WriteString(strings.TrimRight(line[:len(line)-1], " \t") + with)
		line = strings.TrimLeft(r.next(), " \t")
	}
	b.WriteString(line)
	return b.String()
}

// prefix is what a line of a recipe begins with: a tab, unless .RECIPEPREFIX says otherwise.
func (r *reader) prefix() string {
	x, ok := r.vars.set[".RECIPEPREFIX"]
	if !ok || x.text == "" {
		return "\t"
	}
	return x.text[:1]
}

// recipe adds a line to the open rules.
func (r *reader) recipe(line string) {
	r.comment = nil
	if strings.TrimSpace(line) == "" {
		return
	}
	for _, rule := range r.open {
		rule.recipe = append(rule.recipe, line)
	}
}

// closeRules ends the open rules: the next line cannot be of their recipe.
func (r *reader) closeRules() { r.open, r.recipes, r.comment = nil, false, nil }

// statement reads a line that is neither empty, a comment nor part of a recipe.
func (r *reader) statement(line string, at int) {
	word, rest := cutWord(line)
	switch word {
	case "ifeq", "ifneq", "ifdef", "ifndef":
		text, _ := uncomment(line)
		r.conditions, r.comment = append(r.conditions, strings.TrimSpace(text)), nil
	case "else", "endif":
		r.switchBranch(word)
	case "define":
		r.closeRules()
		r.skipDefine(rest)
	case "include", "-include", "sinclude":
		r.closeRules()
		rest, _ = uncomment(rest)
		r.include(rest, word == "include", r.source(at))
	case "export", "override", "private":
		if !strings.HasPrefix(rest, ":") {
			r.closeRules()
			r.statement(cmp.Or(rest, "unexport"), at)
			return
		}
		r.assignmentOrRule(line, at)
	case "unexport", "undefine", "vpath", "load", "-load":
		r.closeRules()
	default:
		r.assignmentOrRule(line, at)
	}
}

func (r *reader) source(line int) string { return path.Clean(r.name) + ":" + strconv.Itoa(line) }

// switchBranch goes to the other branch of the condition, or leaves it.
func (r *reader) switchBranch(word string) {
	r.comment = nil
	n := len(r.conditions)
	if n == 0 {
		return
	}
	if word == "endif" {
		r.conditions = r.conditions[:n-1]
	} else if !strings.HasPrefix(r.conditions[n-1], "else of ") {
		r.conditions[n-1] = "else of " + r.conditions[n-1]
	}
}

// skipDefine skips to the endef. The variable is one that only make knows: what is in it are lines, mostly rules.
func (r *reader) skipDefine(rest string) {
	name, _ := cutWord(rest)
	r.vars.set[strings.TrimRight(name, ":+?!=")] = variable{unknown: true}
	for depth := 1; depth > 0 && len(r.lines) > 0; {
		switch word, _ := cutWord(r.joined(r.next(), " ")); word {
		case "define":
			depth++
		case "endef":
			depth--
		}
	}
}
