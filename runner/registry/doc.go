// Package registry is a small client of OCI registries, over oras-go. It pushes an image from an OCI layout
// on this machine: first by digest, then its tags, so that no tag ever names an incomplete image. It also
// reads and deletes small images that serve as records, such as releases, and it pushes and pulls WebAssembly modules.
//
// Credentials are those of docker and its credential helpers, and never leave this process. Only a registry
// on this machine is reached over plain HTTP. After a broken connection a push continues with what is
// missing; after a refusal the registry is not asked again.
package registry
