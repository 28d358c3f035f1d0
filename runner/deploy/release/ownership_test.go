package release

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOnlyWhatIsRecordedIsOwned makes records over many changes, of which some are killed, and has others
// copy every label at any time.
func TestOnlyWhatIsRecordedIsOwned(t *testing.T) {
	tried := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		var record *Ownership
		var own, others, all []Thing
		for n := range 6 {
			mark := fmt.Sprint("mark", n)
			var open []string
			if record != nil {
				open = record.Changes
			}
			begun := record.Next(all, Plan{}, append(slices.Clone(open), mark)...)
			record = &begun
			for range 1 + r.IntN(3) {
				made := Thing{Subject: Subjects[1+r.IntN(3)], Name: fmt.Sprint("x", len(all)), Key: "x",
					ID: fmt.Sprint(len(all)), Mark: mark}
				own, all = append(own, made), append(all, made)
			}
			if r.IntN(3) > 0 { // else it is killed
				ended := record.Next(all, Plan{})
				record = &ended
				copied := own[r.IntN(len(own))] // all labels, and another identity
				copied.Name, copied.ID = copied.Name+"-copy", copied.ID+"-copy"
				others, all = append(others, copied), append(all, copied)
			}
		}
		ended := record.Next(all, Plan{})
		for _, c := range own {
			if tried++; !ended.Owns(c) {
				t.Errorf("seed %d: %+v is lost", seed, c)
			}
		}
		for _, c := range others {
			if tried++; ended.Owns(c) {
				t.Errorf("seed %d: %+v is another's", seed, c)
			}
		}
	}
	t.Logf("%d things tried, %d held", tried, tried)
}

func TestAdoption(t *testing.T) {
	container := Thing{Subject: SubjectContainer, Name: "shop-dev-web-1", Key: "web", ID: "1"}
	network := Thing{Subject: SubjectNetwork, Name: "shop-dev_default", Key: "default", ID: "2"}
	m := Model{Services: map[string]Service{"web": {Replicas: 1}}, Networks: map[string]Fields{"default": {}}}
	var none *Ownership
	later := Ownership{Containers: []string{"9"}}
	oneoff := Thing{Subject: SubjectContainer, Name: "run", ID: "3"}
	for name, c := range map[string]struct {
		record *Ownership
		thing  Thing
		want   bool
	}{
		"a container before davit has one":     {none, container, true},
		"after a destroy":                      {&Ownership{Volumes: []string{"data "}}, container, true},
		"a container that comes later":         {&later, container, false},
		"a network that somebody made again":   {&later, network, true},
		"what docker compose run made":         {none, oneoff, false},
		"while the first change has not ended": {&Ownership{Changes: []string{"m"}}, container, false},
		"what is davit's already":              {&Ownership{Networks: []string{"2"}}, network, false},
	} {
		if got := c.record.Adopts(c.thing); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	gone := Ownership{Containers: []string{"8"}}
	if !gone.Present([]Thing{container}).Adopts(container) || later.Present([]Thing{container,
		{Subject: SubjectContainer, ID: "9"}}).Adopts(container) {
		t.Error("what can be adopted does not depend on the containers that davit still has")
	}
	live := Observed{Model: m, Adoptable: []Thing{container, network,
		{Subject: SubjectContainer, Name: "shop-dev-old-1", Key: "old"}}}
	p := Compare(m, Model{}, live, nil)
	next := none.Next(live.Adoptable, p)
	if len(next.Containers) != 1 || len(next.Networks) != 1 || p.Empty() {
		t.Errorf("%+v adopts %+v", p, next)
	}
	if silent := none.Next(live.Adoptable, Plan{}); len(silent.Containers)+len(silent.Networks) > 0 {
		t.Errorf("without a plan that says so it adopts %+v", silent)
	}
}

// TestAdoptableVolumes: a volume is the one of the model by its name on the engine, whatever key it was made for.
func TestAdoptableVolumes(t *testing.T) {
	m := Model{Volumes: map[string]Fields{"data": {}, "cache": {"compose.name": "old"}}}
	for name, want := range map[string]bool{"shop-dev_data": true, "old": true, "other": false} {
		live := Observed{Model: Model{Project: "shop-dev", Volumes: map[string]Fields{}}}
		live.Adoptable = []Thing{{Subject: SubjectVolume, Name: name, Key: "data"}}
		AddVolume(live.Model.Volumes, "shop-dev", "data", name, Fields{})
		within := live.within(m)
		if got := len(within.Adoptable) == 1; got != want || len(within.Model.Volumes) == 1 != want {
			t.Errorf("%s: adoptable %v, volumes %v", name, got, within.Model.Volumes)
		}
	}
}
