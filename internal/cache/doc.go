// Package cache is a folder in which results are kept: blobs by the digest of their content, and entries, small JSON values, by
// a key of their caller's.
//
// Nothing in it is needed: whatever is missing, damaged or cannot be written is as if it had never been stored, and the work is
// done again. So no method returns an error. A store that cannot be written says so once, through a callback, and keeps nothing
// from then on. What is damaged is removed when it is met.
//
// Several processes may use one store. Each file is written aside and renamed into place, so a reader sees all of it or nothing,
// and it does not matter who was first: the same digest is the same content.
//
// A limit keeps it small: what was not used for the longest time goes first. The time of use is that of the file, renewed at
// most once an hour, and the folder is looked through at most once an hour, by a process that has stored something; a process
// that only reads never pays for it.
package cache
