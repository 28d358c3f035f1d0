package strict

import (
	"errors"
	"testing"
)

type file struct {
	On      string            `toml:"on"`
	Targets map[string]target `toml:"targets"`
}

type target struct {
	Summary string   `toml:"summary"`
	Needs   []string `toml:"needs"`
}

func TestDecodeNamesPositionAndReason(t *testing.T) {
	for name, c := range map[string]struct{ text, want, hint string }{
		"top level": {"on = 'auto'\n\n  tragets = 1\n", `f.toml:3:3: unknown key "tragets"`,
			`did you mean "targets"?`},
		"in a table": {"[targets.x]\nsumary = 'a'\n", `f.toml:2:1: unknown key "sumary" in [targets.x]`,
			`did you mean "summary"?`},
		"far":        {"zebra = 1\n", `f.toml:1:1: unknown key "zebra"`, ""},
		"wrong type": {"on = 3\n", `f.toml:1:6: "on" has the wrong type: got integer, wanted string`, ""},
		"syntax":     {"on = \n", `f.toml:1:6: unexpected character U+000A at start of value`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := Decode("f.toml", []byte(c.text), &file{})
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if err.Error() != c.want || e.Hint() != c.hint {
				t.Errorf("got %q, hint %q; want %q, hint %q", err, e.Hint(), c.want, c.hint)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	var f file
	if err := Decode("f.toml", []byte("on = 'host'\n[targets.x]\nneeds = ['y']\n"), &f); err != nil {
		t.Fatal(err)
	}
	if f.On != "host" || f.Targets["x"].Needs[0] != "y" {
		t.Errorf("got %+v", f)
	}
}

func TestAtFindsTheKey(t *testing.T) {
	text := []byte("on = 'cloud'\n[targets.x]\n summary = ''\n[targets]\ny.needs = []\n")
	for want, key := range map[string][]string{
		"f.toml:1:1: bad": {"on"},
		"f.toml:3:2: bad": {"targets", "x", "summary"},
		"f.toml:5:1: bad": {"targets", "y", "needs"},
		"f.toml:2:2: bad": {"targets", "x"},
		"f.toml: bad":     {"missing"},
	} {
		if got := At("f.toml", text, key, "", "bad").Error(); got != want {
			t.Errorf("At(%q) = %q, want %q", key, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("on = 'auto'\n[targets.x]\nneeds = ['y']\n"), "on")
	f.Add([]byte("tragets = 1"), "x")
	f.Fuzz(func(t *testing.T, data []byte, key string) {
		var v file
		err := Decode("f.toml", data, &v)
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%v is not an *Error", err)
		}
		_ = At("f.toml", data, []string{key}, "", "bad").Error()
	})
}
