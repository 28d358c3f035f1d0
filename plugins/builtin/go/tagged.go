package golang

import (
	"fmt"
	"go/build/constraint"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// reserved are build tags that Go, a compiler or a platform sets, or by which a file is for no build.
var reserved = strings.Fields("ignore tools tool race msan asan purego appengine gc gccgo cgo tinygo unix boringcrypto faketime")

// customTags returns the build tags of the project's own that a file's constraints name.
func (h header) customTags() (tags []string) {
	for _, x := range h.constraints {
		tags = append(tags, tagsIn(x)...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func tagsIn(x constraint.Expr) []string {
	switch x := x.(type) {
	case *constraint.TagExpr:
		if isPlatform(x.Tag) {
			return nil
		}
		return []string{x.Tag}
	case *constraint.NotExpr:
		return tagsIn(x.X)
	case *constraint.AndExpr:
		return append(tagsIn(x.X), tagsIn(x.Y)...)
	case *constraint.OrExpr:
		return append(tagsIn(x.X), tagsIn(x.Y)...)
	}
	return nil
}

func isPlatform(tag string) bool {
	return strings.HasPrefix(tag, "go1.") || strings.HasPrefix(tag, "goexperiment.") || slices.Contains(reserved, tag) ||
		slices.Contains(systems, tag) || slices.Contains(machines, tag)
}

// needed returns the custom tags that a file needs to be part of a build with others, the fewest first; none if it is
// for another platform.
func (h header) needed(with []string) []string {
	custom := h.customTags()
	for _, tag := range custom {
		if h.matches(append([]string{tag}, with...)...) {
			return []string{tag}
		}
	}
	if h.matches(append(slices.Clone(custom), with...)...) {
		return custom
	}
	return nil
}

// leaveOutTagged names the tests of the modules that need build tags.
func (b *builder) leaveOutTagged() {
	files := map[string][]string{} // by tags
	var integration []string
	for _, m := range b.repo.modules {
		integration = append(integration, m.integrationFiles...)
		for tags, names := range m.tagged {
			files[tags] = append(files[tags], names...)
		}
	}
	if len(integration) > 0 { // a target of its own here, and nothing that a task file runs by itself
		b.OmitUnless([]string{"integration"}, "tests with the build tag integration in "+named(integration), "", "test")
	}
	for _, tags := range slices.Sorted(maps.Keys(files)) {
		all := append(strings.Split(tags, ","), b.repo.config.Tags...)
		b.OmitUnless(strings.Split(tags, ","), fmt.Sprintf("tests with the build tag %s in %s", strings.ReplaceAll(tags, ",", " and "), named(files[tags])),
			`[plugins.go] config = { tags = ["`+strings.Join(all, `", "`)+`"] }`, "test-unit")
	}
}

// maxNamed is how many parts one sentence names.
const maxNamed = 3

// named returns a list for a sentence: "a, b and 3 more".
func named(names []string) string { return sdk.Listed(names, maxNamed) }

// addTagged records a test file that needs build tags.
func (m *module) addTagged(f *folder, file string, tags []string) {
	if len(tags) == 0 {
		return
	}
	if m.tagged == nil {
		m.tagged = map[string][]string{}
	}
	key := strings.Join(tags, ",")
	m.tagged[key] = append(m.tagged[key], path.Join(f.dir, file))
}
