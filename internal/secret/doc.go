// Package secret tells which values are secrets where nobody has declared them: by the names that they have,
// and by the forms in which texts contain them. It holds the one list of such names. A project adds names to it
// and takes names from it by [secret-names] in project.toml.
//
// It is not what decides which variables count for results (runner.Credentials): that list is narrow, since a
// variable on it may change without a step running again.
package secret
