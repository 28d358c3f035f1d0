package proof

import (
	"os"
	"slices"
	"strings"
)

// A trial is a list of operations on a project of a kind, with a run of davit before the first and after
// each.
type trial struct {
	kind       *kind
	operations []op
}

// run makes a new project and returns the number of the operation after which something was wrong, counted
// from 1 with 0 for none, and what. A fault before any operation has the number 0 too.
func (t trial) run(s *shared) (rounds int, fault string, err error) {
	top, err := os.MkdirTemp(s.dir, t.kind.name+"-")
	if err != nil {
		return 0, "", err
	}
	defer os.RemoveAll(top)
	w, err := newWorld(s, t.kind, top)
	if err != nil {
		return 0, "", err
	}
	if fault, err = w.round(); fault != "" || err != nil {
		return 0, fault, err
	}
	for i, o := range t.operations {
		o.Apply(w)
		if fault, err = w.round(); fault != "" || err != nil {
			return i + 1, fault, err
		}
	}
	return len(t.operations), "", nil
}

// shrink returns the shortest list that it finds of operations, of those up to the fault, that lead to one.
// It leaves out one after the other as long as there is a fault.
func (t trial) shrink(s *shared, rounds int, fault string) (trial, string, error) {
	t.operations = slices.Clone(t.operations[:rounds])
	for i := len(t.operations) - 1; i >= 0; i-- {
		fewer := trial{t.kind, slices.Delete(slices.Clone(t.operations), i, i+1)}
		rounds, found, err := fewer.run(s)
		if err != nil {
			return t, fault, err
		}
		if found != "" {
			t.operations, fault = fewer.operations[:rounds], found
			i = min(i, len(t.operations))
		}
	}
	return t, fault, nil
}

func (t trial) String() string {
	var lines strings.Builder
	for _, o := range t.operations {
		lines.WriteString("  " + o.String() + "\n")
	}
	return lines.String()
}
