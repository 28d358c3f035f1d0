package docker

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
)

// TestRemovalOrder: what others depend on goes after them, and a circle of labels ends, too.
func TestRemovalOrder(t *testing.T) {
	for needs, want := range map[string]string{
		"app:db web:app db:": "web app db", "a:b b:a": "a+b", "one: two:": "one+two",
	} {
		var all []container.Summary
		for _, one := range strings.Fields(needs) {
			name, need, _ := strings.Cut(one, ":")
			all = append(all, container.Summary{Labels: map[string]string{api.ServiceLabel: name,
				api.DependenciesLabel: need + ":service_started:false"}})
		}
		var mu sync.Mutex
		var order []string
		if err := inRemovalOrder(all, func(c container.Summary) error {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, c.Labels[api.ServiceLabel])
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(want, "+") { // side by side
			slices.Sort(order)
			want = strings.ReplaceAll(want, "+", " ")
		}
		if got := strings.Join(order, " "); got != want {
			t.Errorf("%s: %s, wanted %s", needs, got, want)
		}
	}
}
