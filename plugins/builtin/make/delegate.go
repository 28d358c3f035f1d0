package make

import (
	"fmt"
	"regexp"
	"strings"
)

// delegations match the beginning of a command that calls make in another folder, up to the target.
var delegations = []*regexp.Regexp{
	regexp.MustCompile(`\bcd\s+([A-Za-z0-9._/-]+)\s*(?:&&|;)\s*make\s+(?:-[a-z-]+\s+)*["']?$`),
	regexp.MustCompile(`\bmake\s+(?:-C\s*|--directory[= ])([A-Za-z0-9._/-]+)\s+(?:-[a-z-]+\s+)*["']?$`),
	regexp.MustCompile(`\bfor\s+\w+\s+in\s+([A-Za-z0-9._/-]+)[^;]*;\s*do\s+make\s+-C\s*"?\$\{?\w+\}?"?\s+$`),
}

// targetMark is the value of $@ when a recipe is searched for it.
const targetMark = "\x00"

// delegate adds the targets that a catch-all rule makes: those of another folder,
//
//	.DEFAULT:
//		cd src && $(MAKE) $@
//
// and those of a pattern that gives targets a shorter name, "%: common-%".
func (g *goals) delegate(files files) {
	for _, rule := range g.m.fallbacks {
		for _, p := range rule.prereqs {
			if before, after, ok := strings.Cut(p, "%"); ok && before+after != "" {
				g.addShortNames(rule, p)
			}
		}
		for _, line := range rule.recipe {
			if dir := delegatedDir(g.m.vars.expandRecipe(line, targetMark, "")); dir != "" {
				g.addSubMakefile(dir, files)
				return
			}
		}
	}
}

// addShortNames adds a target for each one that matches the pattern of a prerequisite: its name is what "%"
// matches. The target with the longer name is then hidden.
func (g *goals) addShortNames(of *rule, pattern string) {
	for _, long := range g.names {
		name, ok := stem(pattern, long)
		if !ok || name == "" || strings.Contains(name, "/") || g.by[name] != nil {
			continue
		}
		t := *g.by[long]
		t.hidden = false
		t.name, t.prereqs, t.alias = name, []string{long}, fmt.Sprintf(
			"the pattern rule of %s:%d makes it of %s", of.file, of.line, long)
		t.recipe = of.recipe
		g.by[long].hidden = true
		g.by[name] = &t
		g.names = append(g.names, name)
	}
}

// addSubMakefile adds the targets of the Makefile in a folder.
func (g *goals) addSubMakefile(dir string, files files) {
	name, _ := firstMatch(files.List(dir), makefileNames)
	if name == "" {
		return
	}
	m := parseMakefile(dir+"/"+name, dir, files)
	for _, r := range m.rules {
		if t, ok := g.by[r.name]; !ok || t.delegated {
			g.add(r, m).delegated = true
		}
	}
	note := fmt.Sprintf("%s hands what it has no rule for on to %s/%s", g.m.vars.filesRead[0], dir, name)
	g.m.notes = append(append(g.m.notes, note), m.notes...)
}

// delegatedDir returns the folder in which a line of a recipe calls make for its own target, or "".
func delegatedDir(line string) string {
	before, _, ok := strings.Cut(line, targetMark)
	if !ok {
		return ""
	}
	for _, form := range delegations {
		if found := form.FindStringSubmatch(before); found != nil {
			if dir, ok := inProject(".", found[1]); ok && dir != "." {
				return dir
			}
		}
	}
	return ""
}
