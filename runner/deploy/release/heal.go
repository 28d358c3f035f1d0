package release

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Finding is one thing that is wrong in an environment: it does not work, or is not what was deployed.
type Finding struct {
	// Service is the one that it belongs to; empty for none.
	Service string `json:"service,omitempty"`
	// Name is that of the container, without the environment, or of the network or volume; empty for a
	// service with the wrong number of containers.
	Name string `json:"name,omitempty"`
	// ID is that of the container.
	ID string `json:"id,omitempty"`
	// Unhealthy says why it does not work, and Drift where it differs from the release.
	Unhealthy string       `json:"unhealthy,omitempty"`
	Drift     []Difference `json:"drift,omitempty"`
	// Action is what is done about it.
	Action Action `json:"action"`
	// Interruption says why requests fail meanwhile; empty where none do, or where they do already.
	Interruption string `json:"-"`
}

// Why returns what is wrong in a few words, without any values.
func (f Finding) Why() string {
	var words []string
	if f.Unhealthy != "" {
		words = append(words, f.Unhealthy)
	}
	for _, d := range f.Drift {
		words = append(words, d.Path)
	}
	return strings.Join(words, ", ")
}

// Subject returns the container, or else the service.
func (f Finding) Subject() string {
	if f.Name == "" {
		return f.Service
	}
	return f.Name
}

// String returns the subject and what is wrong with it.
func (f Finding) String() string { return f.Subject() + ": " + f.Why() }

// A Diagnosis is everything that is wrong in an environment, and what heals it.
type Diagnosis struct {
	Findings []Finding `json:"findings"`
	// Replicas are the numbers of containers that services with a finding are to have: the present one where
	// a difference is ignored.
	Replicas map[string]int `json:"-"`
	// Plan changes the networks and volumes, and runs the jobs that were undone.
	Plan Plan `json:"-"`
	// Starting are the services with a container that may become healthy and has not yet, in sorted order: a davit that
	// was killed, or the engine, has just started it.
	Starting []string `json:"-"`
}

// Diagnose compares the live state with the last healthy release, for some services, or for all services and
// what they have in common. A job that has ended is healthy, and so is a container that has just started.
func Diagnose(applied Model, live Observed, ignore []string, services ...string) Diagnosis {
	live = live.within(applied)
	d := Diagnosis{Replicas: map[string]int{}}
	for _, name := range union(keys(applied.Services), keys(live.Containers)) {
		if len(services) == 0 || slices.Contains(services, name) {
			d.service(name, applied, live, ignore)
		}
	}
	if len(services) == 0 {
		d.common(applied, live, ignore)
	}
	return d
}

func keys[V any](m map[string]V) map[string]bool {
	all := map[string]bool{}
	for name := range m {
		all[name] = true
	}
	return all
}

// Empty reports whether nothing is wrong.
func (d Diagnosis) Empty() bool { return len(d.Findings) == 0 }

// Affected returns the services with a finding, and those that are waited for.
func (d Diagnosis) Affected() []string {
	names := append(d.Services(), d.Starting...)
	slices.Sort(names)
	return slices.Compact(names)
}

// Services returns the services with a finding, sorted.
func (d Diagnosis) Services() (names []string) {
	for _, f := range d.Findings {
		if f.Service != "" && !slices.Contains(names, f.Service) {
			names = append(names, f.Service)
		}
	}
	return names
}

// Quarantine returns the findings whose containers are quarantined, by the id of the container.
func (d Diagnosis) Quarantine() map[string]Finding {
	all := map[string]Finding{}
	for _, f := range d.Findings {
		if f.ID != "" {
			all[f.ID] = f
		}
	}
	return all
}

// service adds a finding for each container that is unhealthy or has drifted, and one for the wrong number of
// containers.
func (d *Diagnosis) service(name string, applied Model, live Observed, ignore []string) {
	want, wanted := applied.Services[name]
	containers := live.Containers[name]
	if !wanted {
		d.undeployed(name, live, ignore)
		return
	}
	if want.Skipped {
		return
	}
	if slices.ContainsFunc(containers, func(c Container) bool { return c.starting(want) }) {
		d.Starting = append(d.Starting, name)
	}
	if want.Job {
		d.job(name, want, live)
		return
	}
	before := len(d.Findings)
	for _, c := range containers {
		f := Finding{
			Service: name, Name: live.shortName(c), ID: c.ID, Unhealthy: c.unhealthyReason(want),
			Drift: c.drift(name, want, live.Model.Services[name], ignore), Action: QuarantineAndReplace,
		}
		if f.Unhealthy == "" {
			f.Interruption = want.interruption()
		}
		if f.Unhealthy != "" || len(f.Drift) > 0 {
			d.Findings = append(d.Findings, f)
		}
	}
	d.Replicas[name] = want.Replicas
	if Ignored(ignore, name+".replicas") {
		d.Replicas[name] = len(containers)
	}
	d.count(name, len(containers), len(d.Findings)-before)
}

// interruption returns how a healthy container of a service is replaced, where requests fail meanwhile.
func (s Service) interruption() string {
	var c Change
	if c.how(s, ""); !c.Interrupts() {
		return ""
	}
	return c.Description()
}

// job adds a finding for a job of the release itself that has failed since, or that was undone. What another release has left is not run
// again, since it may have gone further than this one: what was not started or has failed is quarantined.
func (d *Diagnosis) job(name string, want Service, live Observed) {
	if want.undone(live.Containers[name]) {
		d.Findings = append(d.Findings, Finding{Service: name, Name: "service " + name, Unhealthy: whyUndone, Action: CreateMissing})
		d.Plan.Changes = append(d.Plan.Changes, Change{Kind: Create, Subject: SubjectService, Name: name})
		d.Replicas[name] = want.Replicas
	}
	for _, c := range live.Containers[name] {
		action, wrong := c.jobAction(want)
		if !wrong {
			continue
		}
		_, why := jobHealth([]Container{c})
		d.Findings = append(d.Findings, Finding{Service: name, Name: live.shortName(c), ID: c.ID, Unhealthy: why, Action: action})
		d.Replicas[name] = want.Replicas
	}
}

// jobAction returns what is done about a container of a job, if anything is wrong with it.
func (c Container) jobAction(want Service) (action Action, wrong bool) {
	own, failed := c.Made == want.Fields.Sum(), c.State == StateExited && c.Exit != 0
	switch {
	case own:
		return QuarantineAndReplace, failed
	case c.Made == "":
		return "", false
	}
	return Quarantine, failed || c.State == StateCreated
}

// starting reports whether a container may become healthy and has not yet: its health check has not passed, nothing checks
// it and it has not run for as long as it is monitored, or it is a job that has not ended.
func (c Container) starting(of Service) bool {
	switch {
	case of.Job:
		return c.State == StateRunning || c.State == StateCreated && c.Made == of.Fields.Sum()
	case c.State != StateRunning:
		return false
	case c.Health == HealthNone:
		return c.Up < cmp.Or(of.Monitor, Monitor)
	}
	return c.Health == HealthStarting
}

// count adds a finding for the wrong number of containers. Where there are too many, unhealthy ones are not
// replaced.
func (d *Diagnosis) count(name string, have, unhealthy int) {
	want := d.Replicas[name]
	if have == want {
		return
	}
	for n := range min(unhealthy, max(0, have-want)) {
		d.Findings[len(d.Findings)-1-n].Action = Quarantine
	}
	if have > want && have-unhealthy <= want {
		return // quarantine is enough
	}
	action := ScaleUp
	if have > want {
		action = ScaleDown
	}
	d.Findings = append(d.Findings, Finding{Service: name, Action: action,
		Drift: []Difference{{Path: "replicas", Before: Text(strconv.Itoa(want)),
			After: Text(strconv.Itoa(have)), Drift: true}}})
}

// undeployed adds a finding for each container of a service that is not in the release.
func (d *Diagnosis) undeployed(name string, live Observed, ignore []string) {
	if Ignored(ignore, name+".service") {
		return
	}
	for _, c := range live.Containers[name] {
		d.Findings = append(d.Findings, Finding{
			Service: name, Name: live.shortName(c), ID: c.ID, Action: Quarantine,
			Drift: []Difference{{Path: "service", After: Text(""), Drift: true}},
		})
	}
}

// shortName returns the name of a container without that of the environment.
func (l Observed) shortName(c Container) string {
	return strings.TrimPrefix(c.Name, l.Model.Project+"-")
}

// unhealthyReason returns why a container does not work; empty for one that may still become healthy.
func (c Container) unhealthyReason(want Service) string {
	if c.State == StateRunning && c.Health == HealthStarting {
		return ""
	}
	if healthy, why := c.healthy(want); !healthy {
		return why
	}
	return ""
}

// drift returns where a container differs from the release. One that was made for another model may differ in
// fields that no engine reports.
func (c Container) drift(name string, want, actual Service, ignore []string) []Difference {
	all := differences(want.Fields, want.Fields, c.of(actual), actual.Inherited)
	if c.Made != want.Fields.Sum() && len(actual.Mixed) > 0 {
		all = append(all, mixedContainer(c.Name))
	}
	all = append(drifted(all), renamed(want, c)...)
	return filterIgnored(name, append(all, modifiedFiles(want, c)...), ignore)
}

// common adds findings for networks and volumes. Containers of others are nobody's to heal.
func (d *Diagnosis) common(applied Model, live Observed, ignore []string) {
	for _, c := range Compare(applied, applied, live, ignore).Changes {
		if c.Subject == SubjectService || c.Kind == Adopt || Ignored(ignore, string(c.Subject)+"s."+c.Name) {
			continue
		}
		d.Plan.Changes = append(d.Plan.Changes, c)
		d.Findings = append(d.Findings, Finding{Name: string(c.Subject) + " " + c.Name,
			Action: map[ChangeKind]Action{Create: CreateMissing, Replace: Recreate,
				Delete: DeleteExtra}[c.Kind],
			Drift:     drifted(slices.Clone(c.Fields)),
			Unhealthy: c.unhealthyReason()})
	}
}

// unhealthyReason returns what is wrong with a network or a volume for which there is a change; empty for a difference.
func (c Change) unhealthyReason() string {
	switch {
	case c.Kind == Create && c.Subject == SubjectVolume:
		return "is missing, with its data"
	case c.Kind == Create:
		return "is missing"
	case c.Kind == Delete:
		return "is in no release"
	}
	return ""
}

// Has reports whether there is a finding about the same thing, for whatever reason.
func (d Diagnosis) Has(f Finding) bool {
	return slices.ContainsFunc(
		d.Findings, func(e Finding) bool {
			return e.Service == f.Service && e.Name == f.Name &&
				e.ID == f.ID
		})
}

// Persisting returns the findings that an earlier diagnosis has too.
func (d Diagnosis) Persisting(earlier Diagnosis) Diagnosis {
	d.Findings = slices.DeleteFunc(slices.Clone(d.Findings), func(f Finding) bool {
		return !earlier.Has(f)
	})
	d.Plan.Changes = slices.DeleteFunc(slices.Clone(d.Plan.Changes), func(c Change) bool {
		return !slices.ContainsFunc(d.Findings,
			func(f Finding) bool { return f.Name == string(c.Subject)+" "+c.Name })
	})
	return d
}

// Filter returns the findings to keep.
func (d Diagnosis) Filter(keep func(Finding) bool) Diagnosis {
	some := Diagnosis{}
	for _, f := range d.Findings {
		if keep(f) {
			some.Findings = append(some.Findings, f)
		}
	}
	return d.Persisting(some)
}

// String returns all findings in one line.
func (d Diagnosis) String() string {
	var all []string
	for _, f := range d.Findings {
		all = append(all, f.String())
	}
	return strings.Join(all, "; ")
}

// A Repair is the record of one heal.
type Repair struct {
	// Format is the version of the format.
	Format int       `json:"format"`
	Time   time.Time `json:"time"`
	// By is who healed.
	By string `json:"by"`
	// Release is the number of the release that was restored.
	Release  int       `json:"release"`
	Findings []Finding `json:"findings"`
	// Result is Healthy or Failed; Reason says why it failed.
	Result Result `json:"result"`
	Reason string `json:"reason,omitempty"`
}

// A Quarantined is a container in quarantine.
type Quarantined struct {
	Name    string `json:"name"`
	Service string `json:"service"`
	// State is the engine's text, "Exited (137) 2 hours ago".
	State string    `json:"state"`
	Since time.Time `json:"since"`
}
