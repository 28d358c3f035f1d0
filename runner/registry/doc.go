// Package registry speaks to OCI registries. It pushes an image from an OCI layout on this machine: by digest first, then its tags, so
// that no tag ever names what is not whole. It also reads what a repository keeps under its tags, small images to remember things by, and
// removes what is not to be kept any longer.
//
// Credentials are those of the docker command and its credential helpers, and never leave this process. Plain HTTP is spoken to a
// registry on this machine and to no other. A connection that breaks is taken up again with what is still missing; a registry that
// says no is not asked twice.
package registry
