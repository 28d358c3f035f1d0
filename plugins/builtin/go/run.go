package golang

import (
	"fmt"
	"path"
	"strings"
)

// A mainPackage is a main package that "run" may start.
type mainPackage struct {
	module *module
	dir    string
}

// checkMain returns an error if the configured main package is not one.
func (r *repo) checkMain() error {
	if r.config.Main == "" {
		return nil
	}
	mains := r.mainPackages()
	for _, s := range mains {
		if s.dir == r.config.Main {
			return nil
		}
	}
	return fmt.Errorf(
		"[plugins.go] config: \"main\" is %q, which is not the folder of a main package; there are: %s",
		r.config.Main, list(mains))
}

func (r *repo) mainPackages() (out []mainPackage) {
	for _, m := range r.modules {
		for _, dir := range m.mains() {
			out = append(out, mainPackage{m, dir})
		}
	}
	return out
}

func list(mains []mainPackage) string {
	var dirs []string
	for _, s := range mains {
		dirs = append(dirs, relPath(s.dir, "."))
	}
	if len(dirs) > 6 {
		dirs = append(dirs[:6], "…")
	}
	if dirs == nil {
		return "none"
	}
	return strings.Join(dirs, ", ")
}

// run offers to start the only main package, or the one that is the project's program.
func (b *builder) run() {
	mains := b.repo.mainPackages()
	if len(mains) == 1 {
		b.addRun(mains[0], 1)
	} else if s, ok := b.repo.chosenMain(); ok {
		b.addRun(s, len(mains))
	} else {
		b.Explain("run", whyNoneChosen(mains))
	}
}

// chosenMain returns the main package that is the project's program: the configured one, the only one that
// does not support the project, or the one with the name of the module.
func (r *repo) chosenMain() (mainPackage, bool) {
	for _, keep := range []func(mainPackage) bool{
		func(s mainPackage) bool { return r.config.Main == s.dir },
		func(s mainPackage) bool { return !isSupporting(s.dir) && !r.isTool(s) },
		func(s mainPackage) bool { return !isSupporting(s.dir) },
		func(s mainPackage) bool {
			return s.module.program(
				s.dir) == path.Base(command(s.module.file.module))
		},
	} {
		if kept := filter(r.mainPackages(), keep); len(kept) == 1 {
			return kept[0], true
		}
	}
	return mainPackage{}, false
}

// isTool reports whether a command is a generator or linter for the project itself, by its name or because it is made of
// analyzers. One that has the name of the module is the project.
func (r *repo) isTool(s mainPackage) bool {
	name := strings.ToLower(path.Base(s.dir))
	if name == strings.ToLower(path.Base(command(s.module.file.module))) {
		return false
	}
	for _, part := range []string{"gen", "vet", "lint", "linter", "docs"} {
		if strings.HasPrefix(name, part+"-") || strings.HasSuffix(name, part) {
			return true
		}
	}
	return strings.HasPrefix(name, "gen") || strings.Contains(r.tree.read(path.Join(s.dir, "main.go")), analysis)
}

// analysis begins the import of a framework for linters.
const analysis = `"golang.org/x/tools/go/analysis/`

// whyNoneChosen returns the reason why no main package is chosen.
func whyNoneChosen(mains []mainPackage) string {
	if len(mains) == 0 {
		return "no package is a command"
	}
	return "there are several commands (" + list(mains) +
		"); main = \"./…\" in the configuration of this plugin chooses one"
}

func filter(mains []mainPackage, keep func(mainPackage) bool) (out []mainPackage) {
	for _, s := range mains {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

func (b *builder) addRun(s mainPackage, of int) {
	argv := append([]string{"run"}, b.repo.config.flags()...)
	step := b.goStep(s.module, append(argv, relPath(s.dir, s.module.dir))...)
	step.Inputs, step.Interactive = nil, true
	b.add(s.module, "run", "run", step)
	why := relPath(s.dir, ".") + " is the only command"
	if of > 1 {
		why = fmt.Sprintf(
			"%s is the one of %d commands that is the project itself; \"main\" in the configuration chooses another",
			relPath(s.dir, "."), of)
	}
	if b.repo.config.Main == s.dir {
		why = relPath(s.dir, ".") + " is configured"
	}
	b.Explain("run", why)
}
