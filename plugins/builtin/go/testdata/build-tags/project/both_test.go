//go:build slow && db

package a
