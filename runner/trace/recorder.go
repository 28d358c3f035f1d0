package trace

import (
	"os"
	"path"
	"slices"
)

// A recorder collects the accesses of a command in their order, each once.
type recorder struct {
	recorded map[Access]bool
	accesses []Access
	// own are the paths whose state the command itself has decided: it made them, overwrote or removed them.
	// What it reads there later tells it nothing new. A folder that it made covers all below.
	own  map[string]bool
	made map[string]bool // own paths that were not there before
	gaps []string
}

func newRecorder() *recorder {
	return &recorder{recorded: map[Access]bool{}, own: map[string]bool{}, made: map[string]bool{}}
}

// add records an access. Looking at what is the command's own is none.
func (r *recorder) add(name string, kind Kind, program string) {
	if name == "" || !kind.Changes() && r.owns(name) {
		return
	}
	// The name of the program is of the first one only.
	key := Access{Path: name, Kind: kind}
	if !r.recorded[key] {
		r.recorded[key] = true
		r.accesses = append(r.accesses, Access{Path: name, Kind: kind, Program: program})
	}
}

// owns reports whether the command has decided the state of a path or of a folder that it is in.
func (r *recorder) owns(name string) bool {
	for {
		if r.own[name] {
			return true
		}
		up := path.Dir(name)
		if up == name {
			return false
		}
		name = up
	}
}

// make records that the command made what did not exist. That it was missing is no news to a command that
// makes it whatever it finds.
func (r *recorder) make(name, program string) {
	if name == "" {
		return
	}
	r.add(name, Create, program)
	r.made[name] = r.made[name] || !r.own[name]
	r.own[name] = true
}

// truncate records that the command overwrote a file.
func (r *recorder) truncate(name, program string) {
	r.add(name, Write, program)
	if name != "" {
		r.own[name] = true
	}
}

func (r *recorder) remove(name, program string) {
	if name == "" {
		return
	}
	r.add(name, Remove, program)
	r.own[name] = true
}

// rename records that something got another name. What was not the command's own has been read. Replaces says
// that the new name existed.
func (r *recorder) rename(from, to string, replaces bool, program string) {
	if from == "" || to == "" {
		return
	}
	r.add(from, Read, program)
	if replaces {
		r.truncate(to, program)
	} else {
		r.make(to, program)
	}
	r.remove(from, program)
}

func (r *recorder) gap(text string) {
	if !slices.Contains(r.gaps, text) {
		r.gaps = append(r.gaps, text)
	}
}

// trace returns what was recorded, without changes to files that the command has made and removed, and
// without looks at what it has also read.
func (r *recorder) trace() Trace {
	accesses := slices.DeleteFunc(r.accesses, func(a Access) bool {
		switch {
		case a.Kind == Stat:
			return r.recorded[Access{Path: a.Path, Kind: Read}] || r.recorded[Access{Path: a.Path, Kind: Exec}] ||
				r.recorded[Access{Path: a.Path, Kind: List}]
		case !a.Kind.Changes() || !r.made[a.Path]:
			return false
		}
		_, err := os.Lstat(a.Path)
		return err != nil
	})
	return Trace{Accesses: accesses, Gaps: r.gaps}
}
