package release

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// saved is a plan in a file: what it would do, and the release that it would make.
type saved struct {
	Plan    Plan    `json:"plan"`
	Release Release `json:"release"`
}

func example() Release {
	return Release{Number: 7, Project: "shop", Environment: "dev", Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), By: "Ann <ann@example.org>",
		Images: map[string]Image{"web": {ID: "sha256:1", Name: "web"}}, Model: one(Fields{"image": "sha256:1"}, 2), Compose: []byte(`{"services":{}}`), Result: Healthy}
}

func exampleSaved() saved {
	r := example()
	r.Result = ""
	return saved{Plan: Plan{Base: "sha256:x", Changes: []Change{{Kind: Create, Subject: "service", Name: "web"}}}, Release: r}
}

func encode(t testing.TB, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestReleasesAndPlansComeBack(t *testing.T) {
	var r Release
	if err := json.Unmarshal(encode(t, example()), &r); err != nil || !cmp.Equal(r, example()) {
		t.Errorf("%v %s", err, cmp.Diff(example(), r))
	}
	var s saved
	if err := json.Unmarshal(encode(t, exampleSaved()), &s); err != nil || !cmp.Equal(s, exampleSaved()) {
		t.Errorf("%v %s", err, cmp.Diff(exampleSaved(), s))
	}
}

func TestWhatIsNoRelease(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:             `the record of a release cannot be read: "" holds the wrong kind of value`,
		`{"relaese":{}}`: `the record of a release cannot be read: json: unknown field "relaese"`,
		`{"model":{"services":{"web":{"feilds":{}}}}}`: `unknown field "feilds"`,
		`{}`:             "its number is 0",
		`{"number":"x"}`: `"number" holds the wrong kind of value: wanted int, got string`,
		`{"number":1}`:   "it names no project",
		`{"number":1,"project":"a","environment":"b","result":"good"}`: `its result is "good"`,
	} {
		if err := json.Unmarshal([]byte(text), new(Release)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatIsNoPlan(t *testing.T) {
	for text, want := range map[string]string{
		`{"plan":{"chagnes":[]}}`: `a plan cannot be read: json: unknown field "chagnes"`,
		`{"plan":{"changes":[{"kind":"burn","what":"service","name":"web"}]}}`: `it is to "burn" the "service" "web"`,
		`{"plan":{"kept":[{"kind":"delete","what":"image","name":"web"}]}}`:    `it is to "delete" the "image" "web"`,
		`{"release":{"number":1}}`: "it names no project",
	} {
		if err := json.Unmarshal([]byte(text), new(saved)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// FuzzRelease: whatever is read can be written and read again, and whatever cannot be is refused in one sentence.
func FuzzRelease(f *testing.F) {
	f.Add(encode(f, example()))
	f.Add([]byte(`{"number":1,"project":"a","environment":"b","result":"failed"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r, back Release
		if err := json.Unmarshal(text, &r); err != nil {
			refused(t, err)
			return
		}
		if string(text) == "null" {
			return // JSON's way to say nothing, which reads as no release at all
		}
		if err := json.Unmarshal(encode(t, r), &back); err != nil || back.Model.Sum() != r.Model.Sum() {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

func FuzzPlan(f *testing.F) {
	f.Add(encode(f, exampleSaved()))
	f.Fuzz(func(t *testing.T, text []byte) {
		var s, back Plan
		if err := json.Unmarshal(text, &s); err != nil {
			refused(t, err)
			return
		}
		if err := json.Unmarshal(encode(t, s), &back); err != nil || len(back.Changes) != len(s.Changes) {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

func refused(t *testing.T, err error) {
	var (
		form   *FormError
		syntax *json.SyntaxError
	)
	if !errors.As(err, &form) && !errors.As(err, &syntax) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("%T %v", err, err)
	}
}
