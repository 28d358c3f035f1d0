package release

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func running(name string, health HealthState) Container {
	return Container{Name: name, State: "running", Health: health}
}

func TestDrift(t *testing.T) {
	m := one(Fields{"image": "1", "environment.A": "a"}, 1)
	touches := one(Fields{"image": "1"}, 1, func(s *Service) { s.SelfModified = []string{"A /run/pid"} })
	for name, c := range map[string]struct {
		applied Model
		live    Observed
		ignore  []string
		want    map[string][]Difference
	}{
		"none": {applied: m, live: Observed{Model: m}},
		"fields and replicas": {applied: m, live: Observed{Model: one(Fields{"image": "2"}, 3)},
			want: map[string][]Difference{"web": {
				{Path: "environment.A", Before: Text("a"), Drift: true},
				{Path: "image", Before: Text("1"), After: Text("2"), Drift: true},
				{Path: "replicas", Before: Text("1"), After: Text("3"), Drift: true}}}},
		"ignored": {applied: m, live: Observed{Model: one(Fields{"image": "2", "environment.A": "b"}, 1)},
			ignore: []string{"web.environment.*"},
			want: map[string][]Difference{"web": {{Path: "image", Before: Text("1"), After: Text("2"),
				Drift: true}}}},
		"gone": {applied: m, want: map[string][]Difference{"web": {{Path: "replicas", Before: Text("1"),
			After: Text("0"), Drift: true}}}},
		"files": {applied: touches, live: Observed{Model: one(Fields{"image": "1"}, 1),
			Containers: map[string][]Container{"web": {{Name: "shop-dev-web-1",
				Changed: []string{"A /run/pid", "A /etc/x", "D /etc/y"}}}}},
			ignore: []string{"web.files./etc/y"},
			want: map[string][]Difference{"web": {{Path: "files./etc/x", After: Text("added"),
				Container: "shop-dev-web-1", Drift: true}}}},
		"one container of two": {applied: one(Fields{"image": "1"}, 2),
			live: Observed{Model: one(Fields{"image": "1"}, 2), Containers: map[string][]Container{
				"web": {{Name: "a", Fields: Fields{"image": "1"}},
					{Name: "b", Fields: Fields{"image": "2"}}}}},
			want: map[string][]Difference{"web": {{Path: "image", Before: Text("1"), After: Text("2"),
				Container: "b", Drift: true}}}},
		"a text in the place of a secret": {applied: one(Fields{"environment.A": HMACSecret(nil, "a")}, 1),
			live: Observed{Model: one(Fields{"environment.A": "open"}, 1)},
			want: map[string][]Difference{"web": {{Path: "environment.A",
				Before: valueOf(HMACSecret(nil, "a"), true), After: Value{Set: true, Secret: true},
				Drift: true}}}},
		"others": {applied: m, live: Observed{Model: m, Unmanaged: []string{"curl"}}, ignore: []string{"unmanaged.x"},
			want: map[string][]Difference{"": {{Path: "unmanaged.curl", After: Text("is not davit's"), Drift: true}}}},
		"a job that is done and gone": {applied: one(Fields{"image": "1"}, 1, task)},
		"a service of no release": {live: Observed{Model: m},
			want: map[string][]Difference{"web": {{Path: "service", After: Text(""), Drift: true}}}},
		"a network": {applied: Model{Networks: map[string]Fields{"a": {"driver": "bridge"},
			"b": {"driver": "bridge"}, "c": {"external": "c"}}},
			live: Observed{Model: Model{Networks: map[string]Fields{"a": {"driver": "x"}},
				Volumes: map[string]Fields{"kept": {}}}},
			want: map[string][]Difference{"": {{Path: "networks.a.driver", Before: Text("bridge"),
				After: Text("x"), Drift: true}, {Path: "networks.b", Before: Text(""), Drift: true}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Drift(c.applied, c.live, c.ignore)
			if c.want == nil {
				c.want = map[string][]Difference{}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAxes: in sync and healthy are told apart.
func TestAxes(t *testing.T) {
	single, mayEnd := one(Fields{"image": "1"}, 1), func(s *Service) { s.Ends = true }
	two, edited := one(Fields{"image": "1"}, 2), one(Fields{"image": "2"}, 2)
	for name, c := range map[string]struct {
		applied        Model
		live           Observed
		inSync, health bool
		reason         string
	}{
		"both": {applied: two, live: Observed{Model: two,
			Containers: map[string][]Container{"web": {running("a", "healthy"), running("b", "")}}},
			inSync: true, health: true},
		"healthy only": {applied: two, live: Observed{Model: edited,
			Containers: map[string][]Container{"web": {running("a", "healthy"), running("b", "")}}},
			health: true},
		"in sync only": {applied: two, live: Observed{Model: two,
			Containers: map[string][]Container{"web": {running("a", "unhealthy"), running("b", "")}}},
			inSync: true, reason: "web 1 of 2: unhealthy"},
		"stopped": {applied: two, live: Observed{Model: two,
			Containers: map[string][]Container{"web": {running("a", ""), {State: "exited", Exit: 137}}}},
			inSync: true, reason: "web 1 of 2: exited with exit code 137"},
		"missing": {applied: two, live: Observed{Model: one(Fields{"image": "1"}, 1),
			Containers: map[string][]Container{"web": {running("a", "")}}},
			reason: "web 1 of 2: missing"},
		"starting": {applied: two, live: Observed{Model: two,
			Containers: map[string][]Container{"web": {running("a", "starting"), running("b", "")}}},
			inSync: true, reason: "web 1 of 2: starting"},
		"one more starts": {applied: single, live: Observed{Model: two,
			Containers: map[string][]Container{"web": {running("a", "healthy"), running("b", "starting")}}},
			health: true},
		"one more is sick": {applied: single, live: Observed{Model: two,
			Containers: map[string][]Container{"web": {running("a", "healthy"), running("b", "unhealthy")}}},
			reason: "web 1 of 2: unhealthy"},
		"a failed job": {applied: one(Fields{"image": "1"}, 1, task),
			live:   Observed{Containers: map[string][]Container{"web": {{State: "exited", Exit: 3}}}},
			inSync: true, reason: "web exit code 3"},
		"a job at work": {applied: one(Fields{}, 1, task),
			live:   Observed{Containers: map[string][]Container{"web": {running("a", "")}}},
			inSync: true, reason: "web has not ended"},
		"a job that is done": {applied: one(Fields{}, 1, task),
			live:   Observed{Containers: map[string][]Container{"web": {{State: "exited"}}}},
			inSync: true, health: true},
		"scaled to none": {applied: one(Fields{}, 0), live: Observed{Model: one(Fields{}, 0)}, inSync: true,
			health: true},
		"restarted twice, a moment ago": {applied: single, live: Observed{Model: single,
			Containers: map[string][]Container{"web": {{State: "running", Restarts: 2, Up: 19 * time.Second}}}},
			inSync: true, reason: "web 0 of 1: has restarted 2 times"},
		"restarted twice, and runs": {applied: single, live: Observed{Model: single,
			Containers: map[string][]Container{"web": {{State: "running", Restarts: 2, Up: 21 * time.Second}}}},
			inSync: true, health: true},
		"restarted often, and runs for an hour": {applied: single, live: Observed{Model: single,
			Containers: map[string][]Container{"web": {{State: "running", Restarts: 99, Up: time.Hour}}}},
			inSync: true, health: true},
		"restarted, and checked": {applied: single, live: Observed{Model: single,
			Containers: map[string][]Container{"web": {{State: "running", Health: "healthy", Restarts: 9}}}},
			inSync: true, reason: "web 0 of 1: has restarted 9 times"},
		"done": {applied: one(Fields{}, 1, mayEnd), live: Observed{Model: one(Fields{}, 0),
			Containers: map[string][]Container{"web": {{State: "exited"}}}}, inSync: true, health: true},
		"may end, and failed": {applied: one(Fields{}, 1, mayEnd), live: Observed{Model: one(Fields{}, 0),
			Containers: map[string][]Container{"web": {{State: "exited", Exit: 1}}}},
			reason: "web 0 of 1: exited with exit code 1"},
		"ended, and is there to run": {applied: single, live: Observed{Model: one(Fields{"image": "1"}, 0),
			Containers: map[string][]Container{"web": {{State: "exited"}}}},
			reason: "web 0 of 1: exited with exit code 0"},
		"nothing": {inSync: true, reason: "nothing is deployed"},
		"a container of another": {applied: two, live: Observed{Model: two, Unmanaged: []string{"old"},
			Containers: map[string][]Container{"web": {running("a", ""), running("b", "")}}},
			health: true},
	} {
		t.Run(name, func(t *testing.T) {
			services, whole := Assess(c.applied, c.live, nil)
			if whole.InSync != c.inSync || whole.Healthy != c.health || whole.Reason != c.reason {
				t.Errorf("%+v, services %+v", whole, services)
			}
		})
	}
}

func TestSum(t *testing.T) {
	m := one(Fields{"image": "1"}, 1)
	said := one(Fields{"image": "1"}, 1, first)
	said.Networks = map[string]Fields{}
	if m.Sum() != said.Sum() {
		t.Error("what is only said about a service changes the sum")
	}
	for name, other := range map[string]Model{"fields": one(Fields{"image": "2"}, 1),
		"replicas": one(Fields{"image": "1"}, 2), "job": one(Fields{"image": "1"}, 1, task), "none": {}} {
		if m.Sum() == other.Sum() {
			t.Errorf("%s do not change the sum", name)
		}
	}
}
