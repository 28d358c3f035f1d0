// Package disk knows how much room a file system has.
package disk
