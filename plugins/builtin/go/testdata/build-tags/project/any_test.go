//go:build !short

package a
