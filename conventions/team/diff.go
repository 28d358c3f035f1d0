package team

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/blobs"
)

// Diff returns what is different in another convention: its targets, and then what it brings.
func (c *Convention) Diff(other *Convention) []conventions.Change {
	changes := c.Convention.Diff(other.Convention)
	was, now := c.brings(), other.brings()
	all := maps.Clone(was)
	maps.Copy(all, now)
	for _, what := range slices.Sorted(maps.Keys(all)) {
		before, isBefore := was[what]
		after, isAfter := now[what]
		switch {
		case !isBefore:
			changes = append(changes, conventions.Change{Kind: "added", Details: []string{what + after}})
		case !isAfter:
			changes = append(changes, conventions.Change{Kind: "removed", Details: []string{what + before}})
		case before != after:
			changes = append(changes, conventions.Change{Kind: "changed", Details: []string{what + after + ", before" + before}})
		}
	}
	return changes
}

// brings returns what a convention brings besides its targets: each with what it is.
func (c *Convention) brings() map[string]string {
	all := map[string]string{}
	for name, p := range c.Plugins() {
		all["plugin "+name+":"] = p.text()
	}
	for name := range c.Templates() {
		all["template "+name] = ""
	}
	if text := compact(c.Defaults()); text != "{}" {
		all["defaults:"] = " " + text
	}
	return all
}

// text returns what is said of a plugin, for people.
func (p Plugin) text() string {
	var words []string
	if p.From != "" {
		words = append(words, strings.TrimPrefix(p.From, "./"))
	}
	if digest := p.digest(); digest != "" {
		words = append(words, "("+blobs.Short(digest)+")")
	}
	if p.Off {
		words = append(words, "off")
	}
	if len(p.Config) > 0 {
		words = append(words, "with "+compact(p.Config))
	}
	return " " + strings.Join(words, " ")
}

// digest returns that of the module; "" if it is not known.
func (p Plugin) digest() string {
	if p.From == "" || p.Published() {
		return p.Digest
	}
	data, err := p.File()
	if err != nil {
		return ""
	}
	return blobs.Digest(data)
}

// compact returns a value as JSON. What cannot be written so is no part of a convention.
func compact(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}
