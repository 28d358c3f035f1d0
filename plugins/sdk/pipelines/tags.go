package pipelines

import (
	"slices"
	"strings"
)

// Tags returns the build tags that a command of Go names, in GOFLAGS too: "a" and "b" of "go test -tags a,b ./...".
func (c Call) Tags() (tags []string) {
	words := append(slices.Clone(c.Words), strings.Fields(c.Variable("GOFLAGS"))...)
	for i, w := range words {
		option, value, joined := strings.Cut(strings.TrimLeft(w, "-"), "=")
		if !strings.HasPrefix(w, "-") || option != "tags" && option != "build-tags" {
			continue
		}
		if !joined && i+1 < len(words) {
			value = words[i+1]
		}
		tags = append(tags, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	return tags
}

// Variable returns the value of a variable that is set for a command, or "".
func (c Call) Variable(name string) string {
	value, _ := lastOf(c.Env, name)
	return value
}
