package deploy

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestAddresses(t *testing.T) {
	live := release.Observed{Containers: map[string][]release.Container{
		"web-api": {{Ports: map[string]string{"8080/tcp": "0.0.0.0:32768", "9/tcp": "127.0.0.1:99"}},
			{Ports: map[string]string{"8080/tcp": "0.0.0.0:1"}}},
		"db": {{}}, "gone": nil, "six": {{Ports: map[string]string{"1/tcp": "[::]:2"}}},
	}}
	want := []string{"DAVIT_SIX_1=127.0.0.1:2", "DAVIT_WEB_API_8080=127.0.0.1:32768",
		"DAVIT_WEB_API_9=127.0.0.1:99"}
	if got := addresses(live, ""); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	want = []string{"DAVIT_SIX_1=far:2", "DAVIT_WEB_API_8080=far:32768", "DAVIT_WEB_API_9=127.0.0.1:99"}
	if got := addresses(live, "far"); !slices.Equal(got, want) {
		t.Errorf("of another machine: got %q", got)
	}
}
