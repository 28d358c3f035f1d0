package main

import "strings"

// start is a program that "run" may start.
type start struct {
	unit *unit
	bin  bin
}

func (r *repo) starts(keep func(bin) bool) (out []start) {
	for _, u := range r.units {
		for _, c := range u.built(r.config) {
			for _, b := range c.bins {
				if keep(b) {
					out = append(out, start{u, b})
				}
			}
		}
	}
	return out
}

// all are the programs that a build covers.
func (r *repo) all() []start { return r.starts(func(bin) bool { return true }) }

// itself is the configured program, or the only one, or the one that Cargo.toml names for it.
func (r *repo) itself() (start, bool) {
	for _, kept := range [][]start{
		r.starts(func(s bin) bool { return s.name == r.config.Bin }),
		r.all(),
		r.starts(func(s bin) bool { return s.name == s.crate.start }),
	} {
		if len(kept) == 1 {
			return kept[0], true
		}
	}
	return start{}, false
}

// run starts the program. What follows "--" goes to it.
func (b *builder) run() {
	if s, ok := b.repo.itself(); ok {
		b.start(s)
		return
	}
	b.Explain("run", b.repo.undecided())
}

// undecided says why no program is chosen.
func (r *repo) undecided() string {
	var names []string
	for _, s := range r.all() {
		names = append(names, s.bin.name)
	}
	if names == nil {
		return "no package makes a program"
	}
	return "there are several programs (" + strings.Join(names, ", ") + "); bin = \"…\" in the configuration of this plugin chooses one"
}

func (b *builder) start(s start) {
	argv := []string{"cargo", "run"}
	if len(b.repo.all()) > 1 {
		argv = append(argv, "--package", s.bin.crate.name, "--bin", s.bin.name)
	}
	step := bare(append(append(argv, b.repo.config.features()...), "--")...)
	step.Interactive = true
	b.add(s.unit, "run", "run", step)
	b.Explain("run", s.bin.name+", of the package "+s.bin.crate.name)
}
