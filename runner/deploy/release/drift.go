package release

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Drift returns where the engine differs from the last release, by service. Differences outside of services
// have the key "".
func Drift(applied Model, live Observed, ignore []string) map[string][]Difference {
	live = live.within(applied)
	all := map[string][]Difference{}
	for _, name := range union(applied.Services, live.Model.Services) {
		if d := serviceDrift(name, applied, live, ignore); len(d) > 0 {
			all[name] = d
		}
	}
	if d := commonDrift(applied, live, ignore); len(d) > 0 {
		all[""] = d
	}
	return all
}

func serviceDrift(name string, applied Model, live Observed, ignore []string) []Difference {
	want, wanted := applied.Services[name]
	actual, has := live.Model.Services[name]
	containers := live.Containers[name]
	switch {
	case !wanted:
		return filterIgnored(name, []Difference{{Path: "service", After: Text(""), Drift: true}}, ignore)
	case want.Skipped:
		return nil
	case !has && want.Replicas == 0 && len(containers) == 0:
		return nil
	case want.Job && !has: // it has ended; whether well is a question of health
		return nil
	case !has && len(containers) == 0:
		return filterIgnored(
			name,
			[]Difference{{Path: "replicas", Before: Text(strconv.Itoa(want.Replicas)), After: Text("0"),
				Drift: true}},
			ignore)
	}
	all := perContainer(drifted(containerDifferences(want.Fields, want.Fields, actual, containers)), want,
		actual, containers)
	for _, c := range containers {
		all = append(all, renamed(want, c)...)
		all = append(all, modifiedFiles(want, c)...)
	}
	if !want.Job && want.Replicas != actual.Replicas {
		all = append(all, Difference{
			Path: "replicas", Before: Text(strconv.Itoa(want.Replicas)),
			After: Text(strconv.Itoa(actual.Replicas)), Drift: true,
		})
	}
	return filterIgnored(name, all, ignore)
}

// drifted reverses differences: Before is the release, and After the live value. A value that somebody put in
// the place of a secret may be one itself.
func drifted(all []Difference) []Difference {
	for i, d := range all {
		all[i].Before, all[i].After, all[i].Drift = d.After, d.Before, true
		if d.After.Secret && d.Before.Set && !d.Before.Secret {
			all[i].After = Value{Set: true, Secret: true}
		}
	}
	return all
}

// perContainer sets the container of each difference that not all containers of the service have.
func perContainer(all []Difference, want, actual Service, containers []Container) (out []Difference) {
	for _, d := range all {
		var names []string
		for _, c := range containers {
			if slices.Contains(drifted(differences(want.Fields, want.Fields, c.of(actual), actual.Inherited)),
				d) {
				names = append(names, c.Name)
			}
		}
		if len(names) == len(containers) || strings.HasPrefix(d.Path, MixedPrefix) {
			names = []string{""}
		}
		for _, d.Container = range names {
			out = append(out, d)
		}
	}
	return out
}

// renamed returns the difference of a container that has another name than the one that davit gives it.
func renamed(want Service, c Container) []Difference {
	name := cmp.Or(want.Fields["compose.container_name"], c.Usual)
	if c.Usual == "" || name == c.Name || want.Job {
		return nil
	}
	return []Difference{{Path: "name", Before: Text(name), After: Text(c.Name), Container: c.Name, Drift: true}}
}

// of returns the fields of a container: those of its service, where it has none of its own.
func (c Container) of(s Service) Fields {
	if len(c.Fields) == 0 {
		return s.Fields
	}
	return c.Fields
}

// modifiedFiles returns the files of a container that differ from its image, without those that it modifies
// itself.
func modifiedFiles(want Service, c Container) (all []Difference) {
	for _, change := range c.Changed {
		kind, file, _ := strings.Cut(change, " ")
		if !slices.Contains(want.SelfModified, change) {
			all = append(all, Difference{
				Path: want.pathOf(file), After: Text(kinds[kind]), Container: c.Name, Drift: true,
			})
		}
	}
	return all
}

// pathOf returns the path of a file of a container: that of a config or a secret where it is one.
func (s Service) pathOf(file string) string {
	for _, of := range []string{"configs.", "secrets."} {
		if _, has := s.Fields[of+file]; has {
			return of + file
		}
	}
	return "files." + file
}

var kinds = map[string]string{"A": "added", "C": "changed", "D": "deleted"}

// commonDrift returns the drift of networks and volumes, and containers that are in no model.
func commonDrift(applied Model, live Observed, ignore []string) (all []Difference) {
	all = append(all, resources("networks.", applied.Networks, live.Model.Networks)...)
	all = append(all, resources("volumes.", applied.Volumes, live.Model.Volumes)...)
	for _, name := range live.Unmanaged {
		all = append(all, Difference{
			Path: "unmanaged." + name, After: Text("is not davit's"), Drift: true,
		})
	}
	return slices.DeleteFunc(all, func(d Difference) bool { return Ignored(ignore, d.Path) })
}

func resources(prefix string, applied, live map[string]Fields) (all []Difference) {
	for _, name := range union(applied, live) {
		want, wanted := applied[name]
		actual, has := live[name]
		switch {
		case want["external"] != "" || !wanted && actual["external"] != "":
		case !has:
			all = append(all, Difference{Path: prefix + name, Before: Text(""), Drift: true})
		case !wanted && prefix == "networks.":
			all = append(all, Difference{Path: prefix + name, After: Text(""), Drift: true})
		case wanted:
			for _, d := range drifted(differences(want, want, actual, nil)) {
				d.Path = fmt.Sprintf("%s%s.%s", prefix, name, d.Path)
				all = append(all, d)
			}
		}
	}
	return all
}
