package deploy

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Unadopted returns the error of an environment in which davit has no record of having made anything: Compose
// has, or the record is lost. Nothing there is touched.
func Unadopted(environment string) error {
	return fault.Refusef("davit deploy "+environment+" adopts what there is, once you have confirmed it",
		"davit has no record of having made what runs in %s, and does not touch it", environment)
}

// InUse returns the error of a network or a volume that stays because containers of others use it. Those are
// not touched.
func InUse(s release.Subject, name string, users []string) error {
	hint := "docker rm " + strings.Join(users, " ")
	if s == release.SubjectNetwork {
		hint = disconnect(name, users)
	}
	return &fault.Error{Next: hint + ", then repeat the command",
		Reason: fmt.Sprintf("%s %q stays: %s, which davit did not make, uses it", s, name, quoted(users))}
}

// Held returns the refusal of a change of an environment that replaces or deletes a network on which containers of others
// run.
func Held(environment string, kind release.ChangeKind, network string, users []string) error {
	return fault.Refusef(disconnect(network, users)+", then repeat the command",
		"%s cannot be changed: network %q has to be %sd, and %s, which davit did not make, runs on it",
		environment, network, kind, quoted(users))
}

// disconnect returns the command that takes the first of some containers off a network.
func disconnect(network string, users []string) string {
	return "docker network disconnect " + network + " " + users[0]
}

// quoted returns the names of containers as one part of a sentence.
func quoted(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("container %q", names[0])
	}
	return fmt.Sprintf("one of %d containers (%s)", len(names), strings.Join(names, ", "))
}
