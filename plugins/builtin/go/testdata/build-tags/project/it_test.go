//go:build integration

package a
