package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// images are the major versions of Node with an image, in order of preference. The project gets the first one
// that it accepts, so most projects share one image.
var images = []int{20, 24, 22, 18, 26, 16}

// A version is a version of Node.
type version [3]int

// A versionRange is a parsed range of versions in npm's syntax: alternatives, each of which is a list of
// conditions.
type versionRange [][]func(version) bool

// parseRange parses the simple forms of a range: ">=18", "^20.19.0 || ^22.12.0", "18.x", ">=18 <21", "~20.1",
// "20". It returns false for others, such as "14 - 16" or "lts/*".
func parseRange(text string) (out versionRange, ok bool) {
	for _, alternative := range strings.Split(text, "||") {
		var all []func(version) bool
		for _, part := range strings.Fields(joinOperators(alternative)) {
			accept := parsePart(part)
			if accept == nil {
				return nil, false
			}
			all = append(all, accept)
		}
		if len(all) == 0 {
			return nil, false
		}
		out = append(out, all)
	}
	return out, true
}

// joinOperators removes the space after an operator: ">= 18".
func joinOperators(text string) string {
	for _, op := range []string{">=", "<=", ">", "<", "=", "^", "~"} {
		for strings.Contains(text, op+" ") {
			text = strings.ReplaceAll(text, op+" ", op)
		}
	}
	return text
}

// parsePart parses one comparison, or returns nil.
func parsePart(part string) func(version) bool {
	at := strings.IndexFunc(part, func(r rune) bool { return !strings.ContainsRune("<>=^~", r) })
	if at < 0 {
		return nil
	}
	op, v, n, ok := part[:at], version{}, 0, true
	if v, n, ok = parseVersion(part[at:]); !ok {
		return nil
	}
	switch op {
	case ">=":
		return func(got version) bool { return compare(got, v) >= 0 }
	case ">":
		return func(got version) bool { return compare(got, v.after(n)) >= 0 && compare(got, v) != 0 }
	case "<":
		return func(got version) bool { return compare(got, v) < 0 }
	case "<=":
		return func(got version) bool { return compare(got, v) == 0 || compare(got, v.after(n)) < 0 }
	case "^":
		return between(v, v.after(min(n, 1)))
	case "~":
		return between(v, v.after(min(n, 2)))
	case "", "=":
		return between(v, v.after(n))
	}
	return nil
}

func between(from, to version) func(version) bool {
	return func(got version) bool { return compare(got, from) >= 0 && compare(got, to) < 0 }
}

// parseVersion parses "v20.19", "20.x" or "*", and returns how many numbers it has.
func parseVersion(text string) (v version, n int, ok bool) {
	parts := strings.Split(strings.TrimPrefix(text, "v"), ".")
	if len(parts) > 3 {
		return v, 0, false
	}
	for i, part := range parts {
		if part == "x" || part == "X" || part == "*" {
			return v, i, true
		}
		number, err := strconv.Atoi(part)
		if err != nil || number < 0 || number > 1<<20 {
			return v, 0, false
		}
		v[i] = number
	}
	return v, len(parts), true
}

// after returns the first version that is newer than all those with the same first n numbers.
func (v version) after(n int) version {
	switch n {
	case 0:
		return version{1 << 30}
	case 1:
		return version{v[0] + 1}
	case 2:
		return version{v[0], v[1] + 1}
	}
	return version{v[0], v[1], v[2] + 1}
}

func compare(a, b version) int { return slices.Compare(a[:], b[:]) }

func (r versionRange) accepts(v version) bool {
	for _, all := range r {
		ok := true
		for _, accept := range all {
			ok = ok && accept(v)
		}
		if ok {
			return true
		}
	}
	return false
}

// node returns Node as a tool. npm, pnpm and yarn 2 or later only warn about another version than
// engines.node, so it is a constraint only if the project enforces it.
func (u *unit) node(image string) plan.Tool {
	t := plan.Tool{Check: []string{"node", "--version"}, Image: image,
		Install: "install Node.js from https://nodejs.org"}
	accepted, simple := parseRange(u.root.Engines)
	if t.Image == "" {
		t.Image = fmt.Sprintf("node:%d", u.major(accepted))
	}
	switch {
	case u.root.Engines == "":
	case !simple:
		u.note("engines.node is %q, which is not a simple range: any Node is accepted", u.root.Engines)
	case u.engineStrict():
		t.Version = u.root.Engines
	default:
		u.note("engines.node is %q, of which %s only warns: any Node on this machine is accepted, and %s in containers",
			u.root.Engines, u.manager.Name, t.Image)
	}
	return t
}

// engineStrict reports whether an install fails because of engines: always with yarn 1, and with npm and pnpm
// if .npmrc says so.
func (u *unit) engineStrict() bool {
	rc, _ := u.project.Read(u.path(".npmrc"))
	strict := strings.Contains(strings.ReplaceAll(rc, " ", ""), "engine-strict=true")
	return u.manager.Name == "yarn" && !u.manager.Berry ||
		strict && (u.manager.Name == "npm" || u.manager.Name == "pnpm")
}

// major returns the version of the image: that of a version file, else the first one that the range accepts.
func (u *unit) major(accepted versionRange) int {
	for _, name := range []string{".nvmrc", ".node-version"} {
		text, ok := u.project.Read(u.path(name))
		if v, n, valid := parseVersion(strings.TrimSpace(text)); ok && valid && n > 0 && v[0] > 0 {
			u.note("node:%d in containers, because of %s", v[0], u.path(name))
			return v[0]
		}
	}
	for _, major := range images {
		if len(accepted) == 0 || accepted.accepts(version{major, 99, 99}) {
			return major
		}
	}
	return images[0]
}
