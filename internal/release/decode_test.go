package release

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func example() Release {
	return Release{Number: 7, Project: "shop", Environment: "dev", Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), By: "Ann <ann@example.org>",
		Images: map[string]Image{"web": {ID: "sha256:1", Name: "web"}}, Model: one(Fields{"image": "sha256:1"}, 2), Compose: []byte(`{"services":{}}`), Result: Healthy}
}

func TestReleasesAndPlansComeBack(t *testing.T) {
	text, err := example().Encode()
	if err != nil {
		t.Fatal(err)
	}
	if r, err := Decode(text); err != nil || !cmp.Equal(r, example()) {
		t.Errorf("%v %s", err, cmp.Diff(example(), r))
	}
	saved := Saved{Plan: Plan{Base: "sha256:x", Changes: []Change{{Kind: Create, What: "service", Name: "web"}}}, Release: example()}
	if text, err = saved.Encode(); err != nil {
		t.Fatal(err)
	}
	if s, err := DecodeSaved(text); err != nil || !cmp.Equal(s, saved) {
		t.Errorf("%v %s", err, cmp.Diff(saved, s))
	}
}

func TestWhatIsNoRelease(t *testing.T) {
	for text, want := range map[string]string{
		``:                                       "it is empty",
		`{`:                                      "it ends in the middle",
		"{\n\n]":                                 "it is no JSON at line 3",
		`[]`:                                     `wrong kind of value`,
		`{"version":1} {}`:                       "something follows it",
		`{"version":1,"relaese":{}}`:             `unknown field "relaese"`,
		`{"version":2}`:                          "it has version 2, and this davit reads version 1",
		`{"version":1,"release":{}}`:             "its number is 0",
		`{"version":1,"release":{"number":"x"}}`: `"release.number" holds the wrong kind of value: wanted int, got string`,
		`{"version":1,"release":{"number":1}}`:   "it names no project",
		`{"version":1,"release":{"number":1,"project":"a","environment":"b","result":"good"}}`: `its result is "good"`,
	} {
		if _, err := Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatIsNoPlan(t *testing.T) {
	for text, want := range map[string]string{
		`{"version":1}`: "it names no project",
		`{"version":1,"release":{"project":"a","environment":"b"},"plan":{"changes":[{"kind":"burn","what":"service","name":"web"}]}}`: `it is to "burn" the "service" "web"`,
		`{"version":1,"release":{"project":"a","environment":"b"},"plan":{"kept":[{"kind":"delete","what":"image","name":"web"}]}}`:    `it is to "delete" the "image" "web"`,
	} {
		if _, err := DecodeSaved([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// FuzzDecode: whatever is read can be written and read again, and whatever cannot be is refused in one sentence.
func FuzzDecode(f *testing.F) {
	text, _ := example().Encode()
	f.Add(text)
	f.Add([]byte(`{"version":1,"release":{"number":1,"project":"a","environment":"b","result":"failed"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Decode(text)
		if err != nil {
			refused(t, err)
			return
		}
		again, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Decode(again); err != nil || back.Model.Sum() != r.Model.Sum() {
			t.Fatalf("%v\n%s", err, again)
		}
	})
}

func FuzzDecodeSaved(f *testing.F) {
	text, _ := Saved{Plan: Plan{Changes: []Change{{Kind: Create, What: "service", Name: "web"}}}, Release: example()}.Encode()
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := DecodeSaved(text)
		if err != nil {
			refused(t, err)
			return
		}
		again, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := DecodeSaved(again); err != nil || len(back.Plan.Changes) != len(s.Plan.Changes) {
			t.Fatalf("%v\n%s", err, again)
		}
	})
}

func refused(t *testing.T, err error) {
	if e := (*FormError)(nil); !errors.As(err, &e) || strings.Contains(err.Error(), "\n") || e.Hint() == "" {
		t.Fatalf("%T %v", err, err)
	}
}
