// Package images is the image store of an engine: it pulls images with the credentials of the caller, pushes
// them, loads them from another engine, and finds them again.
//
// It also makes images of one layer with one file. No container is ever started from those. They are davit's
// records: an engine keeps an image until somebody removes it, with a name, and with labels that it can be
// asked for.
//
// Content is identified by ids and digests only, as in every content-addressed store; names and references
// tell where it is.
package images
