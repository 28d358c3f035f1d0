package python

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A clause is one part of a version constraint: ">=3.9".
type clause struct {
	op      string
	version string // without a trailing ".*"
	star    bool
}

var operators = []string{"===", "==", "~=", "!=", ">=", "<=", ">", "<", "^", "~", "="}

// parseClause parses a clause in the syntax of PEP 440 or poetry. A bare version means "==".
func parseClause(text string) (clause, bool) {
	text = strings.TrimSpace(text)
	c := clause{op: "=="}
	for _, op := range operators {
		if rest, ok := strings.CutPrefix(text, op); ok {
			c.op, text = op, strings.TrimSpace(rest)
			break
		}
	}
	if c.op == "=" || c.op == "===" {
		c.op = "=="
	}
	text = strings.TrimPrefix(text, "v")
	if text, c.star = strings.CutSuffix(text, ".*"); text == "*" {
		return c, false
	}
	end := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end >= 0 {
		text = text[:end] // in 3.13.0rc1, only the release counts
	}
	c.version = strings.Trim(text, ".")
	return c, c.version != ""
}

// numbers returns the numbers of the version, without those that are left out.
func (c clause) numbers() (n []int) {
	for _, part := range strings.Split(c.version, ".") {
		i, _ := strconv.Atoi(part)
		n = append(n, i)
	}
	return n
}

// next returns the version up to the number at i, with that number increased by one.
func (c clause) next(i int) string {
	n := c.numbers()
	i = max(min(i, len(n)-1), 0)
	var parts []string
	for j := range i {
		parts = append(parts, strconv.Itoa(n[j]))
	}
	return strings.Join(append(parts, strconv.Itoa(n[i]+1)), ".")
}

// caret returns the first version that "^" excludes: with the first number that is not 0 increased by one.
func (c clause) caret() string {
	i := slices.IndexFunc(c.numbers(), func(n int) bool { return n != 0 })
	return c.next(max(i, 0))
}

// bounds returns the clause with plain comparisons, which every reader of versions supports.
func (c clause) bounds() string {
	between := func(end string) string { return ">=" + c.version + ", <" + end }
	last := len(c.numbers()) - 1
	switch {
	case c.op == "^":
		return between(c.caret())
	case c.op == "~=":
		return between(c.next(last - 1))
	case c.op == "~":
		return between(c.next(min(last, 1)))
	case c.op == "==" && (c.star || last < 2):
		return between(c.next(last))
	case c.op == "!=" && c.star:
		return "!=" + c.version + ".*" // a reader takes "!=" for the syntax of Python
	case c.op == "==":
		return "=" + c.version
	}
	return c.op + c.version
}

// constraint converts the constraint on Python in a manifest to that of a tool in a plan: "~=3.10" is
// ">=3.10, <4".
func constraint(text string) string {
	var any []string
	for _, alternative := range strings.Split(text, "||") {
		var all []string
		for _, part := range strings.Split(alternative, ",") {
			if c, ok := parseClause(part); ok {
				all = append(all, c.bounds())
			}
		}
		if len(all) > 0 {
			any = append(any, strings.Join(all, ", "))
		}
	}
	return strings.Join(any, " || ")
}

// specifier converts a constraint that may be in poetry's syntax ("^2.31") to PEP 440. It returns "" if there
// is no equivalent.
func specifier(text string) string {
	var all []string
	if strings.Contains(text, "|") {
		return ""
	}
	for _, part := range strings.Split(text, ",") {
		c, ok := parseClause(part)
		switch {
		case !ok:
		case c.op == "^":
			all = append(all, ">="+c.version+",<"+c.caret())
		case c.op == "~":
			all = append(all, ">="+c.version+",<"+c.next(min(len(c.numbers())-1, 1)))
		default:
			all = append(all, strings.TrimSpace(part))
			if part := strings.TrimSpace(part); part[0] >= '0' && part[0] <= '9' {
				all[len(all)-1] = "==" + part
			}
		}
	}
	return strings.Join(all, ",")
}

// newest and oldest are the minor versions of Python 3 with an image.
const newest, oldest = 14, 6

// later is the last minor version of Python 3 that is looked at: one that has no image yet is asked for all the same, and
// not replaced by another.
const later = 199

// image returns the image of the newest Python that all constraints accept. The newest of all is "python:3".
func image(all ...string) string {
	refuses := func(minor int) bool {
		return slices.ContainsFunc(all, func(text string) bool { return !accepts(text, minor) })
	}
	if !refuses(newest) {
		return sdk.PythonImage
	}
	for minor := newest - 1; minor >= oldest; minor-- {
		if !refuses(minor) {
			return fmt.Sprintf("python:3.%d", minor)
		}
	}
	for minor := newest + 1; minor <= later; minor++ {
		if !refuses(minor) {
			return fmt.Sprintf("python:3.%d", minor)
		}
	}
	return sdk.PythonImage
}

const uvImages = "ghcr.io/astral-sh/uv:python"

// uvImage returns the image of uv with the Python of another image.
func uvImage(python string) string {
	version := strings.TrimPrefix(python, "python:")
	if version == "3" {
		version = fmt.Sprintf("3.%d", newest)
	}
	if parts := strings.Split(version, "."); len(parts) > 2 {
		version = parts[0] + "." + parts[1]
	}
	return uvImages + version + "-bookworm"
}

// accepts reports whether a late release of Python 3.minor satisfies the constraint.
func accepts(text string, minor int) bool {
	for _, alternative := range strings.Split(constraint(text), " || ") {
		ok := true
		for _, part := range strings.Split(alternative, ", ") {
			if c, found := parseClause(part); found && !c.accepts([]int{3, minor, 99}) {
				ok = false
			}
		}
		if ok {
			return true
		}
	}
	return false
}

func (c clause) accepts(v []int) bool {
	want := c.numbers()
	if c.op == "!=" || c.op == "==" || c.op == "<=" {
		v = v[:min(len(v), len(want), 2)] // for these operators, the minor version decides
		want = want[:min(len(v), len(want))]
	}
	order := slices.Compare(v, want)
	switch c.op {
	case ">=", ">":
		return order >= 0
	case "<=":
		return order <= 0
	case "<":
		return order < 0
	case "!=":
		return order != 0 || len(c.numbers()) > 2
	}
	return order == 0
}
