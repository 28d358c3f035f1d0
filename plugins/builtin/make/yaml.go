package main

import "strings"

// A node is a line of YAML with the lines indented below it: "key: value", "- item", or both. It covers the
// part of YAML that Taskfiles use: mappings and lists in block form, short lists in brackets, block scalars.
type node struct {
	key, value string
	line       int
	item       bool // it began with "- "
	children   []*node
}

// parseYAML parses a text by its indentation. Other syntax becomes values that no caller reads.
func parseYAML(text string) *node {
	r := &yamlReader{root: &node{}}
	r.open = []level{{-1, r.root}}
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		r.line(strings.TrimRight(line, " \t\r"), i+1)
	}
	return r.root
}

type level struct {
	indent int
	node   *node
}

type yamlReader struct {
	root   *node
	open   []level // the nodes to which the next line may belong
	scalar int     // the indentation of the key with the open block scalar, plus one; 0 without one
	text   *node   // the node of the block scalar
}

// maxNesting limits the stack of open nodes.
const maxNesting = 40

func (r *yamlReader) line(line string, at int) {
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	if r.scalar > 0 && (text == "" || indent >= r.scalar) {
		r.text.children = append(r.text.children, &node{value: text, line: at})
		return
	}
	r.scalar = 0
	if text == "" || text[0] == '#' || text == "---" {
		return
	}
	for {
		n, rest, skipped := yamlEntry(text, at)
		r.put(n, indent)
		if rest == "" {
			return
		}
		text, indent = rest, indent+skipped
	}
}

// yamlEntry parses "- " alone, or "key: value". It returns the rest of the line after "- ".
func yamlEntry(text string, at int) (n *node, rest string, skipped int) {
	if after, ok := strings.CutPrefix(text, "-"); ok && (after == "" || after[0] == ' ') {
		rest = strings.TrimLeft(after, " ")
		if strings.HasPrefix(rest, "#") {
			rest = ""
		}
		return &node{item: true, line: at}, rest, len(text) - len(rest)
	}
	key, value, ok := yamlKey(text)
	if !ok {
		return &node{value: unquote(yamlComment(text)), line: at}, "", 0
	}
	return &node{key: key, value: yamlComment(value), line: at}, "", 0
}

// put adds the node below the last open one with less indentation.
func (r *yamlReader) put(n *node, indent int) {
	for len(r.open) > 1 && (r.open[len(r.open)-1].indent >= indent && !r.isListItem(n, indent) ||
		len(r.open) > maxNesting) {
		r.open = r.open[:len(r.open)-1]
	}
	parent := r.open[len(r.open)-1]
	parent.node.children = append(parent.node.children, n)
	r.open = append(r.open, level{indent, n})
	if n.value != "" && (n.value[0] == '|' || n.value[0] == '>') {
		if n.key == "" {
			indent = parent.indent // "- |": what follows is indented more than the "-"
		}
		r.scalar, r.text, n.value = indent+1, n, ""
	}
}

// isListItem reports whether n is an item of a list that is indented as far as its key, which YAML allows.
func (r *yamlReader) isListItem(n *node, indent int) bool {
	last := r.open[len(r.open)-1]
	return n.item && last.indent == indent && !last.node.item && last.node.key != "" && last.node.value == ""
}

// yamlKey splits at the ":" of a mapping.
func yamlKey(text string) (key, value string, ok bool) {
	if quote := text[0]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(text[1:], quote)
		if end < 0 {
			return "", "", false
		}
		key, text = text[1:end+1], text[end+2:]
		rest, found := strings.CutPrefix(text, ":")
		return key, strings.TrimSpace(rest), found
	}
	if text[0] == '{' || text[0] == '[' {
		return "", "", false
	}
	if rest, found := strings.CutSuffix(text, ":"); found && !strings.Contains(text, ": ") {
		return strings.TrimSpace(rest), "", true
	}
	key, value, ok = strings.Cut(text, ": ")
	return strings.TrimSpace(key), strings.TrimSpace(value), ok
}

// yamlComment removes the comment, an anchor and a tag from a value.
func yamlComment(value string) string {
	if value == "" || value[0] == '#' {
		return ""
	}
	if value[0] == '"' || value[0] == '\'' {
		if end := strings.LastIndexByte(value, value[0]); end > 0 {
			return value[:end+1]
		}
		return value
	}
	value, _, _ = strings.Cut(value, " #")
	if value[0] == '&' || value[0] == '!' {
		_, value = cutWord(value)
	}
	return strings.TrimSpace(value)
}

func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// get returns the child with a key, or nil. A nil node has no children.
func (n *node) get(key string) *node {
	if n != nil {
		for _, b := range n.children {
			if b.key == key {
				return b
			}
		}
	}
	return nil
}

// scalar returns the value of the node, or the lines of its block.
func (n *node) scalar() string {
	if n == nil {
		return ""
	}
	if n.value != "" || len(n.children) == 0 {
		return unquote(n.value)
	}
	if first := n.children[0]; first.key == "" && !first.item {
		return strings.TrimSpace(first.value)
	}
	return ""
}

// list returns the strings of a list in block form or in brackets, or the single value.
func (n *node) list() (out []string) {
	if n == nil {
		return nil
	}
	if inner, ok := strings.CutPrefix(n.value, "["); ok {
		return flow(strings.TrimSuffix(inner, "]"))
	}
	for _, b := range n.children {
		if s := b.scalar(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// flow splits s at the commas outside of brackets and quotes.
func flow(s string) (out []string) {
	depth, begin, quote := 0, 0, byte(0)
	for i := 0; i <= len(s); i++ {
		switch {
		case i == len(s) || quote == 0 && depth == 0 && s[i] == ',':
			if item := unquote(strings.TrimSpace(s[begin:i])); item != "" {
				out = append(out, item)
			}
			begin = i + 1
		case quote != 0 && s[i] == quote:
			quote = 0
		case quote != 0:
		case s[i] == '"' || s[i] == '\'':
			quote = s[i]
		case s[i] == '[' || s[i] == '{':
			depth++
		case s[i] == ']' || s[i] == '}':
			depth--
		}
	}
	return out
}

// texts returns all values of the node and its children.
func (n *node) texts() (out []string) {
	if n == nil {
		return nil
	}
	if inner, ok := strings.CutPrefix(n.value, "["); ok {
		out = flow(strings.TrimSuffix(inner, "]"))
	} else if n.value != "" {
		out = append(out, unquote(n.value))
	}
	for _, b := range n.children {
		out = append(out, b.texts()...)
	}
	return out
}
