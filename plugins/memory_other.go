//go:build !linux && !darwin

package plugins

import "context"

// withReservedMemory returns the context: memory that grows is copied.
func withReservedMemory(ctx context.Context) context.Context { return ctx }
