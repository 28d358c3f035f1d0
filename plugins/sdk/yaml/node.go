package yaml

import "strings"

// A Node is an entry of a YAML document with the entries below it: "key: value", "- item", or a value alone.
// A nil Node is one that is missing; it has no children.
type Node struct {
	Key, Value string
	Line       int
	Item       bool // it began with "- ", or stands in brackets
	Children   []*Node

	block   bool // its children are the lines of a block scalar
	folded  bool // of one whose line breaks are spaces: ">"
	aliased bool // its value and its children are those of another node
}

// setAlias gives the node what another node has so far.
func (n *Node) setAlias(of *Node) {
	n.Value, n.Children, n.block, n.folded, n.aliased = of.Value, of.Children, of.block, of.folded, true
}

// Entries returns the nodes below the node.
func (n *Node) Entries() []*Node {
	if n == nil {
		return nil
	}
	return n.Children
}

// Items returns the items of a list.
func (n *Node) Items() (out []*Node) {
	for _, c := range n.Entries() {
		if c.Item {
			out = append(out, c)
		}
	}
	return out
}

// Get returns the entry with a key, or nil.
func (n *Node) Get(key string) *Node {
	for _, c := range n.Entries() {
		if c.Key == key {
			return c
		}
	}
	return nil
}

// Text returns the value of the node: a scalar, the lines of a block scalar, or a value that goes on in the
// next lines. The lines of a folded scalar are joined by spaces, but
// not behind a backslash, where the next line of a command is indented and YAML keeps the line break.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	parts := []string{}
	if n.Value != "" {
		parts = append(parts, unquote(n.Value))
	}
	for _, c := range n.Children {
		if c.Key != "" || c.Item {
			break
		}
		part := c.Value
		if !n.block {
			part = c.Text()
		}
		parts = append(parts, part)
	}
	if n.block && !n.folded {
		return strings.TrimSpace(strings.Join(parts, "\n"))
	}
	text := strings.Join(parts, " ")
	if n.folded {
		text = strings.ReplaceAll(text, "\\ ", "\\\n")
	}
	return strings.TrimSpace(text)
}

// List returns the strings of a list, or the single value.
func (n *Node) List() (out []string) {
	if n == nil {
		return nil
	}
	if len(n.Children) == 0 || n.block || n.Value != "" {
		if s := n.Text(); s != "" {
			return []string{s}
		}
	}
	for _, c := range n.Children {
		if s := c.Text(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Texts returns all values of the node and of what is below it, and each line of a block scalar. It leaves out
// what aliases stand for, which could be more than fits into the memory.
func (n *Node) Texts() (out []string) {
	if n == nil || n.aliased {
		return nil
	}
	if n.Value != "" {
		out = append(out, unquote(n.Value))
	}
	for _, c := range n.Children {
		out = append(out, c.Texts()...)
	}
	return out
}

// Replaced returns a copy of the node in which each scalar is what a function makes of it and its key. What aliases stand for
// is left as it is, since it could be more than fits into the memory.
func (n *Node) Replaced(with func(key, value string) string) *Node {
	if n == nil || n.aliased {
		return n
	}
	out := *n
	if plain := unquote(n.Value); n.Value != "" {
		if value := with(n.Key, plain); value != plain {
			out.Value = value
		}
	}
	out.Children = make([]*Node, len(n.Children))
	for i, c := range n.Children {
		out.Children[i] = c.Replaced(with)
	}
	return &out
}
