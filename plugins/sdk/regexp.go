package sdk

import (
	"regexp"
	"sync"
)

// LazyRegexp returns a function that compiles an expression when it is first called. Most projects need few of those of a
// plugin, and in an interpreter each takes milliseconds.
func LazyRegexp(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
