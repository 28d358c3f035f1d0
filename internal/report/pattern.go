package report

import (
	"regexp"
	"sync"
)

// lazy compiles a pattern when it is first used: most runs of davit convert no report, and all would pay for
// it.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
