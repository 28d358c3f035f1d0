package release

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// diagnosed returns a diagnosis as text: subject, reason, action.
func diagnosed(d Diagnosis) (all []string) {
	for _, i := range d.Findings {
		all = append(all, strings.Join([]string{i.Subject(), i.Why(), string(i.Action)}, ": "))
	}
	return all
}

func container(name string, change ...func(*Container)) Container {
	c := Container{ID: "id of " + name, Name: name, State: "running", Fields: Fields{"image": "1"}}
	c.Made = c.Fields.Sum()
	for _, do := range change {
		do(&c)
	}
	return c
}

func exited(c *Container)    { c.State, c.Exit = "exited", 137 }
func starting(c *Container)  { c.Health = "starting" }
func unhealthy(c *Container) { c.Health = "unhealthy" }
func debug(c *Container)     { c.Fields = Fields{"image": "1", "environment.LEVEL": "debug"} }
func wrote(c *Container)     { c.Changed = []string{"A /etc/x"} }
func foreign(c *Container)   { c.Made = "" }
func earlier(c *Container)   { c.Made = "another" }
func created(c *Container)   { c.State = "created" }

func TestDiagnose(t *testing.T) {
	two := one(Fields{"image": "1"}, 2)
	job := one(Fields{"image": "1"}, 1, task)
	first := container("web-1")
	mixedUp := func(l *Observed) {
		l.Model.Services = map[string]Service{"web": {Fields: Fields{"image": "1"}, Mixed: []string{"web-2"}}}
	}
	for name, c := range map[string]struct {
		applied  Model
		there    []Container
		also     func(*Observed)
		ignore   []string
		services []string
		want     []string
	}{
		"well": {applied: two, there: []Container{first, container("web-2")}},
		"has ended": {applied: two, there: []Container{first, container("web-2", exited)},
			want: []string{"web-2: exited with exit code 137: quarantine and replace"}},
		"has just been started": {applied: two, there: []Container{first, container("web-2", starting)}},
		"is unhealthy and differs": {applied: two,
			there: []Container{first, container("web-2", unhealthy, debug)},
			want:  []string{"web-2: unhealthy, environment.LEVEL: quarantine and replace"}},
		"differs, which is ignored": {applied: two, there: []Container{first, container("web-2", debug)},
			ignore: []string{"web.environment.LEVEL"}},
		"wrote a file": {applied: two, there: []Container{first, container("web-2", wrote)},
			want: []string{"web-2: files./etc/x: quarantine and replace"}},
		"wrote a file, ignored": {applied: two, there: []Container{first, container("web-2", wrote)},
			ignore: []string{"*.files./etc/x"}},
		"one is not there": {applied: two, there: []Container{first},
			want: []string{"web: replicas: start more"}},
		"none is there": {applied: two, want: []string{"web: replicas: start more"}},
		"too many": {applied: two,
			there: []Container{first, container("web-2"), container("web-3")},
			want:  []string{"web: replicas: remove surplus"}},
		"too many, ignored": {applied: two,
			there:  []Container{first, container("web-2"), container("web-3")},
			ignore: []string{"web.replicas"}},
		"too many, one of them ill": {applied: two,
			there: []Container{first, container("web-2", exited), container("web-3")},
			want:  []string{"web-2: exited with exit code 137: quarantine"}},
		"far too many": {applied: two, there: []Container{first, container("web-2", exited),
			container("web-3"), container("web-4")},
			want: []string{"web-2: exited with exit code 137: quarantine", "web: replicas: remove surplus"}},
		"made for another release": {applied: two, there: []Container{first, container("web-2", foreign)},
			also: mixedUp,
			want: []string{"web-2: containers.web-2: quarantine and replace"}},
		"the first is made for another release": {applied: two,
			there: []Container{container("web-1", foreign), container("web-2")}, also: mixedUp,
			want: []string{"web-1: containers.web-1: quarantine and replace"}},
		"a job that has failed": {applied: job, there: []Container{container("web-1", exited)},
			want: []string{"web-1: exit code 137: quarantine and replace"}},
		"a job of another release": {applied: job, there: []Container{container("web-1", exited, earlier)},
			want: []string{"web-1: exit code 137: quarantine"}},
		"a job of another release that was not started": {applied: job, there: []Container{container("web-1", earlier, created)},
			want: []string{"web-1: was not started: quarantine"}},
		"a job of another release that runs": {applied: job, there: []Container{container("web-1", earlier)}},
		"a job of Compose":                   {applied: job, there: []Container{container("web-1", exited, foreign)}},
		"in no model": {applied: Model{}, there: []Container{first},
			want: []string{"web-1: service: quarantine"}},
		"another service": {applied: two, there: []Container{first}, services: []string{"db"}},
		"unmanaged": {applied: two, there: []Container{first, container("web-2")},
			also: func(l *Observed) { l.Unmanaged = []string{"ann", "bob"} }},
		"networks": {applied: Model{Networks: map[string]Fields{"a": {"driver": "x"}, "b": {"driver": "x"},
			"d": {"driver": "x"}}},
			also: func(l *Observed) {
				l.Model.Networks = map[string]Fields{"b": {"driver": "y"},
					"c": {"driver": "x"}}
			},
			ignore: []string{"networks.d"},
			want: []string{"network a: is missing: create", "network b: driver: recreate",
				"network c: is in no release: delete"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := Observed{Model: one(Fields{"image": "1"}, len(c.there)),
				Containers: map[string][]Container{"web": c.there}}
			if c.also != nil {
				c.also(&l)
			}
			d := Diagnose(c.applied, l, c.ignore, c.services...)
			if diff := cmp.Diff(c.want, diagnosed(d)); diff != "" || d.Empty() != (len(c.want) == 0) {
				t.Error(diff)
			}
		})
	}
}

// TestDiagnoseStarting: what has not yet shown whether it works is waited for, and is no finding.
func TestDiagnoseStarting(t *testing.T) {
	checks := func(h HealthState) func(*Container) { return func(c *Container) { c.Health = h } }
	up := func(d time.Duration) func(*Container) { return func(c *Container) { c.Up = d } }
	for name, c := range map[string]struct {
		job      bool
		there    Container
		starting bool
	}{
		"a check that has not passed":       {there: container("web-1", checks(HealthStarting), up(time.Hour)), starting: true},
		"a check that has passed":           {there: container("web-1", checks(HealthHealthy))},
		"no check, and just started":        {there: container("web-1", up(Monitor-1)), starting: true},
		"no check, and running for a while": {there: container("web-1", up(Monitor))},
		"stopped":                           {there: container("web-1", exited)},
		"a job that runs":                   {job: true, there: container("web-1"), starting: true},
		"a job that was not started":        {job: true, there: container("web-1", created), starting: true},
		"one that another release has left": {job: true, there: container("web-1", created, earlier)},
		"a job that has ended, also badly":  {job: true, there: container("web-1", exited)},
	} {
		t.Run(name, func(t *testing.T) {
			m := one(Fields{"image": "1"}, 1)
			s := m.Services["web"]
			s.Job = c.job
			m.Services["web"] = s
			d := Diagnose(m, Observed{Model: m, Containers: map[string][]Container{"web": {c.there}}}, nil)
			if got := slices.Contains(d.Starting, "web"); got != c.starting || !d.Empty() && c.starting {
				t.Errorf("starting is %v, with %q", got, diagnosed(d))
			}
		})
	}
}

// TestDiagnoseReplicas: as many as there are stay where others than the release has are ignored.
func TestDiagnoseReplicas(t *testing.T) {
	l := Observed{Model: one(Fields{"image": "1"}, 3),
		Containers: map[string][]Container{"web": {container("a"), container("b", exited), container("c")}}}
	for n, ignore := range map[int][]string{2: nil, 3: {"web.replicas"}} {
		if got := Diagnose(one(Fields{"image": "1"}, 2), l, ignore).Replicas["web"]; got != n {
			t.Errorf("%d, wanted %d", got, n)
		}
	}
}

// TestLasting: what was another container then has not lasted.
func TestLasting(t *testing.T) {
	ill := func(ids ...string) (d Diagnosis) {
		for _, id := range ids {
			d.Findings = append(d.Findings, Finding{Service: "web", Name: "web-1", ID: id})
		}
		return d
	}
	if got := ill("a", "b").Persisting(ill("b", "c")); len(got.Findings) != 1 || got.Findings[0].ID != "b" {
		t.Errorf("%+v", got)
	}
}
