// Package yaml reads YAML for plugins: Taskfiles, the configuration of pre-commit, workflows of a pipeline.
//
// It reads what such files are made of: mappings and lists in block form and in brackets, block scalars,
// quotes, comments, aliases of whole values. It is no YAML parser: what it does not know becomes values that
// no caller reads, and nothing is an error, since the tools that own these files report their faults. No
// input causes a panic, and nodes nest at most maxNesting deep.
//
//	root := yaml.Parse(text)
//	for _, repo := range root.Get("repos").Items() {
//		rev := repo.Get("rev").Text()
//	}
//
// Plugins import the SDK and the standard library only, so it is small.
package yaml

import "strings"

// Parse parses a text by its indentation.
func Parse(text string) *Node {
	r := &reader{root: &Node{}, anchors: map[string]*Node{}}
	r.open = []level{{-1, r.root}}
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		r.line(strings.TrimRight(line, " \t\r"), i+1)
	}
	return r.root
}

// maxNesting limits the stack of open nodes.
const maxNesting = 40

type level struct {
	indent int
	node   *Node
}

type reader struct {
	root    *Node
	open    []level // the nodes to which the next line may belong
	scalar  int     // the indentation of the key with the open block scalar, plus one; 0 without one
	text    *Node   // the node of the block scalar
	flow    *flow   // the list or mapping in brackets that goes on in the next line
	anchors map[string]*Node
}

func (r *reader) line(line string, at int) {
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	if r.scalar > 0 && (text == "" || indent >= r.scalar) {
		r.text.Children = append(r.text.Children, &Node{Value: text, Line: at})
		return
	}
	r.scalar = 0
	if r.flow != nil {
		r.addFlow(text)
		return
	}
	if text == "" || text[0] == '#' || text == "---" {
		return
	}
	for {
		n, rest, skipped := entry(text, at)
		r.put(n, indent)
		if rest == "" {
			return
		}
		text, indent = rest, indent+skipped
	}
}

// entry parses "- " alone, or "key: value". It returns the rest of the line after "- ".
func entry(text string, at int) (n *Node, rest string, skipped int) {
	if after, ok := strings.CutPrefix(text, "-"); ok && (after == "" || after[0] == ' ') {
		rest = strings.TrimLeft(after, " ")
		if strings.HasPrefix(rest, "#") {
			rest = ""
		}
		return &Node{Item: true, Line: at}, rest, len(text) - len(rest)
	}
	key, value, ok := splitKey(text)
	if !ok {
		return &Node{Value: text, Line: at}, "", 0
	}
	return &Node{Key: key, Value: value, Line: at}, "", 0
}

// put adds the node below the last open one with less indentation.
func (r *reader) put(n *Node, indent int) {
	for len(r.open) > 1 && (r.open[len(r.open)-1].indent >= indent && !r.isListItem(n, indent) ||
		len(r.open) > maxNesting) {
		r.open = r.open[:len(r.open)-1]
	}
	parent := r.open[len(r.open)-1]
	r.takeAnchor(n, parent.node)
	if opensFlow(n.Value) {
		r.startFlow(n, parent.node)
		if n.Key == "" {
			return // its entries are children of the parent
		}
	}
	n.Value = withoutComment(n.Value)
	parent.node.Children = append(parent.node.Children, n)
	r.open = append(r.open, level{indent, n})
	if n.Value != "" && (n.Value[0] == '|' || n.Value[0] == '>') {
		if n.Key == "" {
			indent = parent.indent // "- |": what follows is indented more than the "-"
		}
		n.folded = n.Value[0] == '>'
		r.scalar, r.text, n.Value, n.block = indent+1, n, "", true
	}
}

// isListItem reports whether n is an item of a list that is indented as far as its key, which YAML allows.
func (r *reader) isListItem(n *Node, indent int) bool {
	last := r.open[len(r.open)-1]
	return n.Item && last.indent == indent && !last.node.Item && last.node.Key != "" && last.node.Value == ""
}

// takeAnchor removes an anchor and a tag from the value of a node, and puts in place of an alias what it stands
// for. The anchor or alias behind "- " is that of the item.
func (r *reader) takeAnchor(n, parent *Node) {
	owner := n
	if n.Key == "" && parent.Item && len(parent.Children) == 0 {
		owner = parent
	}
	for n.Value != "" && (n.Value[0] == '&' || n.Value[0] == '!') {
		word, rest, _ := strings.Cut(n.Value, " ")
		n.Value = strings.TrimSpace(rest)
		if name, ok := strings.CutPrefix(word, "&"); ok {
			r.anchors[name] = owner
		}
	}
	if name, ok := strings.CutPrefix(withoutComment(n.Value), "*"); ok && r.anchors[name] != nil {
		n.Value = ""
		owner.setAlias(r.anchors[name])
	}
}
