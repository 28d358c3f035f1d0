// Package compose reads the Compose files of a project with compose-go. It returns the canonical form that is
// compared with the live state, the Compose model that a release keeps, and the project that the Compose SDK
// applies. It asks no engine.
//
// The files are the user's own and are not changed. Where there are secrets, they are read twice: once with
// the values, and once with a mark in the place of each value. Wherever the second model has a mark, the
// canonical form has a keyed hash of the text of the first, and the release has a reference, "${NAME}", which
// is resolved again when the release is loaded. So no text of a secret is in either. It is taint tracking by
// text.
//
// A variable is a secret when the caller says so or when a secret of the Compose files is made from it.
// Values that are written out in the files, or in an env_file, are no secrets to this package.
//
// The model that a release keeps is a Compose file that needs no other: images are digests, configs are
// texts, and nothing is built.
package compose
