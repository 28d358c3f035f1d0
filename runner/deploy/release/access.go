package release

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Access is something of the machine that a service takes, and that lets it read or change more than its own
// container.
type Access struct {
	Service string `json:"service"`
	// Name is the kind, with a value where there are several: "privileged", "bind:/etc".
	Name string `json:"name"`
}

// Allowed reports whether a list has an access, or all of its kind: "bind:/etc" or "bind".
func (a Access) Allowed(allow []string) bool {
	kind, _, _ := strings.Cut(a.Name, ":")
	return slices.Contains(allow, a.Name) || slices.Contains(allow, kind)
}

// SortAccess sorts by name and service.
func SortAccess(all []Access) {
	slices.SortFunc(all, func(a, b Access) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Service, b.Service))
	})
}

// DescribeAccess returns sorted accesses in one line, each with its services: "bind:/ (agent, web)".
func DescribeAccess(sorted []Access) string {
	services := map[string][]string{}
	var names, words []string
	for _, a := range sorted {
		services[a.Name] = append(services[a.Name], a.Service)
		names = append(names, a.Name)
	}
	for _, name := range slices.Compact(names) {
		words = append(words, fmt.Sprintf("%s (%s)", name, strings.Join(services[name], ", ")))
	}
	return strings.Join(words, ", ")
}
