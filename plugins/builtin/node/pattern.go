package node

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression that is compiled when it is first used: the plugin starts anew for each plan, and
// most plans use few.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
