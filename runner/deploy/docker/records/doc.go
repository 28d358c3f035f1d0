// Package records is a store of documents on a Docker engine: each is an image without a file system but for one file, and its labels say
// which record it is. An engine keeps an image until somebody removes it, shows it to everybody who can reach the engine, and can be asked
// for labels; no other thing of an engine does that without a container that runs.
//
// Labels of an image cannot be changed, so a document is never changed either. The images that releases name get a name of the
// environment's own, which protects them from "docker image prune".
package records
