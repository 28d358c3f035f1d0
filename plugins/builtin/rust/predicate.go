package rust

import (
	"slices"
	"strings"
)

// A verdict says whether a condition of cfg holds. Of the conditions, a plugin knows features only.
type verdict int

const (
	unknown   verdict = iota
	holds             // "test"
	off               // a feature decides that it does not hold
	elsewhere         // it does not hold on Linux, or in a usual build
)

// A predicate is the condition of an attribute: all(test, feature = "x").
type predicate struct {
	op       string // "all", "any", "not", "feature" or another name
	value    string // "x"
	operands []predicate
}

// parsePredicate parses the text of a condition, as it stands between the parentheses of cfg.
func parsePredicate(text string) predicate {
	text = strings.TrimSpace(text)
	name, rest, group := strings.Cut(text, "(")
	if eq, value, ok := strings.Cut(text, "="); ok && (!group || len(eq) < len(name)) {
		return predicate{op: strings.TrimSpace(eq), value: strings.Trim(strings.TrimSpace(value), `"`)}
	}
	p := predicate{op: strings.TrimSpace(name)}
	if !group {
		return p
	}
	for _, operand := range operands(strings.TrimSuffix(strings.TrimSpace(rest), ")")) {
		if len(p.operands) < maxOperands && len(operand) < len(text) {
			p.operands = append(p.operands, parsePredicate(operand))
		}
	}
	return p
}

// maxOperands is how many operands of one condition are read.
const maxOperands = 32

// operands splits a list at the commas that are not in parentheses.
func operands(text string) (all []string) {
	depth, start := 0, 0
	for i, c := range text {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, text[start:i])
			start = i + 1
		}
	}
	if last := strings.TrimSpace(text[start:]); last != "" {
		all = append(all, last)
	}
	return all
}

// rare are names that hold in builds of a certain kind only.
var rare = []string{"windows", "miri", "loom", "fuzzing", "doc", "docsrs", "kani"}

// eval returns the verdict on a condition in a test with these features.
func (p predicate) eval(on map[string]bool) verdict {
	switch {
	case p.op == "feature" && on[p.value]:
		return holds
	case p.op == "feature":
		return off
	case p.op == "test" || p.op == "unix":
		return holds
	case slices.Contains(rare, p.op), p.op == "target_os" && p.value != "linux", p.op == "target_family" && p.value != "unix",
		p.op == "target_arch" && strings.HasPrefix(p.value, "wasm"):
		return elsewhere
	case p.op == "not" && len(p.operands) == 1:
		return p.operands[0].eval(on).negated()
	case p.op == "all":
		return p.strongest(on, elsewhere, off, unknown, holds)
	case p.op == "any":
		return p.strongest(on, holds, unknown, off, elsewhere)
	}
	return unknown
}

func (v verdict) negated() verdict {
	switch v {
	case holds:
		return off
	case unknown:
		return unknown
	}
	return holds
}

// strongest returns the first of the verdicts that an operand has, or the last.
func (p predicate) strongest(on map[string]bool, order ...verdict) verdict {
	for _, v := range order {
		if slices.ContainsFunc(p.operands, func(o predicate) bool { return o.eval(on) == v }) {
			return v
		}
	}
	return order[len(order)-1]
}

// wanted returns the features that a condition names and that are off.
func (p predicate) wanted(on map[string]bool) (names []string) {
	if p.op == "not" {
		return nil
	}
	if p.op == "feature" && !on[p.value] {
		names = append(names, p.value)
	}
	for _, o := range p.operands {
		names = append(names, o.wanted(on)...)
	}
	return names
}
