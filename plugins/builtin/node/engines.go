package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// images are the major versions of Node that have an image, in the order in which one is taken: the first one that the
// project accepts. One image for most projects is pulled once.
var images = []int{20, 24, 22, 18, 26, 16}

// version is a version of Node.
type version [3]int

// versionRange is a range of versions as npm writes it, parsed: alternatives, each of which holds when all its parts do.
type versionRange [][]func(version) bool

// parseRange reads the simple forms: ">=18", "^20.19.0 || ^22.12.0", "18.x", ">=18 <21", "~20.1", "20". Others, "14 - 16" or
// "lts/*", are none of them.
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

// joinOperators takes out the space that people put behind an operator: ">= 18".
func joinOperators(text string) string {
	for _, op := range []string{">=", "<=", ">", "<", "=", "^", "~"} {
		for strings.Contains(text, op+" ") {
			text = strings.ReplaceAll(text, op+" ", op)
		}
	}
	return text
}

// parsePart reads one comparison, or returns nil.
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

// parseVersion reads "v20.19", "20.x" or "*" and says how many numbers it gives.
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

// after is the first version behind all those that begin with the first n numbers of v.
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

// node is the tool of the unit. npm, yarn 2 and later and pnpm only warn when engines.node does not accept the Node at hand,
// so it is a constraint only where the project makes it one.
func (u *unit) node(image string) plan.Tool {
	t := plan.Tool{Check: []string{"node", "--version"}, Image: image, Install: "install Node.js from https://nodejs.org"}
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
		u.note("engines.node is %q, of which %s only warns: any Node on this machine is accepted, and %s in containers", u.root.Engines, u.manager.Name, t.Image)
	}
	return t
}

// engineStrict tells whether an install fails for engines: yarn 1 always does, npm and pnpm where .npmrc says so.
func (u *unit) engineStrict() bool {
	rc, _ := u.project.Read(u.path(".npmrc"))
	strict := strings.Contains(strings.ReplaceAll(rc, " ", ""), "engine-strict=true")
	return u.manager.Name == "yarn" && !u.manager.Berry || strict && (u.manager.Name == "npm" || u.manager.Name == "pnpm")
}

// major chooses the version of the image: what a version file asks for, else the first that the range accepts.
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
