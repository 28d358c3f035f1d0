package release

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// one returns a model of one service.
func one(f Fields, n int, change ...func(*Service)) Model {
	s := Service{Fields: f, Replicas: n}
	for _, c := range change {
		c(&s)
	}
	return Model{Project: "shop-dev", Services: map[string]Service{"web": s}}
}

func first(s *Service) { s.StartFirst, s.Checked, s.Reason = true, true, "it has a health check" }
func fixed(s *Service) { s.Reason = "its port is fixed, 80" }
func task(s *Service)  { s.Job = true }

func inherited(f Fields) func(*Service) { return func(s *Service) { s.Inherited = f } }

func TestCompare(t *testing.T) {
	v1, v2 := Fields{"image": "1", "environment.A": ""}, Fields{"image": "2", "environment.A": ""}
	image := Difference{Path: "image", Before: Text("1"), After: Text("2")}
	replace := func(how Strategy, why string, d ...Difference) []Change {
		return []Change{{Kind: Replace, Subject: SubjectService, Name: "web", Fields: d, Strategy: how,
			Detail: why}}
	}
	for name, c := range map[string]struct {
		desired, applied, live Model
		ignore                 []string
		want                   []Change
	}{
		"the same": {desired: one(v1, 2), applied: one(v1, 2), live: one(v1, 2)},
		"the first deploy": {desired: one(v1, 2),
			want: []Change{{Kind: Create, Subject: SubjectService, Name: "web"}}},
		"a new image, start-first": {desired: one(v2, 2, first), applied: one(v1, 2), live: one(v1, 2),
			want: replace(StartFirst, "", image)},
		"a new image with a fixed port": {desired: one(v2, 1, fixed), applied: one(v1, 1), live: one(v1, 1),
			want: replace(StopFirst, "its port is fixed, 80", image)},
		"more replicas": {desired: one(v1, 3), applied: one(v1, 2), live: one(v1, 2),
			want: []Change{{Kind: Update, Subject: SubjectService, Name: "web",
				Fields: []Difference{{Path: "replicas", Before: Text("2"), After: Text("3")}}}}},
		"scaled by hand": {desired: one(v1, 2), applied: one(v1, 2), live: one(v1, 5),
			want: []Change{{Kind: Update, Subject: SubjectService, Name: "web",
				Fields: []Difference{{Path: "replicas", Before: Text("5"), After: Text("2"), Drift: true}}}}},
		"scaled by hand, which is ignored": {desired: one(v1, 2), applied: one(v1, 2), live: one(v1, 5),
			ignore: []string{"web.replicas"}},
		"destroyed": {desired: one(v1, 2), applied: one(v1, 2),
			want: []Change{{Kind: Create, Subject: SubjectService, Name: "web"}}},
		"no longer wanted": {applied: one(v1, 2), live: one(v1, 2),
			want: []Change{{Kind: Delete, Subject: SubjectService, Name: "web"}}},
		"edited by hand": {desired: one(v1, 1), applied: one(v1, 1),
			live: one(Fields{"image": "1", "environment.A": "x", "environment.B": ""}, 1),
			want: replace(StopFirst, "", Difference{Path: "environment.A", Before: Text("x"), After: Text(""),
				Drift: true}, Difference{Path: "environment.B", Before: Text(""), Drift: true})},
		"edited by hand, which is ignored": {desired: one(v1, 1), applied: one(v1, 1),
			live:   one(Fields{"image": "1", "environment.A": "x"}, 1),
			ignore: []string{"*.environment.A"}},
		"a wanted change is not ignored": {desired: one(v2, 1), applied: one(v1, 1), live: one(v1, 1),
			ignore: []string{"web.image"}, want: replace(StopFirst, "", image)},
		"what the image has anyway": {desired: one(v1, 1), applied: one(v1, 1),
			live: one(Fields{"image": "1", "environment.A": "", "environment.PATH": "/bin"}, 1,
				inherited(Fields{"environment.PATH": "/bin"}))},
		"what the image has otherwise": {desired: one(v1, 1), applied: one(v1, 1),
			live: one(Fields{"image": "1", "environment.A": "", "environment.PATH": "/x"}, 1,
				inherited(Fields{"environment.PATH": "/bin"})),
			want: replace(StopFirst, "", Difference{Path: "environment.PATH", Before: Text("/x"),
				Drift: true})},
		"what no engine is asked for is as the last release has it": {desired: one(
			Fields{"compose.shm_size": "1"}, 1), applied: one(Fields{"compose.shm_size": "1"}, 1),
			live: one(Fields{}, 1)},
		"what no engine is asked for changes": {desired: one(Fields{"compose.shm_size": "2"}, 1),
			applied: one(Fields{"compose.shm_size": "1"}, 1), live: one(Fields{}, 1),
			want: replace(StopFirst, "", Difference{Path: "compose.shm_size", Before: Text("1"),
				After: Text("2")})},
		"one container of another release": {desired: one(v1, 1), applied: one(v1, 1),
			live: one(v1, 1, func(s *Service) { s.Mixed = []string{"web-2"} }),
			want: replace(StopFirst, "", Difference{Path: "containers.web-2",
				Before: Text("is from another release"), Drift: true})},
		"a job that is done": {desired: one(v1, 1, task), applied: one(v1, 1, task), live: one(v1, 0, task)},
		"a job that changes": {desired: one(v2, 1, task), applied: one(v1, 1, task), live: one(v1, 1, task),
			want: replace("", "runs to its end before those that need it", image)},
		"a job that is not done": {desired: one(v1, 1, task), applied: one(v1, 1, task),
			want: []Change{{Kind: Create, Subject: SubjectService, Name: "web",
				Detail: "runs to its end before those that need it"}}},
		"start-first without a health check": {
			desired: one(v2, 1, func(s *Service) { s.StartFirst = true }), applied: one(v1, 1), live: one(v1, 1),
			want: []Change{{Kind: Replace, Subject: SubjectService, Name: "web", Fields: []Difference{image},
				Strategy: StartFirst, Interruption: true,
				Detail: "nothing checks its health, so requests fail until a new container is ready"}}},
		"one after the other": {
			desired: one(v2, 4, func(s *Service) { s.Rollout.Parallelism, s.Reason = 2, "nothing checks its health" }),
			applied: one(v1, 4), live: one(v1, 4),
			want: []Change{{Kind: Replace, Subject: SubjectService, Name: "web", Fields: []Difference{image},
				Strategy: Rolling, Interruption: true, Detail: "2 of 4 at a time, nothing checks its health"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Compare(c.desired, c.applied, Observed{Model: c.live}, c.ignore)
			if diff := cmp.Diff(c.want, got.Changes); diff != "" {
				t.Error(diff)
			}
			if got.Empty() != (len(c.want) == 0) || got.Base != (Observed{Model: c.live}).Sum() {
				t.Error(got)
			}
		})
	}
}

// TestOneOfTwoDiffers: what was done to the second container of a service counts, and once.
func TestOneOfTwoDiffers(t *testing.T) {
	m := one(Fields{"image": "1"}, 2, first)
	odd := Fields{"image": "1", "environment.X": "y"}
	live := Observed{Model: m, Containers: map[string][]Container{"web": {{Name: "a",
		Fields: Fields{"image": "1"}}, {Name: "b", Fields: odd}, {Name: "c", Fields: odd}}}}
	want := []Change{{Kind: Replace, Subject: SubjectService, Name: "web", Strategy: StartFirst,
		Fields: []Difference{{Path: "environment.X", Before: Text("y"), Drift: true}}}}
	if diff := cmp.Diff(want, Compare(m, m, live, nil).Changes); diff != "" {
		t.Error(diff)
	}
	if live.Sum() == (Observed{Model: m}).Sum() {
		t.Error("an environment has not moved when one of its containers has")
	}
}

func TestCompareNetworksAndVolumes(t *testing.T) {
	bridge, overlay := Fields{"driver": "bridge"}, Fields{"driver": "overlay"}
	with := func(networks, volumes map[string]Fields) Model {
		m := one(Fields{"image": "1", "networks.front": "", "networks.front.aliases.x": ""}, 1)
		m.Networks, m.Volumes = networks, volumes
		return m
	}
	mounting := func(mount string, volumes map[string]Fields) Model {
		m := one(Fields{"volumes./d": mount}, 1)
		m.Volumes = volumes
		return m
	}
	moved := func(before, after string) Change {
		return Change{Kind: Replace, Subject: SubjectService, Name: "web", Strategy: StopFirst,
			Fields: []Difference{{Path: "volumes./d", Before: Text(before), After: Text(after)}}}
	}
	for name, c := range map[string]struct {
		desired, applied, live Model
		want, kept             []Change
	}{
		"external ones are others'": {desired: with(map[string]Fields{"front": {"external": "shared"}},
			map[string]Fields{"data": {"external": "shared"}}),
			live: with(nil, nil)},
		"new": {desired: with(map[string]Fields{"front": bridge},
			map[string]Fields{"data": {"driver": "local"}}), live: with(nil, nil),
			want: []Change{{Kind: Create, Subject: SubjectNetwork, Name: "front"},
				{Kind: Create, Subject: SubjectVolume, Name: "data"}}},
		"a network is replaced, and what is on it": {desired: with(map[string]Fields{"front": overlay}, nil),
			applied: with(map[string]Fields{"front": bridge}, nil),
			live:    with(map[string]Fields{"front": bridge}, nil),
			want: []Change{
				{Kind: Replace, Subject: SubjectNetwork, Name: "front",
					Fields: []Difference{{Path: "driver", Before: Text("bridge"), After: Text("overlay")}},
					Detail: "the containers on it are replaced too"},
				{Kind: Replace, Subject: SubjectService, Name: "web", Strategy: StopFirst,
					Detail: "its network is replaced, front"}}},
		"a network goes, and a volume stays": {desired: with(nil, nil),
			live: with(map[string]Fields{"front": bridge}, map[string]Fields{"data": {}}),
			want: []Change{{Kind: Delete, Subject: SubjectNetwork, Name: "front"}},
			kept: []Change{{Kind: Delete, Subject: SubjectVolume, Name: "data",
				Detail: "nothing uses it; --volumes deletes it, with its data"}}},
		"a volume that is to be another stays": {desired: with(nil,
			map[string]Fields{"data": {"driver": "nfs"}}), live: with(nil,
			map[string]Fields{"data": {"driver": "local"}}),
			kept: []Change{{Kind: Replace, Subject: SubjectVolume, Name: "data",
				Fields: []Difference{{Path: "driver", Before: Text("local"), After: Text("nfs")}},
				Detail: "it stays as it is; --volumes recreates it without its data"}}},
		"another volume, which is new": {desired: mounting("volume data (new)", map[string]Fields{"data": {nameField: "new"}}),
			applied: mounting("volume data", map[string]Fields{"data": {}}),
			live:    mounting("volume data", map[string]Fields{"data": {}}),
			want: []Change{{Kind: Create, Subject: SubjectVolume, Name: "data",
				Detail: "the last release has another one, whose data stays there: this one is empty"},
				moved("volume shop-dev_data", "new, which is empty")},
			kept: []Change{{Kind: Delete, Subject: SubjectVolume, Name: "shop-dev_data",
				Detail: "nothing uses it; --volumes deletes it, with its data"}}},
		"a volume of somebody else": {desired: mounting("volume data (theirs)", map[string]Fields{"data": {"external": "theirs"}}),
			live: mounting("volume data (mine)", map[string]Fields{"data": {"external": "mine"}}),
			want: []Change{moved("volume mine", "theirs, which is there already")}},
		"the first volume again": {desired: mounting("volume data", map[string]Fields{"data": {}}),
			live: mounting("volume data (new)", map[string]Fields{"data": {nameField: "new"}, "shop-dev_data": {nameField: "shop-dev_data"}}),
			want: []Change{moved("volume new", "shop-dev_data, which is there already")},
			kept: []Change{{Kind: Delete, Subject: SubjectVolume, Name: "new",
				Detail: "nothing uses it; --volumes deletes it, with its data"}}},
		"its own volume as one of somebody else": {desired: mounting("volume data", map[string]Fields{"data": {"external": "shop-dev_data"}}),
			live: mounting("volume data", map[string]Fields{"data": {}})},
	} {
		t.Run(name, func(t *testing.T) {
			got := Compare(c.desired, c.applied, Observed{Model: c.live}, nil)
			if diff := cmp.Diff([][]Change{c.want, c.kept},
				[][]Change{got.Changes, got.Retained}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIgnored(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"web.environment.LOG_LEVEL", "web.environment.LOG_LEVEL", true},
		{"web.environment.LOG_LEVEL", "web.environment.LOG", false},
		{"web.environment", "web.environment.LOG_LEVEL", false},
		{"web.environment.*", "web.environment.LOG_LEVEL", true},
		{"*.environment.LOG_LEVEL", "web.environment.LOG_LEVEL", true},
		{"*.LOG_LEVEL", "web.environment.LOG_LEVEL", false},
		{"web.labels.*", "web.labels.com.example.team", true},
		{"web.files./etc/app.conf", "web.files./etc/app.conf", true},
		{"*.files./var/cache/*", "web.files./var/cache/a/b.c", true},
		{"web.files./etc/conf.d/*", "web.files./etc/conf.d/x", true},
		{"web.files./var/cache/*", "web.files./var/cached", false},
		{"web.*", "web", false},
		{"*", "web.image", true},
		{"", "web.image", false},
	} {
		if got := Ignored([]string{"x", c.pattern}, c.path); got != c.want {
			t.Errorf("%q names %q: %v", c.pattern, c.path, got)
		}
	}
}

func TestRedact(t *testing.T) {
	key := []byte("key")
	f := Fields{"environment.P": "open sesame", "environment.Q": Literal("hmac:x"), "image": "1"}
	f.Redact(key, "environment.P", "environment.Q", "environment.R")
	want := Fields{"environment.P": HMACSecret(key, "open sesame"),
		"environment.Q": HMACSecret(key, "hmac:x"), "image": "1"}
	if f.Redact(key, "environment.P"); !maps.Equal(f, want) {
		t.Errorf("got %v", f)
	}
}

// TestWhatAsksForItIsRestarted: only where what it needs is replaced, and it is not replaced itself.
func TestWhatAsksForItIsRestarted(t *testing.T) {
	of := func(db, web string) Model {
		return Model{Services: map[string]Service{
			"db": {Fields: Fields{"image": db}, Replicas: 1},
			"web": {Fields: Fields{"image": web}, Replicas: 1, Needs: []string{"db"},
				Restarts: []string{"db"}},
			"side": {Fields: Fields{"network_mode": "service:db"},
				Shares: map[string]string{"db": "network_mode"}, Replicas: 1, Needs: []string{"db"},
				Restarts: []string{"db"}},
		}}
	}
	for _, c := range []struct{ db, web, want string }{
		{"1", "1", ""}, {"2", "1", "replace db, replace side, restart web"}, {"1", "2", "replace web"},
		{"2", "2", "replace db, replace web, replace side"},
	} {
		var all []string
		for _, change := range Compare(of(c.db, c.web), of("1", "1"), Observed{Model: of("1", "1")},
			nil).Changes {
			all = append(all, string(change.Kind)+" "+change.Name)
		}
		if got := strings.Join(all, ", "); got != c.want {
			t.Errorf("db %s, web %s: %q, wanted %q", c.db, c.web, got, c.want)
		}
	}
}

// TestAStoppedContainerThatSharesIsReplaced: one that shares the network of a service which is replaced would be started
// with that of a container that is gone.
func TestAStoppedContainerThatSharesIsReplaced(t *testing.T) {
	t.Parallel()
	model := func(image string, replicas int) Model {
		return Model{Services: map[string]Service{
			"vpn": {Fields: Fields{"image": image}, Replicas: 1},
			"app": {Fields: Fields{"image": "a", "network_mode": "service:vpn"}, Replicas: replicas,
				Restarts: []string{"vpn"}, Shares: map[string]string{"vpn": "network_mode"}},
		}}
	}
	p := Compare(model("2", 1), model("1", 1), Observed{Model: model("1", 0)}, nil)
	for _, c := range p.Changes {
		if c.Name == "app" && c.Kind == Replace && c.Strategy == StopFirst && len(c.Fields) == 1 {
			return
		}
	}
	t.Errorf("planned %+v", p.Changes)
}
