// Package release is what is deployed, as data: the canonical form of what runs in an environment, the difference between what is
// wanted, what was deployed last and what is there, and the record of a deploy. It asks no engine and reads no file; package
// runner/compose does both.
//
// Three models are compared. Desired is the Compose model of the environment with every image by its id. Applied is that of the last
// release. Live is what the engine says. All have one canonical form: a service is a set of fields, each a path and a text,
// "environment.LOG_LEVEL" = "info", so that a difference has a name and can be ignored by it. A value that comes from a secret is
// never a text here: its field holds a keyed hash, so that a change shows and the value does not.
package release
