package deploy_test

import (
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
)

// TestANetworkWithGuestsIsNotReplaced: an engine does not remove a network on which somebody else's container runs. That is
// said before a service is stopped.
func TestANetworkWithGuestsIsNotReplaced(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "services: {web: {image: busybox}}\nnetworks: {default: {labels: {kind: a}}}")
	f.deployed("dev")
	before := f.live("dev").Containers["web"][0].ID
	f.must(f.engine("").Run(deploytest.Foreign{Name: "probe", Networks: []string{"shop-dev_default"}}))
	f.compose("services: {web: {image: busybox}}\nnetworks: {default: {labels: {kind: b}}}")
	_, err := f.deploy("dev")
	f.expectError(err, fault.Refused,
		`dev cannot be changed: network "shop-dev_default" has to be replaced, and container "probe", which davit did not make, runs on it`,
		"docker network disconnect shop-dev_default probe")
	f.compose("services: {web: {image: busybox, networks: [other]}}\nnetworks: {other: {}}")
	_, err = f.deploy("dev")
	f.expectError(err, fault.Refused, "has to be deleted")
	if now := f.live("dev").Containers["web"]; len(now) != 1 || now[0].ID != before {
		t.Errorf("web was touched: %+v", now)
	}
	f.engine("").Remove("probe")
	f.deployed("dev")
}
