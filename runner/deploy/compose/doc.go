// Package model is what a project's Compose files say, as compose-go reads them: the canonical form that is compared with what runs,
// the Compose model that a release keeps, and the project that the Compose SDK applies. It asks no engine.
//
// The files are the user's own and are not changed. They are read twice where secrets are in play: once as they are, and once with a
// mark in the place of each secret. Wherever the second model has a mark, the canonical form has a keyed hash of what the first has,
// and the release has a reference, "${NAME}", which is resolved again when the release is loaded. So no text of a secret is in either.
//
// A variable is a secret when the caller says so or when a secret of the Compose files is made from it. What is written out in the
// files, or in an env_file, is no secret to this package.
//
// What a release keeps is a Compose file that needs no other: images are ids, configs are texts, and nothing is built.
package compose
