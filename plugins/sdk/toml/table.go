package toml

import "strings"

// A table is a table during parsing, with the rules by which its keys may still be extended.
type table struct {
	values  map[string]any
	tables  map[string]*table // the tables in it that may be extended; of an array of tables, its last one
	array   map[string]bool   // the keys that are arrays of tables
	defined bool              // by a [header] of its own
	dotted  bool              // made by a dotted key
	depth   int               // the number of tables and arrays around it
}

func newTable(depth int) *table {
	return &table{values: map[string]any{}, tables: map[string]*table{}, array: map[string]bool{},
		depth: depth}
}

// add adds a new table at an unused key.
func (t *table) add(key string) *table {
	child := newTable(t.depth + 1)
	t.tables[key], t.values[key] = child, child.values
	return child
}

// appendTable appends a table to the array of tables at a key.
func (t *table) appendTable(key string) *table {
	child := newTable(t.depth + 2)
	list, _ := t.values[key].([]any)
	t.tables[key], t.array[key], t.values[key] = child, true, append(list, child.values)
	return child
}

// header reads [a.b] or [[a.b]] and makes it the current table.
func (p *parser) header() error {
	open, end := "[", "]"
	if strings.HasPrefix(p.text[p.pos:], "[[") {
		open, end = "[[", "]]"
	}
	p.take(open)
	keys, err := p.key()
	if err != nil {
		return err
	}
	if !p.take(end) {
		return p.fail("%s stands where %q should close the header", p.next(), end)
	}
	parent, err := p.enter(keys[:len(keys)-1])
	if err != nil {
		return err
	}
	if end == "]]" {
		return p.openArray(parent, keys)
	}
	return p.openTable(parent, keys)
}

// enter returns the table at the keys of a header, seen from the root, and adds the tables that do not exist.
func (p *parser) enter(keys []string) (*table, error) {
	t := p.root
	for i, key := range keys {
		child := t.tables[key]
		if _, taken := t.values[key]; taken && child == nil {
			return nil, p.fail("%q is not a table that can be extended", strings.Join(keys[:i+1], "."))
		}
		if child == nil {
			child = t.add(key)
		}
		t = child
	}
	return t, nil
}

func (p *parser) openTable(parent *table, keys []string) error {
	key := keys[len(keys)-1]
	t := parent.tables[key]
	_, taken := parent.values[key]
	switch {
	case taken && (t == nil || t.defined || t.dotted || parent.array[key]):
		return p.fail("%q is defined twice", strings.Join(keys, "."))
	case t == nil:
		t = parent.add(key)
	}
	t.defined, p.table = true, t
	return p.checkDepth(t.depth)
}

func (p *parser) openArray(parent *table, keys []string) error {
	key := keys[len(keys)-1]
	if _, taken := parent.values[key]; taken && !parent.array[key] {
		return p.fail("%q is defined twice", strings.Join(keys, "."))
	}
	p.table = parent.appendTable(key)
	return p.checkDepth(p.table.depth)
}

func (p *parser) checkDepth(depth int) error {
	if depth > MaxDepth {
		return p.fail("tables and arrays nest deeper than %d levels", MaxDepth)
	}
	return nil
}

// pair reads one key = value into t.
func (p *parser) pair(t *table) error {
	keys, err := p.key()
	if err != nil {
		return err
	}
	if !p.take("=") {
		return p.fail("%s stands where \"=\" should follow the key %q", p.next(), strings.Join(keys, "."))
	}
	last := len(keys) - 1
	for _, key := range keys[:last] {
		child := t.tables[key]
		if _, taken := t.values[key]; taken && (child == nil || !child.dotted) {
			return p.fail("%q is defined twice", key)
		}
		if child == nil {
			child = t.add(key)
			child.dotted = true
		}
		t = child
	}
	if _, taken := t.values[keys[last]]; taken {
		return p.fail("%q is defined twice", strings.Join(keys, "."))
	}
	p.spaces()
	t.values[keys[last]], err = p.value(t.depth + 1)
	return err
}

// key reads a key with dots, and the white space around it.
func (p *parser) key() (keys []string, err error) {
	for {
		p.spaces()
		key, err := p.simpleKey()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
		if err := p.checkDepth(len(keys)); err != nil {
			return nil, err
		}
		p.spaces()
		if !p.take(".") {
			return keys, nil
		}
	}
}

func (p *parser) simpleKey() (string, error) {
	if p.peek() == '"' || p.peek() == '\'' {
		return p.oneLine()
	}
	start := p.pos
	for isBareKey(p.peek()) {
		p.pos++
	}
	if p.pos == start {
		return "", p.fail("%s stands where a key should be", p.next())
	}
	return p.text[start:p.pos], nil
}

func isBareKey(c byte) bool {
	return c == '-' || c == '_' || isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
