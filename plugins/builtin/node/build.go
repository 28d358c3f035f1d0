package node

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// planBuild plans the build. Its result is cached only if the outputs of all its commands are known.
func (u *unit) planBuild() {
	found := u.inOrder(u.chosen("build"))
	if len(found) == 0 {
		u.absent("build", u.root.file()+" has no script that builds")
		return
	}
	s := found[len(found)-1]
	u.build = s.name
	step := u.scriptStep(s)
	step.Needs = append(step.Needs, u.planOtherBuilds(found[:len(found)-1])...)
	step.PassEnv = []string{"NODE_ENV"}
	outputs, untracked := u.outputs(s)
	if names := u.configuredOutputs(); len(names) > 0 {
		outputs, untracked = names, ""
	}
	step.Outputs = outputs
	if untracked != "" {
		step.NoCache = true
		step.NoCacheWhy = fmt.Sprintf("what %q writes, or depends on, is not known", untracked)
	}
	// The id is always "build", whatever the name of the script, since other steps need it by that id.
	u.add("build", "build", step)
	u.explain("build", s, "")
	if untracked != "" {
		u.explain("build", s,
			fmt.Sprintf("script %q always runs: what %q writes, or depends on, is not known", s.name,
				untracked))
	}
	u.planClean(outputs)
}

// inOrder returns the scripts of members with those before that others depend on.
func (u *unit) inOrder(found []script) []script {
	members, _ := byDependencies(u.members)
	first := func(s script) int { return slices.Index(members, s.owners[0]) }
	slices.SortStableFunc(found, func(a, b script) int { return first(a) - first(b) })
	return found
}

// planOtherBuilds plans the builds of members that give the script another name than the rest, one after the other,
// and returns the id of the last.
func (u *unit) planOtherBuilds(found []script) (last []string) {
	for _, s := range found {
		step := u.scriptStep(s)
		step.PassEnv, step.NoCache = []string{"NODE_ENV"}, true
		step.NoCacheWhy = "what the scripts of members write is not known"
		step.Needs = append(step.Needs, last...)
		last = []string{u.add("build", "build:"+s.name, step)}
	}
	return last
}

// configuredOutputs returns the configured outputs of the unit.
func (u *unit) configuredOutputs() (outputs []string) {
	for _, name := range u.config.Outputs {
		if u.root.Dir == "." || strings.HasPrefix(name, u.root.Dir+"/") {
			outputs = append(outputs, name)
		}
	}
	return outputs
}

// outputs returns the folders that a build writes, and the first of its commands that may read or write other
// files, or "".
func (u *unit) outputs(s script) (dirs []string, untracked string) {
	add := func(dir string) {
		if dir = u.outputDir(dir); dir != "" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, c := range s.commands {
		dir, sure := u.writes(c)
		if untracked == "" && (!sure || s.inMembers || dir != "" && u.outputDir(dir) == "") {
			untracked = strings.Join(c, " ")
		}
		if sure || u.ignored(dir) {
			add(dir)
		}
	}
	if untracked != "" || len(dirs) == 0 {
		u.entries(s, add)
	}
	if untracked == "" && len(dirs) == 0 {
		untracked = s.text
	}
	slices.Sort(dirs)
	return dirs, untracked
}

// entries adds the folders of the package's entry points that git ignores, since the build has to make these.
func (u *unit) entries(s script, add func(string)) {
	if s.inMembers {
		return
	}
	for _, entry := range u.root.Entries {
		if dir, _, ok := strings.Cut(entry, "/"); ok && u.ignored(dir) {
			add(dir)
		}
	}
}

// outputDir returns a folder in the form of a step's outputs, or "" if it cannot be one: the package itself,
// or a folder outside of it.
func (u *unit) outputDir(dir string) string {
	dir = strings.Trim(strings.TrimPrefix(dir, "./"), "/")
	if dir == "" || dir == "." || strings.HasPrefix(dir, "..") || strings.ContainsAny(dir, "*?$\\{}:") ||
		strings.Contains(dir, "node_modules") {
		return ""
	}
	return u.path(dir) + "/"
}

// ignored reports whether a line of a .gitignore names a folder of the package.
func (u *unit) ignored(dir string) bool {
	dir = strings.Trim(strings.TrimPrefix(dir, "./"), "/")
	if dir == "" {
		return false
	}
	files := []string{".gitignore"}
	if u.root.Dir != "." {
		files = append(files, u.path(".gitignore"))
	}
	for _, file := range files {
		text, _ := u.project.Read(file)
		for line := range strings.Lines(text) {
			line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "**"), "/")
			line = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(line, "/**"), "/*"), "/")
			if plain, err := path.Match(line, dir); plain && err == nil || line == u.path(dir) {
				return true
			}
		}
	}
	return false
}

// planClean plans the script "clean" or, without one, the removal of the known outputs that git ignores.
func (u *unit) planClean(outputs []string) {
	if len(u.scripts("clean")) > 0 {
		return
	}
	const remove = `for (const d of process.argv.slice(1)) require("fs").rmSync(d, { recursive: true, force: true });`
	argv := []string{"node", "-e", remove}
	for _, dir := range outputs {
		if rel := strings.TrimPrefix(dir, u.root.Dir+"/"); u.ignored(rel) {
			argv = append(argv, strings.TrimSuffix(rel, "/"))
		}
	}
	if len(argv) == 3 {
		return
	}
	s := u.inUnit(plan.Step{Op: plan.OpExec, Tool: "node", Argv: argv})
	s.Needs, s.Path = nil, nil
	u.add("clean", "clean", s)
	u.Explain("clean", "removes what the build makes: "+strings.Join(argv[3:], ", "))
}
