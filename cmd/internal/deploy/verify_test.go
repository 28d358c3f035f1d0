package deploy

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestClassify(t *testing.T) {
	change := func(kind release.ChangeKind, path string) release.Change {
		c := release.Change{Kind: kind, Subject: release.SubjectService, Name: "web"}
		if path != "" {
			c.Fields = []release.Difference{{Path: path}}
		}
		return c
	}
	for _, c := range []struct {
		change release.Change
		wrong  []string
		odd    []string
	}{
		{change(release.Replace, "image"), []string{"replace service web, image"}, nil},
		{change(release.Replace, "containers.web-1"), []string{"replace service web, containers.web-1"}, nil},
		{change(release.Update, "replicas"), []string{"update service web, replicas"}, nil},
		{change(release.Create, ""), []string{"create service web"}, nil},
		{change(release.Delete, ""), []string{"delete service web"}, nil},
		{change(release.Replace, "cap_add.X"), nil, []string{"replace service web, cap_add.X"}},
		{release.Change{Kind: release.Delete, Subject: release.SubjectContainer, Name: "x"}, nil, nil},
	} {
		wrong, odd := classify(release.Plan{Changes: []release.Change{c.change}})
		if !slices.Equal(wrong, c.wrong) || !slices.Equal(odd, c.odd) {
			t.Errorf("%+v: wrong %q, odd %q", c.change, wrong, odd)
		}
	}
}
