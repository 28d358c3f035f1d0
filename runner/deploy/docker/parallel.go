package docker

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// inParallel calls do for all elements at once, and returns all errors.
func inParallel[T any](all []T, do func(int, T) error) error {
	errs := make([]error, len(all))
	var group sync.WaitGroup
	for i, one := range all {
		group.Go(func() { errs[i] = do(i, one) })
	}
	group.Wait()
	return errors.Join(errs...)
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// atOnce calls functions at once, and returns all errors.
func atOnce(all ...func() error) error {
	return inParallel(all, func(_ int, do func() error) error { return do() })
}
