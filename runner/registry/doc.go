// Package registry pushes an image from an OCI layout on this machine to an OCI registry: by digest first, then its tags, so that no
// tag ever names what is not whole.
//
// Credentials are those of the docker command and its credential helpers, and never leave this process. Plain HTTP is spoken to a
// registry on this machine and to no other. A connection that breaks is taken up again with what is still missing; a registry that
// says no is not asked twice.
package registry
