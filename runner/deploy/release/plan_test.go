package release

import "testing"

func TestCreatesResources(t *testing.T) {
	created := func(s Subject, names ...string) (p Plan) {
		for _, name := range names {
			p.add(Change{Kind: Create, Subject: s, Name: name})
		}
		return p
	}
	m := Model{Networks: map[string]Fields{"default": {}, "proxy": {"external": "proxy"}}}
	stored := Model{Networks: m.Networks, Volumes: map[string]Fields{"data": {}}}
	replaced := Plan{Changes: []Change{{Kind: Replace, Subject: SubjectNetwork, Name: "default"}}}
	for name, c := range map[string]struct {
		plan Plan
		of   Model
		want bool
	}{
		"all":                     {created(SubjectNetwork, "default"), m, true},
		"none of them":            {Plan{}, m, false},
		"only what is another's":  {Plan{}, Model{Networks: map[string]Fields{"proxy": {"external": "proxy"}}}, true},
		"one is replaced":         {replaced, m, false},
		"the volume is there":     {created(SubjectNetwork, "default"), stored, false},
		"a service with its name": {created(SubjectService, "default"), m, false},
	} {
		if is := c.plan.CreatesResources(c.of); is != c.want {
			t.Errorf("%s: %t, wanted %t", name, is, c.want)
		}
	}
}
