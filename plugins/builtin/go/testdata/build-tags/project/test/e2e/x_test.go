//go:build e2e

package a
