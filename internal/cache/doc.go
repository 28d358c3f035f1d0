// Package cache is a content-addressed store with an action cache, as Bazel's: blobs by the digest of their
// content, and entries, small JSON values, by a key that their caller makes.
//
// Nothing in it is needed. What is missing, damaged or cannot be written counts as never stored, and the work
// is done again, so no method returns an error. A store that cannot be written reports it once, through a
// callback, and stores nothing from then on. What is damaged is removed when it is found.
//
// Several processes may use one store. Each file is written atomically, so a reader sees all of it or
// nothing, and it does not matter which process was first: the same digest is the same content.
//
// Whoever can write an entry decides what davit believes to have succeeded. So a folder that somebody else
// owns or can write is not used (Secure), and a file that is not the user's own counts as missing.
//
// A size limit removes what was not used for the longest time. The time of use is the modification time of
// the file, renewed at most once an hour. Pruning runs at most once an hour, in a process that has stored
// something; a process that only reads never pays for it.
package cache
