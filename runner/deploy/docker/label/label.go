// Package label has the names of all labels that davit puts on what it makes on an engine: containers, networks, volumes and images
// without a file system. Nothing is remembered elsewhere, so these names are a format: a davit of today reads what one of last year has
// made. They tell what no engine can be asked for; the labels of Compose say the rest, and a user's own are none of these.
package label

import "fmt"

// Prefix begins them all. One with the path of a config or a secret after it has a hash of the content: dev.davit.configs./etc/x.
const Prefix = "dev.davit."

// Whose a thing is: they are on all that an environment has.
const (
	Project     = Prefix + "project"
	Environment = Prefix + "environment"
)

// Of containers.
const (
	// Release is the number of the one that the container was made for. The image that records a release has it too.
	Release = Prefix + "release"
	// Image is the digest that identifies the image of a container, and what the engine calls it.
	Image = Prefix + "image"
	// Job marks the containers of services that run to their end; only their maker knows.
	Job = Prefix + "job"
	// Fields is the sum of the fields that a container was made for: what of them no engine can be asked for is seen by it.
	Fields = Prefix + "fields"
	// Secrets has the paths of the fields of a container whose values come from secrets, with commas; nobody is to see these.
	Secrets = Prefix + "keyed"
	// Static marks a container that has an address because its model says so. Others may have been given the one that they had.
	Static = Prefix + "static"
	// Networks and Volumes, with the name of one after it, say by which name the Compose file knows a network or a volume.
	Networks = Prefix + "network."
	Volumes  = Prefix + "volume."
	// Lock is on the container that is the lock of an environment, and says whose it is.
	Lock = Prefix + "lock"
)

// Of images that record something.
const (
	// Result is how a release ended.
	Result = Prefix + "result"
	// Recorded is when: of the records of one release the last counts.
	Recorded = Prefix + "recorded"
	// Heal is the record of a heal.
	Heal = Prefix + "heal"
)

// Halves marks a network whose addresses are divided between the engine and davit.
const (
	Subnet = Prefix + "subnet"
	Halves = "halves"
)

// Ephemeral is on all that a trial has; it says whose that is.
const Ephemeral = Prefix + "test"

// Number is that of a release as labels and names have it: sorted as text, it is sorted.
func Number(n int) string { return fmt.Sprintf("%06d", n) }
