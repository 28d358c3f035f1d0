// Package limittest takes resources of the system from a test, to show what happens without them.
package limittest
