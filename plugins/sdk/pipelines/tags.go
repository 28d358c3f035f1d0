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

// WithoutTags returns a command of Go without the build tags that it names.
func (c Call) WithoutTags() Call {
	var words []string
	for i := 0; i < len(c.Words); i++ {
		option, _, joined := strings.Cut(strings.TrimLeft(c.Words[i], "-"), "=")
		switch {
		case !strings.HasPrefix(c.Words[i], "-") || option != "tags":
			words = append(words, c.Words[i])
		case !joined:
			i++
		}
	}
	c.Words, c.Env = words, slices.DeleteFunc(slices.Clone(c.Env), func(v string) bool { return strings.HasPrefix(v, "GOFLAGS=") })
	return c
}

// Features returns the features that a command of Cargo chooses, as options in one form: "--no-default-features a b" of
// "cargo test --features b,a --no-default-features"; "" where it chooses none.
func (c Call) Features() string {
	var options, names []string
	for i, w := range c.Words {
		option, value, joined := strings.Cut(w, "=")
		switch {
		case w == "--":
			return strings.Join(append(options, slices.Compact(names)...), " ")
		case w == "--all-features":
			return w
		case w == "--no-default-features":
			options = append(options, w)
		case option != "--features" && option != "-F":
		case joined || i+1 == len(c.Words):
			names = append(names, featureNames(value)...)
		default:
			names = append(names, featureNames(c.Words[i+1])...)
		}
		slices.Sort(names)
	}
	return strings.Join(append(options, slices.Compact(names)...), " ")
}

func featureNames(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// Variable returns the value of a variable that is set for a command, or "".
func (c Call) Variable(name string) string {
	value, _ := lastOf(c.Env, name)
	return value
}
