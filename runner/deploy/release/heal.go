package release

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Finding is one thing that is wrong in an environment: it does not work, or is not what was deployed.
type Finding struct {
	// Service that it is of; empty for what is no service's.
	Service string `json:"service,omitempty"`
	// Name of the container, without that of the environment, of the network or of the volume; empty for a service with too many containers, or too few.
	Name string `json:"name,omitempty"`
	// ID of the container.
	ID string `json:"id,omitempty"`
	// Unhealthy says why it does not work, and Drift in what it is not as the release has it.
	Unhealthy string       `json:"unhealthy,omitempty"`
	Drift     []Difference `json:"drift,omitempty"`
	// Action is what is done about it.
	Action Action `json:"action"`
}

// Why is what is wrong in a few words, without any values.
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

// Subject is what it is of: the container, or else the service.
func (f Finding) Subject() string {
	if f.Name == "" {
		return f.Service
	}
	return f.Name
}

// String is what is wrong with whom.
func (f Finding) String() string { return f.Subject() + ": " + f.Why() }

// Diagnosis is what is wrong in an environment, and what heals it.
type Diagnosis struct {
	Findings []Finding `json:"findings"`
	// Replicas that each service with an ill is to have: as many as there are, where to have others is ignored.
	Replicas map[string]int `json:"-"`
	// Plan of the networks and volumes.
	Plan Plan `json:"-"`
}

// Diagnose compares what is there with the last good release, for some services, or for all and what they have in common. What ended
// because it was to end is well, and so is what has just been started.
func Diagnose(applied Model, live Observed, ignore []string, services ...string) Diagnosis {
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

// Empty tells whether all is well.
func (d Diagnosis) Empty() bool { return len(d.Findings) == 0 }

// Services are those with an ill, sorted.
func (d Diagnosis) Services() (names []string) {
	for _, f := range d.Findings {
		if f.Service != "" && !slices.Contains(names, f.Service) {
			names = append(names, f.Service)
		}
	}
	return names
}

// Quarantine are the containers that are set aside, by id.
func (d Diagnosis) Quarantine() map[string]Finding {
	all := map[string]Finding{}
	for _, f := range d.Findings {
		if f.ID != "" {
			all[f.ID] = f
		}
	}
	return all
}

// service has an ill for each container that is not as it should be, and one where there are too many or too few.
func (d *Diagnosis) service(name string, applied Model, live Observed, ignore []string) {
	want, wanted := applied.Services[name]
	containers := live.Containers[name]
	if !wanted {
		d.undeployed(name, live, ignore)
		return
	}
	if want.Job {
		return
	}
	before := len(d.Findings)
	for _, c := range containers {
		f := Finding{Service: name, Name: live.shortName(c), ID: c.ID, Unhealthy: c.unhealthyReason(), Drift: c.drift(name, want, live.Model.Services[name], ignore), Action: QuarantineAndReplace}
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

// count has an ill where there are too many or too few. Of too many, those that are ill are not replaced.
func (d *Diagnosis) count(name string, have, unhealthy int) {
	want := d.Replicas[name]
	if have == want {
		return
	}
	for n := range min(unhealthy, max(0, have-want)) {
		d.Findings[len(d.Findings)-1-n].Action = Quarantine
	}
	if have > want && have-unhealthy <= want {
		return // setting them aside is all
	}
	action := ScaleUp
	if have > want {
		action = ScaleDown
	}
	d.Findings = append(d.Findings, Finding{Service: name, Action: action,
		Drift: []Difference{{Path: "replicas", Before: Text(strconv.Itoa(want)), After: Text(strconv.Itoa(have)), Drift: true}}})
}

// undeployed are containers of the environment whose service the release has not.
func (d *Diagnosis) undeployed(name string, live Observed, ignore []string) {
	if Ignored(ignore, name+".service") {
		return
	}
	for _, c := range live.Containers[name] {
		d.Findings = append(d.Findings, Finding{Service: name, Name: live.shortName(c), ID: c.ID, Action: Quarantine, Drift: []Difference{{Path: "service", After: Text(""), Drift: true}}})
	}
}

// shortName is the name of a container without that of the environment.
func (l Observed) shortName(c Container) string {
	return strings.TrimPrefix(c.Name, l.Model.Project+"-")
}

// unhealthyReason is why a container does not work; empty for one that may still become healthy.
func (c Container) unhealthyReason() string {
	if c.State == StateRunning && c.Health == HealthStarting {
		return ""
	}
	if healthy, why := c.Healthy(); !healthy {
		return why
	}
	return ""
}

// drift is in what a container is not as its service is to be. One that was made for another model differs in what no engine tells.
func (c Container) drift(name string, want, actual Service, ignore []string) []Difference {
	all := differences(want.Fields, want.Fields, c.of(actual), actual.Inherited)
	if c.Made != want.Fields.Sum() && len(actual.Mixed) > 0 {
		all = append(all, mixedContainer(c.Name))
	}
	all = drifted(all)
	return filterIgnored(name, append(all, modifiedFiles(want, c)...), ignore)
}

// common are the networks and volumes, and the containers of others.
func (d *Diagnosis) common(applied Model, live Observed, ignore []string) {
	for _, c := range Compare(applied, applied, live, ignore).Changes {
		if c.Subject == SubjectService || Ignored(ignore, string(c.Subject)+"s."+c.Name) {
			continue
		}
		d.Plan.Changes = append(d.Plan.Changes, c)
		d.Findings = append(d.Findings, Finding{Name: string(c.Subject) + " " + c.Name, Action: map[ChangeKind]Action{Create: CreateMissing, Replace: Recreate, Delete: DeleteExtra}[c.Kind],
			Drift: drifted(slices.Clone(c.Fields)), Unhealthy: map[ChangeKind]string{Create: "is missing", Delete: "is in no release"}[c.Kind]})
	}
	for _, name := range live.Unmanaged {
		if path := "unmanaged." + name; !Ignored(ignore, path) {
			d.Findings = append(d.Findings, Finding{Name: name, Action: Disconnect, Drift: []Difference{{Path: path, After: Text("is on a network of the environment"), Drift: true}}})
		}
	}
}

// Has tells whether the same thing is ill, for whatever reason.
func (d Diagnosis) Has(f Finding) bool {
	return slices.ContainsFunc(d.Findings, func(e Finding) bool { return e.Service == f.Service && e.Name == f.Name && e.ID == f.ID })
}

// Persisting are the ills of a diagnosis that an earlier one had too.
func (d Diagnosis) Persisting(earlier Diagnosis) Diagnosis {
	d.Findings = slices.DeleteFunc(slices.Clone(d.Findings), func(f Finding) bool {
		return !earlier.Has(f)
	})
	d.Plan.Changes = slices.DeleteFunc(slices.Clone(d.Plan.Changes), func(c Change) bool {
		return !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Name == string(c.Subject)+" "+c.Name })
	})
	return d
}

// Filter are the ills of a diagnosis of which something is true.
func (d Diagnosis) Filter(keep func(Finding) bool) Diagnosis {
	some := Diagnosis{}
	for _, f := range d.Findings {
		if keep(f) {
			some.Findings = append(some.Findings, f)
		}
	}
	return d.Persisting(some)
}

// String is what is wrong, in one line.
func (d Diagnosis) String() string {
	var all []string
	for _, f := range d.Findings {
		all = append(all, f.String())
	}
	return strings.Join(all, "; ")
}

// Repair is the record of one heal.
type Repair struct {
	// Format is the version of the format.
	Format int       `json:"format"`
	Time   time.Time `json:"time"`
	// By is who healed.
	By string `json:"by"`
	// Release is the number of the one that was brought back to what it is.
	Release  int       `json:"release"`
	Findings []Finding `json:"findings"`
	// Result is Healthy or Failed; Reason says why it failed.
	Result Result `json:"result"`
	Reason string `json:"reason,omitempty"`
}

// Quarantined is a container that was set aside.
type Quarantined struct {
	Name    string `json:"name"`
	Service string `json:"service"`
	// State as the engine says it, "Exited (137) 2 hours ago".
	State string    `json:"state"`
	Since time.Time `json:"since"`
}
