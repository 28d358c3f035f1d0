//go:build fts5

package a
