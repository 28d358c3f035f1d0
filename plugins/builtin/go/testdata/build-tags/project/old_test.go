//go:build ignore

package a
