// Package proof tests the promise of results: a run of davit that uses results of earlier runs equals one
// that uses none, in its verdict and in what it leaves in the project.
//
// A trial makes a project, runs davit, and then again and again does something that a user does, an op, and
// runs davit once more. After each run the steps run without davit in a copy of the project as it was. Their
// scripts compute their outputs from all that they may read, so that a result of too few inputs is a wrong
// output. An output may be what the step makes where nothing of it is left from before, or what it makes in
// the folder as it was. One that was edited by hand may only be the latter, and no other file may change.
//
// TestFaults and TestStackFaults have a table of the faults that were known, each with the operations that
// find it; TestRounds and TestTools do operations in any order, and shorten the list of those that find
// something. They do a few, always the same; make fuzz does many, which differ each time. By hand:
//
//	go test ./cmd/internal/proof -run TestRounds -rounds 1000 -seed 2 -kind chain
//	go test ./cmd/internal/proof -run TestTools -tools 1000 -timeout 2h
//	go test ./cmd/internal/proof -force    # tries the test: without results nothing is found
//
// What decides no result, such as the clock and empty folders, is not among the operations.
package proof

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"testing"
)

var (
	seed   = flag.Uint64("seed", 1, "of the operations")
	rounds = flag.Int("rounds", 52, "with steps of sh; a thousand take minutes")
	reals  = flag.Int("tools", 8, "rounds with the real tools; a thousand take most of an hour")
	all    = flag.Bool("all", false, "go on after three faults")
	force  = flag.Bool("force", false, "run davit with --force, to try this test: nothing may be found")
	only   = flag.String("kind", "", "of the projects; all if empty")
)

var fixture *shared

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withShared(m))
}

func withShared(m *testing.M) int {
	dir, err := os.MkdirTemp("", "davit-proof-")
	if err == nil {
		defer os.RemoveAll(dir)
		fixture, err = newShared(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// needUnix skips a test on Windows, where davit brings a shell of its own and files have no modes.
func needUnix(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("left out: the steps are scripts of sh, and files have modes and links")
	}
}

// TestRounds tries projects with steps of sh.
func TestRounds(t *testing.T) { tryAll(t, shells, *rounds, 12) }

// TestTools tries projects with real tools.
func TestTools(t *testing.T) { tryAll(t, stacks, *reals, 5) }

// found counts the trials that have failed. After a few the rest is skipped, since shortening takes its time.
var found atomic.Int32

// tryAll tries projects of some kinds, with so many rounds in all, and of each at most so many.
func tryAll(t *testing.T, kinds []*kind, rounds, most int) {
	needUnix(t)
	each := min(max(1, rounds/len(kinds)), most)
	for n := range (rounds + each - 1) / each {
		k := kinds[n%len(kinds)]
		if *only != "" && k.name != *only {
			continue
		}
		t.Run(fmt.Sprintf("%s-%d", k.name, n), func(t *testing.T) {
			t.Parallel()
			if found.Load() >= 3 && !*all {
				t.SkipNow()
			}
			needTool(t, k.needs)
			r := rand.New(rand.NewPCG(*seed, uint64(n)))
			tr := trial{kind: k}
			for range each {
				tr.operations = append(tr.operations, k.operation(r))
			}
			try(t, tr)
		})
	}
}

// try runs a trial, and a shorter one if it fails.
func try(t *testing.T, tr trial) {
	t.Helper()
	rounds, fault, err := tr.run(fixture)
	if err == nil && fault != "" {
		tr, fault, err = tr.shrink(fixture, rounds, fault)
	}
	switch {
	case err != nil:
		t.Fatal(err)
	case fault != "":
		found.Add(1)
		t.Errorf("kind %s, seed %d; operations:\n%s%s", tr.kind.name, *seed, tr, fault)
	}
}

// needTool skips a test whose tool is not there; in CI all are.
func needTool(t *testing.T, name string) {
	t.Helper()
	if name == "" {
		return
	}
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not on PATH", name)
	}
	t.Skipf("%s is not on PATH", name)
}
