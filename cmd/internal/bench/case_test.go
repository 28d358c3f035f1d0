package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// self returns a call of this test's own program that runs no test.
func self(name string, order *[]string) *Case {
	return &Case{
		Name: name, Argv: []string{os.Args[0], "-test.run=^$"}, Repeat: 2,
		Before: func(int) error { *order = append(*order, name); return nil },
	}
}

func TestCasesTakeTurnsAndWarmupIsNotCounted(t *testing.T) {
	var order []string
	a, b := self("a", &order), self("b", &order)
	if err := interleave(t.Context(), []*Case{a, b}, 1, 2); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(order, strings.Fields("a b b a a b")) || len(a.Sample.Times) != 2 || a.Err != nil {
		t.Errorf("order %v, times %v, error %v", order, a.Sample.Times, a.Err)
	}
}

func TestCasesOfASeriesKeepTheirOrder(t *testing.T) {
	var order []string
	a, b, next := self("a", &order), self("b", &order), self("next", &order)
	a.Next, a.CleanUp = next, func() error { order = append(order, "end"); return nil }
	if err := interleave(t.Context(), casesOf([]Line{{Davit: a, Peer: b}, {Davit: next, Peer: b}}), 1, 1); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(order, strings.Fields("a next end b b a next end")) || len(next.Sample.Times) != 1 {
		t.Errorf("order %v, times %v", order, next.Sample.Times)
	}
}

func TestACaseIsLeftOutWithTheOneBefore(t *testing.T) {
	var order []string
	a, next := self("a", &order), self("next", &order)
	a.Next, a.Argv[1] = next, "-test.nosuchflag"
	if err := interleave(t.Context(), []*Case{a}, 0, 2); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(order, []string{"a"}) || next.Err == nil {
		t.Errorf("order %v, error %v", order, next.Err)
	}
}

func TestFailedCaseIsLeftOut(t *testing.T) {
	var order []string
	a, b := self("a", &order), self("b", &order)
	a.Argv[1] = "-test.nosuchflag"
	if err := interleave(t.Context(), []*Case{a, b}, 0, 2); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(order, strings.Fields("a b b")) || a.Err == nil || len(a.Sample.Times) != 0 ||
		len(b.Sample.Times) != 2 {
		t.Errorf("order %v, error %v, times %v and %v", order, a.Err, a.Sample.Times, b.Sample.Times)
	}
}

func TestAfterFailsACase(t *testing.T) {
	var order []string
	a := self("a", &order)
	a.After = func() error { return errNotIdle }
	if err := interleave(t.Context(), []*Case{a}, 1, 3); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(a.Err, errNotIdle) || len(order) != 2 {
		t.Errorf("error %v after %v", a.Err, order)
	}
}
