// Package images is what environments do with the images of an engine: pull them with the credentials of the caller, push them, have
// another engine's, and find them again by their ids.
//
// It also makes images, of one layer with one file. No container is ever started from such a one: davit remembers things by them, since an
// image is what an engine keeps until somebody removes it, with labels that can be asked for and a name.
//
// An id is that of a content, and the only thing by which an image is known to be the same one. Names and digests tell where it is.
package images
