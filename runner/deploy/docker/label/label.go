// Package label has the names of all labels that davit puts on containers, networks, volumes and records.
// They are a format: nothing is remembered elsewhere, so a davit of today must read what one of last year has
// made. They hold what an engine cannot be asked for; the labels of Compose say the rest, and a user's own
// are none of these.
package label

import "fmt"

// Prefix begins them all. With the path of a config or a secret after it, dev.davit.configs./etc/x, a label
// has a hash of the content.
const Prefix = "dev.davit."

// Project and Environment are on everything that an environment has.
const (
	Project     = Prefix + "project"
	Environment = Prefix + "environment"
)

// Labels of containers.
const (
	// Release is the number of the release that the container was made for. The image that records a release
	// has it too.
	Release = Prefix + "release"
	// Image is the digest that identifies the image of a container, and the engine's name of it.
	Image = Prefix + "image"
	// Job marks the containers of services that run to their end; no engine knows that.
	Job = Prefix + "job"
	// Fields is the sum of the fields that a container was made for. It covers those that no engine can be
	// asked for.
	Fields = Prefix + "fields"
	// Secrets has the paths of the fields of a container whose values come from secrets, with commas. Nobody
	// is to see the values.
	Secrets = Prefix + "keyed"
	// Static marks a container that has an address because its model says so. Others may have kept the one
	// that they had.
	Static = Prefix + "static"
	// Networks and Volumes, with the name of a network or volume after them, have its key in the Compose
	// file.
	Networks = Prefix + "network."
	Volumes  = Prefix + "volume."
	// KeyID is the id of the key that the hashes in labels of a container have, and the hashes of its secrets in the
	// release that it was made for.
	KeyID = Prefix + "key-id"
	// Change is on everything that davit makes, and names the change that made it. It counts only while the
	// record of the environment says that the change has not ended.
	Change = Prefix + "change"
	// Port, with a port of a container after it, has the port of the machine that the Compose file asks for, where the
	// container has got the one that the engine has chosen for another: "any".
	Port = Prefix + "port."
	// Surge marks a container that only serves while others of its service are replaced.
	Surge = Prefix + "surge"
	// Lock is on the container that is the lock of an environment, and names the holder.
	Lock = Prefix + "lock"
)

// Labels of records.
const (
	// Result is how a release ended.
	Result = Prefix + "result"
	// Recorded is the time of the record. Of several records of one release the last counts.
	Recorded = Prefix + "recorded"
	// Document is the text of a record of a release. A long one is a file in the layer of its image instead.
	Document = Prefix + "document"
	// Heal is the record of a heal.
	Heal = Prefix + "heal"
	// Audit is an audit entry.
	Audit = Prefix + "audit"
	// Ownership is the record of what belongs to an environment.
	Ownership = Prefix + "ownership"
	// Signature is a signature of the record of a release.
	Signature = Prefix + "signature"
	// Key is the key of the hashes of secrets of an environment.
	Key = Prefix + "key"
)

// Halves marks a network whose addresses are divided between the engine and davit.
const (
	Subnet = Prefix + "subnet"
	Halves = "halves"
)

// Ephemeral is on everything of an ephemeral environment, and names the process that it belongs to.
const Ephemeral = Prefix + "test"

// Number returns the number of a release as labels and names have it: sorted as text, numbers are sorted.
func Number(n int) string { return fmt.Sprintf("%06d", n) }
