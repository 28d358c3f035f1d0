package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// deps fetches the modules that a module needs. The module cache is outside of the project, where davit
// cannot see whether it is complete, so the step always runs Go. In a workspace "go mod download" fails for
// modules that are not published; loading the packages does not.
func (b *builder) deps(m *module) {
	if m.vendored || !b.repo.fetches(m) {
		return
	}
	s := b.goStep(m, "mod", "download")
	if m.work != "" {
		s = b.script(m, "go list -deps -test"+b.repo.config.shellFlags()+" ./... >/dev/null")
	}
	s.Caches = []plan.Cache{sdk.GoModCache}
	s.NoCache = true
	b.add(m, "init", "deps", s)
}

// build compiles all packages, as "go build ./..." does, and links the main packages. With -o alone, Go would
// not compile packages that no main package imports.
func (b *builder) build(m *module) {
	lines := b.buildLines(m)
	if len(m.mains()) > 0 && b.repo.tree.mayIgnore(m.out) {
		// Users see the first line of a script.
		summary := "# " + strings.ReplaceAll(lines[0], ` "$@"`, "")
		lines = append([]string{summary, sdk.IgnoreScript(m.outPath())}, lines...)
	}
	s := b.script(m, lines...)
	if len(m.mains()) > 0 {
		s.Outputs = []string{m.out + "/"}
		s.Settings = []string{plan.SettingGit} // Go writes the commit into programs
	}
	if dir := b.repo.generated(m); dir != "" {
		s.NoCache, s.NoCacheWhy = true, "a package may embed "+dir+", which other tools write"
		b.repo.decisions.Add("build always asks Go, since a package may embed %s, which other tools write",
			dir)
	}
	b.add(m, "build", "build", s)
}

func (b *builder) buildLines(m *module) (lines []string) {
	command := "go build" + b.repo.config.shellFlags() + ` "$@"`
	plain, renamed := m.names()
	out := m.outPath()
	if len(plain) == 0 {
		return []string{command + " ./..."}
	}
	if len(m.packages) > 1 {
		lines = append(lines, command+" ./...")
	}
	if len(renamed) == 0 {
		return append(lines, command+" -o "+out+"/ ./...")
	}
	lines = append(lines, command+" -o "+out+"/ "+sdk.Quote(m.relative(plain)...))
	for _, p := range renamed {
		b.repo.decisions.Add("%s is built as %s, since another command has its name", relPath(p.dir, "."),
			path.Join(m.out, p.name))
		file := `"` + out + "/" + p.name + `$(go env GOEXE)"`
		lines = append(lines, command+" -o "+file+" "+sdk.Quote(relPath(p.dir, m.dir)))
	}
	return lines
}

// outPath returns the folder for programs as seen from the module's folder, without "./".
func (m *module) outPath() string { return strings.TrimPrefix(relPath(m.out, m.dir), "./") }

// built returns the files that davit leaves in the folder for programs, on any system. Those whose names are
// globs are not among them.
func (m *module) built() (files []string) {
	plain, renamed := m.names()
	for _, dir := range plain {
		renamed = append(renamed, renamedMain{dir, m.program(dir)})
	}
	for _, p := range renamed {
		if file := path.Join(m.out, p.name); !sdk.HasGlobMeta(file) {
			files = append(files, file, file+".exe")
		}
	}
	if len(files) > 0 {
		files = append(files, path.Join(m.out, ".gitignore"))
	}
	slices.Sort(files)
	return files
}

// relative returns folders as seen from the module's folder.
func (m *module) relative(dirs []string) (out []string) {
	for _, dir := range dirs {
		out = append(out, relPath(dir, m.dir))
	}
	return out
}

// clean removes the outputs of build. Go itself writes nothing into a project.
func (b *builder) clean(m *module) {
	if len(m.mains()) == 0 {
		return
	}
	out := m.outPath()
	s := b.script(m, "rm -rf "+sdk.Quote(out))
	s.Caches, s.NoCache = noCaches, true
	b.add(m, "clean", "clean", s)
}

func (b *builder) upgrade(m *module) {
	lines := []string{"[ $# -gt 0 ] || set -- ./...", `go get -u -t "$@"`, "go mod tidy"}
	if m.vendored && m.work != "" {
		lines = append(lines, "go work vendor")
	} else if m.vendored {
		lines = append(lines, "go mod vendor")
	}
	s := b.script(m, lines...)
	s.Outdated = &plan.Outdated{Line: "newer {name} {current} {newest}", Argv: []string{"go", "list", "-mod=readonly", "-m", "-u", "-f",
		"{{if and .Update (not .Main) (not .Indirect)}}newer {{.Path}} {{.Version}} {{.Update.Version}}{{end}}", "all"}}
	b.add(m, "upgrade", "upgrade", s)
}
