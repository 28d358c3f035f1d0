package history

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestEntriesOfAMirror(t *testing.T) {
	tags := []string{
		"release-000002-failed", "image-abc", "release-000001-healthy", "release-000003-pending",
		"release-000002-pending", "1.0", "release-x-y",
		"release-000010-pending", "release-000010-healthy",
	}
	all := entries(tags)
	var names []string
	for _, e := range all {
		names = append(names, strings.TrimPrefix(e.tag, recordPrefix))
	}
	want := "000010-healthy 000003-pending 000002-failed 000001-healthy"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("entries %s, wanted %s", got, want)
	}
	for keep, want := range map[int]int{0: 2, 1: 2, 2: 1, 9: 0} {
		if gone := expired(all, keep); len(gone) != want {
			t.Errorf("of 4 and with keep %d go %v, wanted %d", keep, gone, want)
		}
	}
	if gone := expired(all[1:], 1); len(gone) != 1 || gone[0].result != release.Failed {
		t.Errorf("%v go, wanted the failed one alone: the healthy one is what a deploy returns to", gone)
	}
}

func TestNamesThatRegistriesTake(t *testing.T) {
	for name, want := range map[string]string{"shop-dev": "shop-dev", "shop_-dev": "shop-dev",
		"a_b-c": "a_b-c", "a---b_": "a-b"} {
		if got := repositoryName(name); got != want {
			t.Errorf("%q is called %q, wanted %q", name, got, want)
		}
	}
	digest := "sha256:" + strings.Repeat("1", 64)
	for i, want := range map[*release.Image]string{
		{Source: release.SourceOf("nginx:1.25", digest)}:           "docker.io/library/nginx@" + digest,
		{Source: release.SourceOf("127.0.0.1:5000/a/b:2", digest)}: "127.0.0.1:5000/a/b@" + digest,
		{Name: "shop-web"}: "",
	} {
		if got := Upstream(*i); got != want {
			t.Errorf("%+v comes from %q, wanted %q", i, got, want)
		}
	}
}
