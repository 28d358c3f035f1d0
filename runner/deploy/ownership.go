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
		hint = "docker network disconnect " + name + " " + users[0]
	}
	return &fault.Error{Next: hint + ", then repeat the command",
		Reason: fmt.Sprintf("%s %q stays: %s, which davit did not make, uses it", s, name, quoted(users))}
}

// quoted returns the names of containers as one part of a sentence.
func quoted(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("container %q", names[0])
	}
	return fmt.Sprintf("one of %d containers (%s)", len(names), strings.Join(names, ", "))
}
