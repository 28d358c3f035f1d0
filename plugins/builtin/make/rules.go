package make

import (
	"cmp"
	"strings"
)

// assignmentOrRule parses a line that is an assignment, a rule, or something that only make understands.
func (r *reader) assignmentOrRule(line string, at int) {
	i := indexOutsideRefs(line, ":=#")
	if i < 0 || line[i] == '#' {
		r.closeRules()
		if strings.Contains(line, "$(eval") || strings.Contains(line, "$(call") {
			r.note("%s makes rules when make runs: targets in them are not known", r.source(at))
		}
		return
	}
	if name, op, value, ok := assignment(line, i); ok {
		r.closeRules()
		r.assign(name, op, value)
		return
	}
	r.rule(line[:i], strings.TrimPrefix(line[i+1:], ":"), at)
}

// assignment splits "NAME op value". The index i is that of the first ":" or "=" in the line.
func assignment(line string, i int) (name, op, value string, ok bool) {
	end := i
	for end < len(line) && line[end] == ':' && end-i < 3 {
		end++
	}
	if end >= len(line) || line[end] != '=' {
		return "", "", "", false
	}
	begin := i
	if begin == end && begin > 0 && strings.IndexByte("?+!", line[begin-1]) >= 0 {
		begin--
	}
	value, _ = uncomment(line[end+1:])
	return strings.TrimSpace(line[:begin]), line[begin : end+1], strings.TrimSpace(value), true
}

func (r *reader) assign(name, op, value string) {
	name, ok := r.vars.expand(name)
	if !ok || strings.ContainsAny(name, " \t") || r.onlyOnWindows() {
		return
	}
	if name == ".RECIPEPREFIX" && op == "+=" && value == "" {
		op, value = "=", " " // make appends a space, which is how a Makefile sets the prefix to a space
	}
	r.vars.assign(name, op, value)
}

// onlyOnWindows reports whether the line is only for Windows. A plan must be the same on every machine, so of
// two values of a variable, ".exe" or nothing, the one of the other systems is used.
func (r *reader) onlyOnWindows() bool {
	for _, c := range r.conditions {
		windows := strings.Contains(c, "indows") || strings.Contains(c, "MINGW")
		otherwise := strings.HasPrefix(c, "else of ")
		negated := strings.HasPrefix(strings.TrimPrefix(c, "else of "), "ifn")
		if windows && otherwise == negated {
			return true
		}
	}
	return false
}

// rule parses "targets: rest". The rest has prerequisites, a recipe and a comment.
func (r *reader) rule(targets, rest string, at int) {
	rest, help, recipe := splitPrereqs(rest)
	comment := r.comment
	r.closeRules()
	r.recipes = true
	if indexOutsideRefs(rest, "=") >= 0 {
		r.recipes, r.comment = false, comment
		return // a target-specific variable
	}
	if i := indexOutsideRefs(rest, ":"); i >= 0 {
		rest = rest[i+1:] // a static pattern rule: the targets are before the first colon
	}
	names, _ := r.vars.words(strings.TrimSuffix(strings.TrimSpace(targets), "&"))
	prereqs, all := r.vars.words(strings.ReplaceAll(rest, "|", " "))
	if !all {
		prereqs = append(prereqs, strings.TrimSpace(rest)) // there are more, which are not known
	}
	for i, p := range prereqs {
		prereqs[i] = trimDotSlash(p)
	}
	for _, name := range names {
		name = trimDotSlash(name)
		r.target(name, prereqs, cmp.Or(help, summary(comment, name)), at)
	}
	r.recipe(recipe)
	if isSpecial(names) {
		r.comment = comment // it is for the rule below
		if len(prereqs) == 1 && help != "" && r.out.help[prereqs[0]] == "" {
			r.out.help[prereqs[0]] = help
		}
	}
}

// trimDotSlash returns a name without the "./" at its beginning, as make does.
func trimDotSlash(name string) string {
	if short := strings.TrimLeft(strings.TrimPrefix(name, "./"), "/"); short != "" &&
		strings.HasPrefix(name, "./") {
		return short
	}
	return name
}

// splitPrereqs splits the text after the colon of a rule into prerequisites, help and recipe.
func splitPrereqs(rest string) (prereqs, help, recipe string) {
	i := indexOutsideRefs(rest, ";#")
	if i < 0 {
		return rest, "", ""
	}
	if rest[i] == ';' {
		return rest[:i], "", rest[i+1:]
	}
	return rest[:i], commentText(rest[i:]), ""
}

// isSpecial reports whether the names are a special target such as .PHONY, which is about other targets.
func isSpecial(names []string) bool {
	return len(names) == 1 && strings.HasPrefix(names[0], ".") && strings.ToUpper(names[0]) == names[0]
}

// target records one target of a rule.
func (r *reader) target(name string, prereqs []string, help string, at int) {
	t := &rule{name: name, file: r.name, line: at, prereqs: prereqs, help: help}
	if n := len(r.conditions); n > 0 {
		t.condition = r.conditions[n-1]
	}
	switch {
	case name == ".PHONY":
		for _, p := range prereqs {
			r.out.phony[p] = true
		}
	case name == ".DEFAULT" || name == "%":
		r.out.fallbacks = append(r.out.fallbacks, t)
		r.open = append(r.open, t)
	case strings.Contains(name, "%"):
		r.out.patterns = append(r.out.patterns, name)
	case len(r.out.rules) < maxRules:
		r.open = append(r.open, t)
		r.out.rules = append(r.out.rules, t)
		if r.out.goal == "" && (name[0] != '.' || strings.Contains(name, "/")) {
			r.out.goal = name
		}
	}
}
