package release

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// saved is a plan in a file: what it would do, and the release that it would make.
type saved struct {
	Plan    Plan    `json:"plan"`
	Release Release `json:"release"`
}

func example() Release {
	return Release{Format: Format, Number: 7, Project: "shop", Environment: "dev",
		Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), By: "Ann <ann@example.org>",
		Images: map[string]Image{"web": {Digest: "sha256:1", Name: "web"}},
		Model:  one(Fields{"image": "sha256:1"}, 2), Compose: []byte(`{"services":{}}`), Result: Healthy,
		Hashes: Fields{"services/web/environment.A": "hmac:0"}, SelfModified: map[string][]string{"web": {"A /x"}},
		Chain: []Link{{Number: 6, Result: Failed, Digest: "sha256:6"}, {Number: 3, Digest: "sha256:3", Pruned: true}},
		Keep:  10, Accepted: true}
}

func exampleSaved() saved {
	r := example()
	r.Result = ""
	return saved{Plan: Plan{Base: "sha256:x", Changes: []Change{{Kind: Create, Subject: SubjectService,
		Name: "web"}}}, Release: r}
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
		`[]`:                        `the record of a release cannot be read: it is no JSON object, but of the kind array`,
		`{"format":2,"relaese":{}}`: `the record of a release cannot be read: unknown key "relaese"`,
		`{"relaese":{}}`:            `the record of a release cannot be read: unknown key "relaese"`,
		`{"model":{"services":{"web":{"feilds":{}}}}}`: `unknown key "feilds"`,
		`{}`:             "its number is 0",
		`{"number":"x"}`: `"number" has the wrong kind of value: string`,
		`{"number":1}`:   "it names no project",
		`{"format":3,"number":3,"project":"a","environment":"b","chain":[{"number":3,"digest":"x"}]}`:                           "its chain is out of order at release 3",
		`{"format":3,"number":3,"project":"a","environment":"b","chain":[{"number":1,"digest":"x"},{"number":2,"digest":"y"}]}`: "its chain is out of order at release 2",
		`{"number":1,"project":"a","environment":"b","result":"good"}`:                                                          `"good" is none of ["" "pending" "healthy" "failed"]`,
	} {
		if err := json.Unmarshal([]byte(text), new(Release)); err == nil ||
			!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatIsNoPlan(t *testing.T) {
	for text, want := range map[string]string{
		`{"plan":{"chagnes":[]}}`: `a plan cannot be read: unknown key "chagnes"`,
		`{"plan":{"changes":[{"kind":"burn","subject":"service","name":"web"}]}}`:                               `"burn" is none of ["adopt" "create" `,
		`{"plan":{"changes":[{"kind":"replace","subject":"service","name":"web","strategy":"stop-first: x"}]}}`: `"stop-first: x" is none of ["" `,
		`{"plan":{"retained":[{"kind":"delete","subject":"image","name":"web"}]}}`:                              `"image" is none of ["service" `,
		`{"plan":{"changes":[{"kind":"delete","subject":"volume"}]}}`:                                           `a change is incomplete: kind "delete", subject "volume", name ""`,
		`{"release":{"number":1}}`: "it names no project",
	} {
		if err := json.Unmarshal([]byte(text), new(saved)); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestEveryPlanComesBack: whatever Compare says, a saved plan says when it is read. The models are generated.
func TestEveryPlanComesBack(t *testing.T) {
	kinds, subjects := map[ChangeKind]bool{}, map[Subject]bool{}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		live := Observed{Model: anyModel(r)}
		if r.IntN(2) == 0 {
			live.Floating = []string{"a"}
		}
		if r.IntN(4) == 0 {
			live.Adoptable = []Thing{{Subject: Subjects[1+r.IntN(3)], Name: "shop-dev-web-1", Key: "web"}}
		}
		p := Compare(anyModel(r), anyModel(r), live, nil)
		var back Plan
		if err := json.Unmarshal(encode(t, p), &back); err != nil ||
			!cmp.Equal(p, back, cmpopts.EquateEmpty()) {
			t.Fatalf("%v %s", err, cmp.Diff(p, back))
		}
		for _, c := range slices.Concat(p.Changes, p.Retained, p.Skipped) {
			kinds[c.Kind], subjects[c.Subject] = true, true
		}
	}
	if len(kinds) != len(ChangeKinds) || len(subjects) != len(Subjects) {
		t.Errorf("the models made only %v of %v", kinds, subjects)
	}
}

// anyModel returns a model in which few things have few forms, so that two of them often differ in one thing.
func anyModel(r *rand.Rand) Model {
	m := Model{Project: "shop-dev", Services: map[string]Service{}, Networks: map[string]Fields{},
		Volumes: map[string]Fields{}}
	fields := func() Fields {
		return Fields{"image": []string{"1", "hmac:2", "text:x", ""}[r.IntN(4)], "networks.a": ""}
	}
	for _, name := range []string{"db", "web"} {
		if r.IntN(4) > 0 {
			s := Service{Fields: fields(), Replicas: r.IntN(3), Job: r.IntN(8) == 0, StartFirst: r.IntN(2) == 0,
				Checked: r.IntN(2) == 0, Reload: []string{"", "nginx -s reload"}[r.IntN(2)], Skipped: r.IntN(8) == 0}
			if name == "web" {
				s.Needs, s.Restarts = []string{"db"}, []string{"db"}[r.IntN(2):]
			}
			m.Services[name] = s
		}
		if r.IntN(3) > 0 {
			m.Networks[name] = Fields{"driver": []string{"a", "b"}[r.IntN(2)]}
		}
		if r.IntN(3) > 0 {
			m.Volumes[name] = Fields{"driver": []string{"a", "b"}[r.IntN(2)]}
		}
	}
	return m
}

// TestAReleaseOfANewerDavit is read as far as it is known, and keeps this davit from changing anything.
func TestAReleaseOfANewerDavit(t *testing.T) {
	var r Release
	text := `{"format":99,"number":7,"project":"shop","environment":"dev","result":"splendid","images":{"web":{"digest":"sha256:1","colour":"red"}},"by":"ann","cluster":{"a":1}}`
	if err := json.Unmarshal([]byte(text), &r); err != nil || r.Number != 7 || r.By != "ann" ||
		r.Images["web"].Digest != "sha256:1" {
		t.Errorf("%v %+v", err, r)
	}
	err := r.Writable()
	if want := "release 7 of dev was recorded by a newer davit (format 99, and this one knows formats up to 5), so this one changes nothing"; err == nil || err.Error() != want || fault.Of(err) != fault.Refused {
		t.Errorf("got %v", err)
	}
	if err := example().Writable(); err != nil {
		t.Error(err)
	}
}

// TestRecordsOfFormat1: what davit wrote before formats had numbers means the same today.
func TestRecordsOfFormat1(t *testing.T) {
	var r Release
	text := `{"number":3,"project":"shop","environment":"dev","result":"healthy","images":{"web":{"id":"sha256:1","digest":"sha256:2","name":"nginx:1"}},"compose":"","model":{"project":"shop-dev","services":{
		"web":{"fields":{"hostname":"h","networks.a.aliases.b":"","environment.P":"keyed:0a","environment.Q":"hmac:x"},"replicas":1,"because":"it has a health check","touched":["A /run/x"]}},
		"networks":{"a":{"driver":"keyed:0b"}}}}`
	want := Service{Fields: Fields{"docker.hostname": "h", "docker.networks.a.aliases.b": "",
		"environment.P": "hmac:0a", "environment.Q": "text:hmac:x"}, Replicas: 1,
		Reason: "it has a health check", SelfModified: []string{"A /run/x"}}
	if err := json.Unmarshal([]byte(text), &r); err != nil || !cmp.Equal(r.Model.Services["web"], want) ||
		r.Model.Networks["a"]["driver"] != "hmac:0b" || r.Format != 1 ||
		!cmp.Equal(r.Images["web"], Image{Digest: "sha256:1", Name: "nginx:1", Source: "nginx@sha256:2"}) {
		t.Errorf("%v %+v", err, r)
	}
	var heal Repair
	text = `{"time":"2026-01-02T03:04:05Z","by":"ann","release":3,"result":"healthy","ills":[{"service":"web","name":"web-1","sick":"exited","cure":"set aside and replaced",
		"drift":[{"path":"a","was":"there","is":""},{"path":"b","was":"keyed:0a","is":"x"}]}]}`
	finding := Finding{Service: "web", Name: "web-1", Unhealthy: "exited", Action: QuarantineAndReplace,
		Drift: []Difference{{Path: "a", Before: Text("")},
			{Path: "b", Before: Value{Set: true, Text: "0a", Secret: true}, After: Text("x")}}}
	if err := json.Unmarshal([]byte(text), &heal); err != nil ||
		!cmp.Equal(heal.Findings, []Finding{finding}) {
		t.Errorf("%v %s", err, cmp.Diff(heal.Findings, []Finding{finding}))
	}
}

// TestValuesOfUsersAreNoSentinels: whatever a user writes is a text, and comes back as that.
func TestValuesOfUsersAreNoSentinels(t *testing.T) {
	for _, text := range []string{"", "there", "keyed:x", "hmac:x", "text:x", "text:hmac:x", "null"} {
		if v := valueOf(Literal(text), true); v != Text(text) {
			t.Errorf("%q is %+v", text, v)
		}
		var back Value
		if err := json.Unmarshal(encode(t, Text(text)), &back); err != nil || back != Text(text) {
			t.Errorf("%q comes back as %+v, %v", text, back, err)
		}
	}
	for _, v := range []Value{{}, valueOf(HMACSecret([]byte("k"), "x"), true)} {
		var back Value
		if err := json.Unmarshal(encode(t, v), &back); err != nil || back != v {
			t.Errorf("%+v comes back as %+v, %v", v, back, err)
		}
	}
}

// FuzzRelease: whatever is read can be written and read again, and whatever cannot be is refused in one
// sentence.
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
