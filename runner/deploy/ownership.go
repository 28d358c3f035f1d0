package deploy

import "github.com/davit-dev/davit/internal/fault"

// Unadopted returns the error of an environment in which davit has no record of having made anything: Compose
// has, or the record is lost. Nothing there is touched.
func Unadopted(environment string) error {
	return fault.Refusef("davit deploy "+environment+" adopts what there is, once you have confirmed it",
		"davit has no record of having made what runs in %s, and does not touch it", environment)
}
