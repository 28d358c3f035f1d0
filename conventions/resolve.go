package conventions

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// An Authority is the precedence of a provider.
type Authority string

// The authorities, highest precedence first.
const (
	Project  Authority = "project"  // project.toml
	Explicit Authority = "explicit" // the project's own task file
	Inferred Authority = "inferred" // inferred by a plugin from a stack
)

var authorities = []Authority{Project, Explicit, Inferred}

// Beats reports whether a provider of this authority wins over one of another.
func (a Authority) Beats(other Authority) bool {
	return slices.Index(authorities, a) < slices.Index(authorities, other)
}

// An Offer is the plan of one provider, which is a plugin or project.toml.
type Offer struct {
	Provider  string
	Authority Authority
	Plan      *plan.Plan
}

// A Candidate is one provider of a target.
type Candidate struct {
	Provider  string     `json:"provider"`
	Authority Authority  `json:"authority"`
	As        string     `json:"as"` // the provider's name for the target
	Steps     []string   `json:"steps"`
	About     plan.About `json:"about"`
	Rejected  string     `json:"rejected,omitempty"` // why it is not used; empty for a winner
	file      string     // the Dockerfile that it builds, if it builds one
	plan      *plan.Plan // of the provider
}

// A Resolved is one target of a project, whether the project offers it or not.
type Resolved struct {
	Target
	// Own means that the target is the project's own: no convention defines it.
	Own bool
	// Winners provide the target together. An aggregate that no provider offers as such has none: its parts
	// have them.
	Winners []Candidate
	Losers  []Candidate
	// Joined are uses of providers that the winner beats, and that run all the same.
	Joined []Use
	// Added are the parts that project.toml adds. They run beside whatever provides the target.
	Added []string
	// Why has one line for each provider that gave a reason why the target is absent.
	Why []string
	// Only is the one provider that it was asked for from: "go" of "go:test"; empty for all.
	Only string
}

// A Resolution lists every target of the convention, followed by the project's own targets sorted by name.
type Resolution struct {
	convention *Convention
	providers  []string // in the order of their precedence
	Targets    []Resolved
}

// Resolve finds the providers of each target.
func (c *Convention) Resolve(offers []Offer) *Resolution {
	offers = slices.Clone(offers)
	slices.SortStableFunc(offers, func(a, b Offer) int {
		return cmp.Or(cmp.Compare(slices.Index(authorities, a.Authority),
			slices.Index(authorities, b.Authority)), strings.Compare(a.Provider, b.Provider))
	})
	r := &Resolution{convention: c}
	for _, o := range offers {
		r.providers = append(r.providers, o.Provider)
	}
	taken := map[string]bool{}
	for _, t := range c.Targets {
		r.Targets = append(r.Targets, t.resolve(offers, taken))
	}
	own := map[string]bool{}
	for _, o := range offers {
		for name := range o.Plan.Targets {
			own[name] = own[name] || !taken[o.Provider+"\n"+name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if _, known := c.Target(name); own[name] && !known {
			r.Targets = append(r.Targets, ownTarget(name, offers, taken))
		}
	}
	return r
}

// resolve finds the candidates for a target of the convention, and marks the names that they use for it as
// taken.
func (t Target) resolve(offers []Offer, taken map[string]bool) Resolved {
	out := Resolved{Target: t}
	var all []Candidate
	for _, o := range offers {
		if as := t.nameIn(o.Plan); as != "" {
			taken[o.Provider+"\n"+as] = true
			all = append(all, o.candidate(as))
		} else if why := o.Plan.About[t.Name].Why; why != "" {
			out.Why = append(out.Why, o.Provider+": "+why)
		}
	}
	out.Winners, out.Losers = selectWinners(all)
	out.shareFolders()
	return out
}

// nameIn returns the name that a plan has for the target: the target's name or, without it, the first alias
// that the plan offers.
func (t Target) nameIn(p *plan.Plan) string {
	for _, name := range append([]string{t.Name}, t.Aliases...) {
		if len(p.Targets[name]) > 0 {
			return name
		}
	}
	return ""
}

// weight returns the rank of a candidate, the lowest first: by authority, then whether it builds a
// Dockerfile.
func (c Candidate) weight() int {
	weight := 2 * slices.Index(authorities, c.Authority)
	if c.file == "" {
		weight++
	}
	return weight
}

func (o Offer) candidate(as string) Candidate {
	c := Candidate{Provider: o.Provider, Authority: o.Authority, As: as, Steps: o.Plan.Targets[as],
		About: o.Plan.About[as], plan: o.Plan}
	for _, id := range c.Steps {
		if i := o.Plan.Steps[id].Image; i != nil && i.Dockerfile != "" {
			c.file = i.Dockerfile
		}
	}
	return c
}

// ownTarget resolves a target that no convention defines. Its effect is unknown, so it is treated as one that
// writes.
func ownTarget(name string, offers []Offer, taken map[string]bool) Resolved {
	out := Resolved{Target: Target{Name: name, Group: "own", Effect: Writes}, Own: true}
	var all []Candidate
	for _, o := range offers {
		if len(o.Plan.Targets[name]) > 0 && !taken[o.Provider+"\n"+name] {
			all = append(all, o.candidate(name))
		}
	}
	out.Winners, out.Losers = selectWinners(all)
	if len(out.Winners) > 0 {
		out.Summary = out.Winners[0].About.Summary
	}
	return out
}

// selectWinners splits candidates, sorted by weight, into winners and losers. A candidate of the project
// beats all others, and stacks win together. A Dockerfile is the project's own description of its image, so
// stacks provide no image beside it.
func selectWinners(all []Candidate) (winners, losers []Candidate) {
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(a.weight(), b.weight()) })
	for _, c := range all {
		inferred := len(winners) > 0 && c.Authority == Inferred && winners[0].Authority == Inferred
		switch {
		case len(winners) == 0 || inferred && (c.file == "") == (winners[0].file == ""):
			winners = append(winners, c)
		case inferred:
			c.Rejected = fmt.Sprintf("%s makes it of %s, which beats what is inferred", winners[0].Provider,
				winners[0].file)
			losers = append(losers, c)
		case c.Authority == winners[0].Authority:
			c.Rejected = fmt.Sprintf(
				"%s and %s are both %s, and %s comes first by name; [plugins.%s] off = true would choose this one",
				winners[0].Provider, c.Provider, c.Authority, winners[0].Provider, winners[0].Provider)
			losers = append(losers, c)
		default:
			c.Rejected = fmt.Sprintf("%s is %s, which beats %s", winners[0].Provider, winners[0].Authority,
				c.Authority)
			losers = append(losers, c)
		}
	}
	return winners, losers
}

// Find returns the target that a user means by a name: the target with that name or, if the project has none,
// the one that has the name as an alias; else, of "go:test", the target "test" with the provider go alone.
func (r *Resolution) Find(name string) (Resolved, bool) {
	if t, ok := r.find(name); ok {
		return t, true
	}
	provider, target, _ := strings.Cut(name, ":")
	if !slices.Contains(r.providers, provider) {
		return Resolved{}, false
	}
	t, ok := r.find(target)
	return t.only(provider), ok
}

func (r *Resolution) find(name string) (Resolved, bool) {
	for _, name := range []string{name, r.convention.Canonical(name)} {
		if i := slices.IndexFunc(r.Targets, func(t Resolved) bool { return t.Name == name }); i >= 0 {
			return r.Targets[i], true
		}
	}
	return Resolved{}, false
}

// At returns the target with exactly that name, for the caller to change.
func (r *Resolution) At(name string) (*Resolved, bool) {
	i := slices.IndexFunc(r.Targets, func(t Resolved) bool { return t.Name == name })
	if i < 0 {
		return nil, false
	}
	return &r.Targets[i], true
}

// Reserve takes a name away from the providers of its target, since it is that of a command. The target of one provider
// alone, "make:deploy", is still there.
func (r *Resolution) Reserve(name, why string) {
	t, ok := r.At(name)
	if !ok || len(t.Winners) == 0 {
		return
	}
	t.Losers, t.Winners = append(t.Winners, t.Losers...), nil
	for i, c := range t.Losers {
		t.Losers[i].Rejected = fmt.Sprintf("%s; davit %s:%s runs this one", why, c.Provider, c.As)
	}
	t.Why = []string{t.Losers[0].Rejected}
}

// SayAbsent gives the reason why a target is absent, if nobody offers it. One that nobody knows is the project's own.
func (r *Resolution) SayAbsent(name, why string) {
	t, ok := r.At(r.convention.Canonical(name))
	if !ok {
		r.Targets = append(r.Targets, Resolved{Target: Target{Name: name, Group: "own", Effect: Writes}, Own: true})
		t = &r.Targets[len(r.Targets)-1]
	}
	if uses, _ := r.Expand(*t); len(uses) == 0 {
		t.Why = append(t.Why, why)
	}
}

// AddParts makes targets parts of another one, whoever provides that.
func (r *Resolution) AddParts(name string, parts []string) {
	if t, ok := r.At(name); ok {
		t.Added = parts
		t.AllOf = slices.Concat(t.AllOf, slices.DeleteFunc(slices.Clone(parts),
			func(part string) bool { return slices.Contains(t.AllOf, part) }))
	}
}

// DefineAggregate makes a target that no provider offers an aggregate of others. They come before the parts of an aggregate
// of the convention, unless one of these is among them, or the aggregate collects: then they are the whole.
func (r *Resolution) DefineAggregate(name, summary string, needs []string) {
	t, ok := r.At(name)
	if !ok {
		own := Target{Name: name, Group: "own", Summary: summary, Effect: Writes}
		r.Targets = append(r.Targets, Resolved{Target: own, Own: true})
		t = &r.Targets[len(r.Targets)-1]
	}
	if len(t.Winners) > 0 || len(needs) == 0 && len(t.AllOf) > 0 {
		return
	}
	part := func(name string) bool { return slices.Contains(t.AllOf, name) }
	if t.Own || t.Collects || slices.ContainsFunc(needs, part) {
		t.AllOf = needs
	} else {
		t.AllOf = slices.Concat(needs, t.AllOf)
	}
}
