package tree

// Diff returns the paths that are in before and are missing or different in after, sorted.
func Diff(before, after map[string]Sum) []string { return nil }
