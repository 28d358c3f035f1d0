package release

import (
	"fmt"
	"slices"
)

// Each of these is a closed set of words. A text that is read as one of them has to be in its list; what
// compares, prints or draws plans uses the constants. So nothing can be written that is refused when it is
// read.

// A ChangeKind is what happens to a thing.
type ChangeKind string

// The kinds of changes.
const (
	Adopt   ChangeKind = "adopt" // what davit did not make belongs to the environment from then on
	Create  ChangeKind = "create"
	Replace ChangeKind = "replace" // new containers for the old ones
	Update  ChangeKind = "update"  // another number of containers; the present ones stay
	Delete  ChangeKind = "delete"
	Restart ChangeKind = "restart" // the same containers, started again after a dependency was replaced
	Reload  ChangeKind = "reload"  // the same containers, whose programs look up names again
	Skip    ChangeKind = "skip"    // nothing, although what ran last is of another release
)

// ChangeKinds lists all kinds, in the order in which a summary counts them.
var ChangeKinds = []ChangeKind{Adopt, Create, Replace, Update, Restart, Reload, Delete, Skip}

// UnmarshalText refuses other words.
func (k *ChangeKind) UnmarshalText(text []byte) error { return parse(k, text, ChangeKinds) }

// A Strategy is how new containers of a service replace the old ones.
type Strategy string

// The strategies; a change that replaces no containers, or those of a job, has none.
const (
	StartFirst Strategy = "start-first" // the new ones are healthy before the old ones stop
	StopFirst  Strategy = "stop-first"  // the old ones stop before the new ones start: an interruption
	Rolling    Strategy = "rolling"     // stop-first, a few at a time while the others serve
)

// Strategies lists all strategies.
var Strategies = []Strategy{"", StartFirst, StopFirst, Rolling}

// UnmarshalText refuses other words.
func (s *Strategy) UnmarshalText(text []byte) error { return parse(s, text, Strategies) }

// A Subject is the kind of thing that a change is about.
type Subject string

// The subjects.
const (
	SubjectService   Subject = "service"
	SubjectNetwork   Subject = "network"
	SubjectVolume    Subject = "volume"
	SubjectContainer Subject = "container" // one that is adopted
)

// Subjects lists all subjects.
var Subjects = []Subject{SubjectService, SubjectNetwork, SubjectVolume, SubjectContainer}

// UnmarshalText refuses other words.
func (s *Subject) UnmarshalText(text []byte) error { return parse(s, text, Subjects) }

// A ContainerState is the state that a backend reports for a container.
type ContainerState string

// The states, as Docker names them.
const (
	StateCreated    ContainerState = "created"
	StateRunning    ContainerState = "running"
	StatePaused     ContainerState = "paused"
	StateRestarting ContainerState = "restarting"
	StateRemoving   ContainerState = "removing"
	StateExited     ContainerState = "exited"
	StateDead       ContainerState = "dead"
)

// ContainerStates lists all states.
var ContainerStates = []ContainerState{
	StateCreated, StateRunning, StatePaused, StateRestarting, StateRemoving, StateExited, StateDead,
}

// UnmarshalText refuses other words.
func (s *ContainerState) UnmarshalText(text []byte) error { return parse(s, text, ContainerStates) }

// A HealthState is the result of the health check of a container.
type HealthState string

// The states; a container without a check has none.
const (
	HealthNone      HealthState = ""
	HealthStarting  HealthState = "starting"
	HealthHealthy   HealthState = "healthy"
	HealthUnhealthy HealthState = "unhealthy"
)

// HealthStates lists all states.
var HealthStates = []HealthState{HealthNone, HealthStarting, HealthHealthy, HealthUnhealthy}

// UnmarshalText refuses other words.
func (s *HealthState) UnmarshalText(text []byte) error { return parse(s, text, HealthStates) }

// An Action is what a heal does about a finding.
type Action string

// The actions.
const (
	Quarantine           Action = "quarantine"
	QuarantineAndReplace Action = "quarantine and replace"
	ScaleUp              Action = "start more"
	ScaleDown            Action = "remove surplus"
	CreateMissing        Action = "create"
	Recreate             Action = "recreate" // with everything on it
	DeleteExtra          Action = "delete"
	// Disconnect is in old records: a davit of today leaves containers of others alone.
	Disconnect Action = "disconnect"
)

// Actions lists all actions.
var Actions = []Action{
	Quarantine, QuarantineAndReplace, ScaleUp, ScaleDown, CreateMissing, Recreate, DeleteExtra, Disconnect,
}

// UnmarshalText refuses other words.
func (a *Action) UnmarshalText(text []byte) error { return parse(a, text, Actions) }

// A Result is how a deploy, or a heal, ended.
type Result string

// The results.
const (
	Pending Result = "pending" // it has begun, and its end is not recorded
	Healthy Result = "healthy" // everything ran and was healthy
	Failed  Result = "failed"  // the environment is back at an earlier release
)

// Results lists all results; a release that is only planned has none.
var Results = []Result{"", Pending, Healthy, Failed}

// UnmarshalText refuses other words.
func (r *Result) UnmarshalText(text []byte) error { return parse(r, text, Results) }

// parse sets into to a text, which must be one of all.
func parse[T ~string](into *T, text []byte, all []T) error {
	if !slices.Contains(all, T(text)) {
		return fmt.Errorf("%q is none of %q", text, all)
	}
	*into = T(text)
	return nil
}
