package main

import (
	"errors"
	"strings"
	"testing"
)

// measured returns a case that took some milliseconds.
func measured(name string, took ...float64) *Case {
	return &Case{Name: name, Sample: Sample{Times: ms(took...)}}
}

func TestLineBecomesARow(t *testing.T) {
	turbo, bare, failed := measured("turbo", 20), measured("bare", 200), measured("moon")
	failed.Err = errors.New("exit status 1:\n a | b")
	for _, c := range []struct {
		line Line
		want string
	}{
		{
			Line{What: "idle", Davit: measured("davit", 10, 12, 11), Peer: turbo, Budget: inT(0.8, 0.35)},
			"| idle | 11 ms (10–12) | turbo 20 ms (20–20) | 0.55 T | ≤ 0.8 T | 0.35 T | ok |",
		},
		{
			Line{What: "idle", Davit: measured("davit", 18), Peer: turbo, Budget: inT(0.8, 0.35)},
			"| idle | 18 ms (18–18) | turbo 20 ms (20–20) | 0.90 T | ≤ 0.8 T | 0.35 T | over |",
		},
		{
			Line{What: "idle", Davit: measured("davit", 5), Peer: failed, Budget: less},
			`| idle | 5.0 ms (5.0–5.0) | moon – | – | < 1× | – | not measured: exit status 1: a \| b |`,
		},
		{
			Line{What: "steps", Davit: measured("davit", 300), Peer: turbo, Bare: bare, Steps: 10,
				Budget: inT(1, 0.3)},
			"| steps | 10 ms a step: 300 ms (300–300), bare 200 ms (200–200) | turbo 20 ms (20–20) | 0.50 T | ≤ 1 T | 0.3 T | ok |",
		},
		{
			Line{
				What: "steps", Davit: measured("davit", 224, 221, 230), Peer: measured("before", 220),
				PeerIsDavit: true, Bare: bare, Steps: 1, Budget: noSlower,
			},
			"| steps | 24 ms a step: 224 ms (221–230), bare 200 ms (200–200) | " +
				"before 20 ms a step: 220 ms (220–220), bare 200 ms (200–200) | " +
				"1.20×, least 1.05× | ≤ 1.1× | – | over |",
		},
		{
			Line{
				What: "steps", Davit: measured("davit", 224), Peer: bare,
				PeerIsDavit: true, Bare: bare, Steps: 1, Budget: noSlower,
			},
			"| steps | 24 ms a step: 224 ms (224–224), bare 200 ms (200–200) | " +
				"bare 0.0 ms a step: 200 ms (200–200), bare 200 ms (200–200) | " +
				"– | ≤ 1.1× | – | not measured: no difference to the bare command |",
		},
	} {
		_, got, _ := strings.Cut(table([]Row{c.line.Row()}), "| --- |\n")
		if got != c.want+"\n" {
			t.Errorf("got\n%swanted\n%s", got, c.want)
		}
	}
}

func TestEachCommandOfDavitIsComparedOnceWithTheOtherDavit(t *testing.T) {
	build, test := measured("davit build", 1), measured("davit test", 1)
	turbo, moon := measured("turbo", 1), measured("moon", 1)
	oldBuild, oldTest := measured("davit build", 1), measured("davit test", 1)
	lines := []Line{{Davit: build, Peer: turbo}, {Davit: build, Peer: moon}, {Davit: test, Peer: turbo}}
	before := []Line{{Davit: oldBuild, Peer: turbo}, {Davit: oldBuild, Peer: moon},
		{Davit: oldTest, Peer: turbo}}
	var got []string
	for _, l := range compareDavits(lines, before, "davit 1") {
		got = append(got, l.Davit.Name+"/"+l.Peer.Name)
	}
	want := "davit build/turbo, davit build/davit 1 build, davit build/moon, davit test/turbo, davit test/davit 1 test"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %v, wanted %s", got, want)
	}
}

func TestCasesOfLinesAreMeasuredOnce(t *testing.T) {
	a, b, c := measured("a"), measured("b"), measured("c")
	if got := casesOf([]Line{{Davit: a, Peer: b}, {Davit: a, Peer: c, Bare: b}}); len(got) != 3 {
		t.Errorf("got %d cases, wanted 3", len(got))
	}
}
