package main

import (
	"fmt"
	"path"
	"strings"
)

// start is a main package that "run" may start.
type start struct {
	module *module
	dir    string
}

// checkMain refuses a configured main package that is none.
func (r *repo) checkMain() error {
	if r.config.Main == "" {
		return nil
	}
	starts := r.starts()
	for _, s := range starts {
		if s.dir == r.config.Main {
			return nil
		}
	}
	return fmt.Errorf("[plugins.go] config: \"main\" is %q, which is not the folder of a main package; there are: %s",
		r.config.Main, list(starts))
}

func (r *repo) starts() (out []start) {
	for _, m := range r.modules {
		for _, dir := range m.mains() {
			out = append(out, start{m, dir})
		}
	}
	return out
}

func list(starts []start) string {
	var dirs []string
	for _, s := range starts {
		dirs = append(dirs, below(s.dir, "."))
	}
	if len(dirs) > 6 {
		dirs = append(dirs[:6], "…")
	}
	if dirs == nil {
		return "none"
	}
	return strings.Join(dirs, ", ")
}

// run starts the only main package, or the one that is the project itself.
func (b *builder) run() {
	starts := b.repo.starts()
	if len(starts) == 1 {
		b.start(starts[0], 1)
	} else if s, ok := b.repo.itself(); ok {
		b.start(s, len(starts))
	} else {
		b.Explain("run", several(starts))
	}
}

// itself is the main package that the project is: the configured one, or the only one that is not a helper of the project, or
// the one that has its name.
func (r *repo) itself() (start, bool) {
	for _, keep := range []func(start) bool{
		func(s start) bool { return r.config.Main == s.dir },
		func(s start) bool { return !supporting(s.dir) },
		func(s start) bool { return s.module.program(s.dir) == path.Base(command(s.module.file.module)) },
	} {
		if kept := filter(r.starts(), keep); len(kept) == 1 {
			return kept[0], true
		}
	}
	return start{}, false
}

// several says why none is chosen.
func several(starts []start) string {
	if len(starts) == 0 {
		return "no package is a command"
	}
	return "there are several commands (" + list(starts) + "); main = \"./…\" in the configuration of this plugin chooses one"
}

func filter(starts []start, keep func(start) bool) (out []start) {
	for _, s := range starts {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

func (b *builder) start(s start, of int) {
	argv := append([]string{"run"}, b.repo.config.flags()...)
	step := b.goStep(s.module, append(argv, below(s.dir, s.module.dir))...)
	step.Interactive = true
	b.add(s.module, "run", "run", step)
	why := below(s.dir, ".") + " is the only command"
	if of > 1 {
		why = fmt.Sprintf("%s is the one of %d commands that is the project itself; \"main\" in the configuration chooses another", below(s.dir, "."), of)
	}
	if b.repo.config.Main == s.dir {
		why = below(s.dir, ".") + " is configured"
	}
	b.Explain("run", why)
}
