package deploy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/deploytest"
)

// TestWhatComposeMadeUnderAnotherNameIsNamed: before the first release it is shown and confirmed, with the volumes that
// would be missed; then it is no news.
func TestWhatComposeMadeUnderAnotherNameIsNamed(t *testing.T) {
	f := newFixture(t, "[environments.dev]\nconfirm = false\n", "services: {web: {image: busybox, command: [sleep, '1000'], volumes: ['data:/data', 'own:/own']}}\nvolumes: {data: {}, own: {name: shop_own, external: true}}\n")
	f.must(f.engine("").Run(deploytest.Foreign{Name: "shop-web-1", Project: "shop", Service: "web", Composed: true,
		File: filepath.Join(f.dir, "compose.yaml")}))
	for _, volume := range []string{"shop_data", "shop_own", "shop_old"} {
		f.engine("").AddVolume(volume, "shop")
	}
	f.deployed("dev")
	duplicates := f.proposals[0].Duplicates
	if len(duplicates) != 1 || f.asked != 1 {
		t.Fatalf("beside: %+v, asked %d times", duplicates, f.asked)
	}
	for _, text := range []string{`project "shop" (shop-web-1)`, "empty volumes instead of shop_data;", "docker compose -p shop down",
		"data: {name: shop_data, external: true}"} {
		if note := duplicates[0].Note(); !strings.Contains(note, text) {
			t.Errorf("%q is not in %q", text, note)
		}
	}
	f.compose("services: {web: {image: busybox, command: [sleep, '2000']}}\n")
	f.deployed("dev")
	if duplicates := f.proposals[len(f.proposals)-1].Duplicates; len(duplicates) > 0 || f.asked != 1 {
		t.Errorf("beside after it: %+v, asked %d times", duplicates, f.asked)
	}
}
