package main

import (
	"slices"
	"strings"
)

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

// run starts the configured program, or the only one, or the one that Cargo.toml names for it. What follows "--" goes to the
// program.
func (b *builder) run() {
	all := b.repo.starts(func(bin) bool { return true })
	for _, kept := range [][]start{
		b.repo.starts(func(s bin) bool { return s.name == b.repo.config.Bin }),
		all,
		b.repo.starts(func(s bin) bool { return s.name == s.crate.start }),
	} {
		if len(kept) == 1 {
			b.start(kept[0], len(all))
			return
		}
	}
	var names []string
	for _, s := range all {
		names = append(names, s.bin.name)
	}
	why := "no package makes a program"
	if names != nil {
		why = "there are several programs (" + strings.Join(names, ", ") + "); bin = \"…\" in the configuration of this plugin chooses one"
	}
	b.about("run", why)
}

func (b *builder) start(s start, of int) {
	argv := []string{"cargo", "run"}
	if of > 1 {
		argv = append(argv, "--package", s.bin.crate.name, "--bin", s.bin.name)
	}
	flags := slices.DeleteFunc(b.repo.config.flags(), func(f string) bool { return f == "--workspace" })
	step := bare(append(append(argv, flags...), "--")...)
	step.Interactive = true
	b.add(s.unit, "run", "run", step)
	b.about("run", s.bin.name+", of the package "+s.bin.crate.name)
}
