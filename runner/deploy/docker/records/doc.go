// Package records stores documents on a Docker engine. Each is an image without a file system but for one
// file; its labels say which record it is, and have its text, unless that is long. An engine keeps an image until somebody removes it, shows it
// to everybody who can reach the engine, and can be asked for labels; nothing else on an engine does that
// without a running container.
//
// The labels of an image cannot be changed, so a document is never changed either. The images that releases
// use get a name of the environment's own, which protects them from "docker image prune".
package records
