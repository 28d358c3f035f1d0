package make

import (
	"cmp"
	"path"
	"strconv"
	"strings"
)

// A makefile is a parsed Makefile with the files that it includes.
type makefile struct {
	rules          []*rule // in order; a name may have several
	patterns       []string
	phony          map[string]bool
	help           map[string]string // from comments of the form "## NAME: text" anywhere
	goal           string            // the default target
	notes          []string          // what could not be read
	missingInclude bool              // an included file is missing, and no rule makes it
	vars           *variables        // at the end of the file

	// fallbacks are .DEFAULT and the pattern rules that match everything. They apply to targets without a
	// rule.
	fallbacks []*rule
}

// A rule is one target of one rule.
type rule struct {
	name      string
	file      string
	line      int
	prereqs   []string
	recipe    []string
	help      string
	condition string // the innermost condition around it: "ifdef CI"
}

// The limits on hostile and generated files.
const (
	maxWork  = 16 << 20 // bytes that expansion may touch
	maxFiles = 200
	maxBytes = 4 << 20 // of all files together
	maxRules = 20000
)

// parseMakefile parses a Makefile for a make that runs in dir.
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

// A reader parses Makefiles line by line.
type reader struct {
	out     *makefile
	vars    *variables
	seen    map[string]bool
	bytes   int // the number that may still be read
	missing []missing

	name       string   // of the file
	lines      []string // not yet read
	number     int      // the number of the last line read
	open       []*rule  // the rules to which a recipe line belongs
	recipes    bool     // a rule is open, even if it is not kept
	comment    []string // the comment lines directly above the next line
	conditions []string
}

// readFile parses one file, and reports whether it exists. Open rules of the including file are closed, as in
// make.
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
	r.vars.filesRead = append(r.vars.filesRead,
		strings.TrimPrefix(name, strings.TrimPrefix(r.vars.dir+"/", "./")))
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

// joined joins a line with the lines after it that a backslash continues.
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

// prefix returns the character at the beginning of a recipe line: a tab, unless .RECIPEPREFIX changes it.
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

// closeRules closes the open rules: the next line is not part of a recipe.
func (r *reader) closeRules() { r.open, r.recipes, r.comment = nil, false, nil }

// statement parses a line that is neither empty, nor a comment, nor part of a recipe.
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

// switchBranch handles "else" and "endif".
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

// skipDefine skips to endef. The variable is unknown, since its value is several lines, mostly rules.
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
