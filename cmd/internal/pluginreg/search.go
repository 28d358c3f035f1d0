package pluginreg

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/project"
)

// Search returns the plugins in a registry or a namespace of it, or in a layout, whose name, repository or summary has a
// word in it.
func (p Published) Search(ctx context.Context, namespace, word string) ([]project.Listed, error) {
	if !project.ValidNamespace(namespace) {
		return nil, project.NamespaceError(namespace)
	}
	if err := p.online(namespace); err != nil {
		return nil, err
	}
	all, err := p.Registry.Search(ctx, namespace)
	return slices.DeleteFunc(all, func(l project.Listed) bool {
		text := strings.ToLower(l.Ref + " " + l.Name + " " + l.Summary)
		return !strings.Contains(text, strings.ToLower(word))
	}), err
}
