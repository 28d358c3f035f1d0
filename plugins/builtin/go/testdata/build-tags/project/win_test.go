//go:build windows && e2e

package a
