package pipelines

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// ofMatrix matches a value of a matrix, and its key.
var ofMatrix = compiled(`\$\{\{\s*matrix\.([\w.-]+)\s*\}\}`)

// withItems returns a text for each item of a matrix that has several values, of which a key is one: "matrix.target.goos" and
// "matrix.target.goarch", or what is included where nothing else has the key. It is nil for a key with values of its own. The expression of the key is replaced.
func withItems(text, found, key string, env []string, matrix *yaml.Node) (texts []string) {
	first, _, nested := strings.Cut(key, ".")
	items, prefix := matrix.Get("include").Items(), ""
	switch {
	case nested:
		items, prefix = matrix.Get(first).Items(), first+"."
	case matrix.Get(first) != nil:
		return nil
	}
	for _, item := range items {
		own := item.Get(strings.TrimPrefix(key, prefix))
		if own == nil {
			continue
		}
		one := ofMatrix().ReplaceAllStringFunc(strings.ReplaceAll(text, found, own.Text()), func(found string) string {
			other, is := strings.CutPrefix(ofMatrix().FindStringSubmatch(found)[1], prefix)
			if n := item.Get(other); is && n != nil && (nested || matrix.Get(other) == nil) {
				return n.Text()
			}
			return found
		})
		if one = withVariables(one, env); !slices.Contains(texts, one) {
			texts = append(texts, one)
		}
	}
	return texts
}
