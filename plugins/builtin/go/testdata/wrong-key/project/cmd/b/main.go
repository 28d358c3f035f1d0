//go:build sqlite

package main
