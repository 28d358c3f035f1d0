package release

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Compare returns the plan that makes an environment equal to the desired model. applied is the model of the
// last healthy release, empty if there is none. Patterns in ignore name drift to leave alone; a field that
// the release changes is never ignored.
func Compare(desired, applied Model, observed Observed, ignore []string) Plan {
	p := Plan{Base: observed.Sum()}
	observed = observed.within(desired)
	live := observed.Model
	p.adoptions(observed)
	p.networks(desired, applied, live.Networks, ignore)
	for _, name := range union(desired.Volumes, live.Volumes) {
		p.volume(name, desired.Volumes, applied.Volumes, live.Volumes, ignore)
	}
	cleared := p.cleared()
	for _, name := range union(desired.Services, live.Services) {
		p.service(name, desired, applied, observed, cleared, ignore)
	}
	p.restarts(desired.Services)
	p.followers(desired, observed.Floating, cleared)
	return p
}

func union[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

func (p *Plan) add(c Change) { p.Changes = append(p.Changes, c) }

func (p *Plan) volume(name string, desired, applied, live map[string]Fields, ignore []string) {
	want, wanted := desired[name]
	actual, has := live[name]
	fields := filterIgnored("volumes."+name, differences(want, applied[name], actual, nil), ignore)
	fields = slices.DeleteFunc(fields, func(d Difference) bool { return d.Path == nameField })
	switch {
	case want["external"] != "" || !wanted && actual["external"] != "":
	case !has:
		p.add(Change{Kind: Create, Subject: SubjectVolume, Name: name, Detail: newVolume(want, applied, name)})
	case !wanted:
		p.Retained = append(p.Retained, Change{
			Kind: Delete, Subject: SubjectVolume, Name: name,
			Detail: "nothing uses it; --volumes deletes it, with its data",
		})
	case len(fields) > 0:
		p.Retained = append(p.Retained, Change{
			Kind: Replace, Subject: SubjectVolume, Name: name, Fields: fields,
			Detail: "it stays as it is; --volumes recreates it without its data",
		})
	}
}

// newVolume returns what there is to know of a volume that is created although the last release had it, or another one.
func newVolume(want Fields, applied map[string]Fields, key string) string {
	before, had := applied[key]
	switch {
	case !had:
	case ResourceName("", key, want) != ResourceName("", key, before):
		return "the last release has another one, whose data stays there: this one is empty"
	default:
		return "the one of the last release is gone, with its data: this one is empty"
	}
	return ""
}

func (p *Plan) service(
	name string, desired, applied Model, live Observed, cleared map[string]bool, ignore []string,
) {
	want, wanted := desired.Services[name]
	before, had := applied.Services[name]
	if live.madeFor(name, want) { // by a release that did not become healthy, too
		before.Fields = want.Fields
	}
	actual, has := live.Model.Services[name]
	fields := containerDifferences(want.Fields, before.Fields, actual, live.Containers[name])
	for _, c := range live.Containers[name] {
		fields = append(fields, drifted(renamed(want, c))...)
	}
	moved, from := live.moved(name, want.Fields)
	fields = append(filterIgnored(name, fields, ignore), moved...)
	p.nameVolumes(live.Model.Project, fields)
	network := clearedNetwork(cleared, want.Fields, actual.Fields)
	switch {
	case want.Skipped:
		p.skip(name, fields, has, before.Skipped && before.Fields.Sum() == want.Fields.Sum())
	case !wanted:
		p.add(Change{Kind: Delete, Subject: SubjectService, Name: name})
	case !has && want.Replicas == 0 && !want.Job:
	case len(live.Containers[name]) == 0 && had && before.hasRun(want) && live.HasState(applied): // only its container was removed
	case !has:
		p.add(Change{Kind: Create, Subject: SubjectService, Name: name,
			Fields: missingReplicas(want, before, had && len(live.Containers) > 0), Detail: jobDetail(want)})
	case len(fields) > 0 || network != "":
		c := Change{
			Kind: Replace, Subject: SubjectService, Name: name,
			Fields: append(fields, replicas(name, want, before, actual, ignore)...),
		}
		c.how(want, network)
		c.emptied(want, actual)
		keeps := desired.KeepsAddress(name, live.Floating)
		if c.Strategy == StartFirst && keeps {
			if text := handoverDetail(want, desired.Clients(name)); text != "" && !c.Interruption {
				c.addDetail(text)
			}
		}
		c.republished(want.chosenPorts(actual), keeps)
		c.movedFrom(from)
		p.add(c)
	default:
		if fields := replicas(name, want, before, actual, ignore); len(fields) > 0 {
			p.add(Change{Kind: Update, Subject: SubjectService, Name: name, Fields: fields})
		}
	}
}

// madeFor reports whether all containers of a service were made for fields, and there are any.
func (l Observed) madeFor(name string, s Service) bool {
	all, sum := l.Containers[name], s.Fields.Sum()
	return len(all) > 0 && !slices.ContainsFunc(all, func(c Container) bool { return c.Made != sum })
}

// restarts adds the services that do not change themselves and restart when a dependency is replaced. A
// service that shares the containers of the dependency is replaced with it.
func (p *Plan) restarts(services map[string]Service) {
	kinds := map[string]ChangeKind{}
	for _, c := range p.Changes {
		if c.Subject == SubjectService {
			kinds[c.Name] = c.Kind
		}
	}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		i := slices.IndexFunc(services[name].Restarts,
			func(need string) bool { return kinds[need] == Replace })
		if i < 0 {
			continue
		}
		need := services[name].Restarts[i]
		key := services[name].Shares[need]
		if kinds[name] != "" && (key == "" || kinds[name] != Update) {
			continue
		}
		if key != "" {
			p.replaceWith(name, "its "+key+" is that of "+need)
			kinds[name] = Replace
		} else {
			p.add(Change{Kind: Restart, Subject: SubjectService, Name: name,
				Detail: "with an interruption, after " + need + ": depends_on says restart"})
		}
	}
}

// replaceWith adds that a service is replaced, or makes that of another number of containers.
func (p *Plan) replaceWith(name, why string) {
	c := Change{Kind: Replace, Subject: SubjectService, Name: name, Strategy: StopFirst, Detail: why}
	i := slices.IndexFunc(p.Changes, func(c Change) bool { return c.Subject == SubjectService && c.Name == name })
	if i < 0 {
		p.add(c)
		return
	}
	c.Fields = p.Changes[i].Fields
	p.Changes[i] = c
}

// containerDifferences returns the differences of all containers of a service, each once.
func containerDifferences(want, before Fields, actual Service, live []Container) []Difference {
	all := append(differences(want, before, actual.Fields, actual.Inherited), mixed(actual)...)
	for _, c := range live {
		if len(c.Fields) == 0 {
			continue
		}
		for _, d := range differences(want, before, c.Fields, actual.Inherited) {
			if !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// mixed returns a difference for each container that was made for another model than the first: the engine
// cannot tell in what they differ.
func mixed(actual Service) (all []Difference) {
	for _, name := range actual.Mixed {
		all = append(all, mixedContainer(name))
	}
	return all
}

// mixedContainer returns the difference of one such container.
func mixedContainer(name string) Difference {
	return Difference{Path: MixedPrefix + name, Before: Text("is from another release"), Drift: true}
}

// missingReplicas returns the difference of a service that is gone since the last release. Where no container is left, the
// environment was destroyed.
func missingReplicas(want, before Service, had bool) []Difference {
	if !had || want.Job {
		return nil
	}
	return []Difference{{Path: "replicas", Before: Text("0"), After: Text(strconv.Itoa(want.Replicas)),
		Drift: want.Replicas == before.Replicas}}
}

func replicas(name string, want, before, actual Service, ignore []string) []Difference {
	if want.Job || want.Replicas == actual.Replicas {
		return nil
	}
	d := Difference{
		Path: "replicas", Before: Text(strconv.Itoa(actual.Replicas)),
		After: Text(strconv.Itoa(want.Replicas)), Drift: want.Replicas == before.Replicas,
	}
	return filterIgnored(name, []Difference{d}, ignore)
}

// how sets how new containers of a service replace old ones, and why. network is one of its networks that is
// replaced too, or empty.
func (c *Change) how(want Service, network string) {
	switch {
	case want.Job:
		c.Detail = jobDetail(want)
	case network != "":
		c.Strategy, c.Detail = StopFirst, "its network is replaced, "+network
	case want.StartFirst:
		c.Strategy = StartFirst
		if c.Interruption = !want.Checked; c.Interruption {
			c.Detail = "nothing checks its health, so requests fail until a new container is ready"
		}
	case want.Rolls():
		c.Strategy, c.Interruption = Rolling, !want.quiet()
		c.Detail = fmt.Sprintf("%d of %d at a time, %s", want.Rollout.Batch(want.Replicas-1), want.Replicas, want.Reason)
	default:
		c.Strategy, c.Detail = StopFirst, want.Reason
	}
}

// emptied names the anonymous volumes of a service that new containers do not get from old ones, as they start first.
func (c *Change) emptied(want, live Service) {
	var at []string
	for _, path := range paths(live.Fields) {
		text, wanted := want.Fields[path]
		if target, is := strings.CutPrefix(path, "volumes."); is && live.Fields[path] == anonymousMount &&
			(!wanted || text == anonymousMount) {
			at = append(at, target)
		}
	}
	if c.Strategy == StartFirst && len(at) > 0 {
		c.addDetail("new containers begin with an empty volume at " + strings.Join(at, ", "))
	}
}

// republished says what becomes of ports of the machine that the engine has chosen, where new containers start first. A
// container that starts after another has stopped gets its port.
func (c *Change) republished(ports []string, keeps bool) {
	if c.Strategy != StartFirst || len(ports) == 0 {
		return
	}
	c.Interruption = true
	if keeps {
		c.addDetail("interrupts clients of the port that the engine has chosen for " + strings.Join(ports, ", ") + ", which stays")
	} else {
		c.addDetail("the engine chooses another port for " + strings.Join(ports, ", "))
	}
}

// addDetail adds to what there is to know.
func (c *Change) addDetail(text string) { c.Detail = strings.TrimPrefix(c.Detail+"; "+text, "; ") }

// hasRun reports whether a job of the last release is the one that is wanted. A release is healthy only if its jobs have
// succeeded.
func (s Service) hasRun(want Service) bool {
	return want.Job && s.Job && !s.Skipped && !s.Undone && s.Fields.Sum() == want.Fields.Sum()
}

// avoidance is for how long a client may leave out an address after a request to it has failed: fail_timeout of nginx.
const avoidance = 10 * time.Second

// handoverDetail names the clients that do not reach a service until new containers serve, if they remember its
// addresses: where all containers are replaced at once, or the next one before such a client tries the first again.
func handoverDetail(want Service, clients []string) string {
	switch {
	case len(clients) == 0:
		return ""
	case want.Rollout.Batch(want.Replicas) >= want.Replicas:
		return "interrupts clients that remember its address: " + strings.Join(clients, ", ")
	case want.Rollout.Delay < avoidance:
		return "may interrupt clients that remember its addresses and leave out one that has failed, as nginx does for 10s " +
			"(update_config.delay is less): " + strings.Join(clients, ", ")
	}
	return ""
}

func jobDetail(want Service) string {
	if want.Job {
		return "runs to its end before those that need it"
	}
	return ""
}
