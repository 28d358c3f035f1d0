package rust

import "strings"

// A program is a program that "run" may start, with its unit.
type program struct {
	unit *unit
	bin  bin
}

func (r *repo) programsWith(keep func(bin) bool) (out []program) {
	for _, u := range r.units {
		for _, b := range u.programs() {
			if keep(b) {
				out = append(out, program{u, b})
			}
		}
	}
	return out
}

// programs returns the programs that a build covers.
func (r *repo) programs() []program { return r.programsWith(func(bin) bool { return true }) }

// chosenProgram returns the configured program, the only one, or the default-run program of Cargo.toml.
func (r *repo) chosenProgram() (program, bool) {
	for _, kept := range [][]program{
		r.programsWith(func(s bin) bool { return s.name == r.config.Bin }),
		r.programs(),
		r.programsWith(func(s bin) bool { return s.name == s.crate.start }),
	} {
		if len(kept) == 1 {
			return kept[0], true
		}
	}
	return program{}, false
}

// run offers to start the program. Arguments after "--" are the program's.
func (b *builder) run() {
	if s, ok := b.repo.chosenProgram(); ok {
		b.addRun(s)
		return
	}
	b.Explain("run", b.repo.whyNoneChosen())
}

// whyNoneChosen returns the reason why no program is chosen.
func (r *repo) whyNoneChosen() string {
	var names []string
	for _, s := range r.programs() {
		names = append(names, s.bin.name)
	}
	if names == nil {
		return "no package makes a program"
	}
	return "there are several programs (" + strings.Join(names, ", ") +
		"); bin = \"…\" in the configuration of this plugin chooses one"
}

func (b *builder) addRun(s program) {
	argv := []string{"cargo", "run"}
	if len(b.repo.programs()) > 1 {
		argv = append(argv, "--package", s.bin.crate.name, "--bin", s.bin.name)
	}
	step := command(append(append(argv, s.unit.build.featureFlags()...), "--")...)
	step.Interactive = true
	b.add(s.unit, "run", "run", step)
	b.Explain("run", s.bin.name+", of the package "+s.bin.crate.name)
}
