package release

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestClients: what happens to clients that remember an address depends on the network, and on what they can do.
func TestClients(t *testing.T) {
	for name, c := range map[string]struct {
		web, proxy func(*Service)
		floating   []string
		want       []string
	}{
		"the address is kept": {
			want: []string{"replace web start-first: interrupts clients that remember its address: proxy, worker"}},
		"two containers": {web: func(s *Service) { s.Replicas = 2 }, want: []string{"replace web start-first: may interrupt clients " +
			"that remember its addresses and leave out one that has failed, as nginx does for 10s (update_config.delay is less): proxy, worker"}},
		"two containers, with time between them": {web: func(s *Service) { s.Replicas, s.Rollout.Delay = 2, 10*time.Second },
			want: []string{"replace web start-first"}},
		"stop-first": {web: func(s *Service) { s.StartFirst, s.Reason = false, "it has a volume" },
			want: []string{"replace web stop-first: it has a volume"}},
		"the address changes": {floating: []string{"a"}, want: []string{"replace web start-first",
			"restart proxy with an interruption, after web: it may remember its address",
			"restart worker with an interruption, after web: it may remember its address"}},
		"the address changes, and a proxy can reload": {floating: []string{"a"},
			proxy: func(s *Service) { s.Reload = "nginx -s reload" },
			want: []string{"replace web start-first", "reload proxy after web: nginx -s reload",
				"restart worker with an interruption, after web: it may remember its address"}},
		"another network": {floating: []string{"a"}, proxy: func(s *Service) {
			s.Fields = Fields{"image": "1", "networks.b": "", "ports.80/tcp": "80"}
		}, want: []string{"replace web start-first", "restart worker with an interruption, after web: it may remember its address"}},
		"both containers at once": {web: func(s *Service) { s.Replicas, s.Rollout.Parallelism = 2, -1 },
			want: []string{"replace web start-first: interrupts clients that remember its address: proxy, worker"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := func(image string) Model {
				web := Service{Fields: Fields{"image": image, "networks.a": ""}, Replicas: 1, StartFirst: true, Checked: true}
				proxy := Service{Fields: Fields{"image": "1", "networks.a": "", "ports.80/tcp": "80"}, Replicas: 1}
				worker := Service{Fields: Fields{"image": "1", "networks.a": ""}, Replicas: 1, Needs: []string{"web"}}
				for s, change := range map[*Service]func(*Service){&web: c.web, &proxy: c.proxy} {
					if change != nil {
						change(s)
					}
				}
				return Model{Services: map[string]Service{"web": web, "proxy": proxy, "worker": worker,
					"other": {Fields: Fields{"image": "1", "networks.a": ""}, Replicas: 1}}}
			}
			var got []string
			for _, change := range Compare(m("2"), m("1"), Observed{Model: m("1"), Floating: c.floating}, nil).Changes {
				got = append(got, string(change.Kind)+" "+change.Name+" "+change.Description())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
