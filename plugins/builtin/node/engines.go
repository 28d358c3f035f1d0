package node

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pins"
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

// node returns Node as a tool. npm, pnpm and yarn 2 or later only warn about another version than engines.node, so
// it is a constraint only if the project enforces it, and else a pin.
func (u *unit) node(image string) plan.Tool {
	t := plan.Tool{Check: []string{"node", "--version"}, Runtime: plan.RuntimeNode,
		Install: "install Node.js from https://nodejs.org"}
	_, simple := parseRange(u.root.Engines)
	if u.root.Engines != "" && !simple {
		u.note("engines.node is %q, which is not a simple range: any Node is accepted", u.root.Engines)
	}
	if simple && u.engineStrict() {
		t.Version = u.root.Engines
	}
	pin, unread := u.pin()
	if unread.Version != "" {
		u.note("%s says %q, which is no version that can be compared: any Node is accepted", unread.File, unread.Version)
	}
	t.Pin, t.PinnedBy = pin.Version, pin.File
	t.Version = u.managerNeeds(t.Version, pin)
	if t.Image = image; image == "" {
		t.Image = u.nodeImage(pin, t.Version)
	}
	if pin.Version != "" {
		u.note("Node %s, because %s asks for it; %s in containers", pin.Version, pin.File, t.Image)
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

// managerNeeds returns a constraint on Node with what the package manager itself needs. A pin that contradicts that
// wins: then the manager says so.
func (u *unit) managerNeeds(version string, pin pins.Pin) string {
	needs := u.manager.needs()
	if needs == "" {
		return version
	}
	accepted, _ := parseRange(needs)
	if v, n, ok := parseVersion(pin.Version); ok && n > 0 && !accepted.accepts(v.latest(n)) {
		u.note("%s needs Node %s, and %s asks for %s", u.manager, needs, pin.File, pin.Version)
		return version
	}
	u.note("Node %s, because %s needs it", needs, u.manager)
	if version == "" {
		return needs
	}
	var all []string
	for alternative := range strings.SplitSeq(version, "||") {
		all = append(all, strings.TrimSpace(alternative)+" "+needs)
	}
	return strings.Join(all, " || ")
}

// latest returns a late version among those with the same first n numbers.
func (v version) latest(n int) version {
	for i := n; i < len(v); i++ {
		v[i] = 99
	}
	return v
}

// needs returns the versions of Node that the manager runs on, as its package declares them; empty for any.
func (g manager) needs() string {
	major := before(g.Version, ".")
	switch {
	case g.Name == "pnpm":
		return map[string]string{"8": ">=16.14", "9": ">=18.12", "10": ">=18.12", "11": ">=22.13"}[major]
	case g.Berry && major == "4":
		return ">=18.12"
	}
	return ""
}

// nodeImage returns the image of the pinned version or, if that is a range or there is none, of the first version
// that is accepted.
func (u *unit) nodeImage(pin pins.Pin, constraint string) string {
	if _, n, ok := parseVersion(pin.Version); ok && n > 0 && !strings.ContainsAny(pin.Version, "xX*") {
		return "node:" + pin.Version
	}
	asked, _ := parseRange(pin.Version)
	needed, _ := parseRange(constraint)
	for _, major := range slices.Concat(images, others()) {
		late := version{major, 99, 99}
		if (len(asked) == 0 || asked.accepts(late)) && (len(needed) == 0 || needed.accepts(late)) {
			return fmt.Sprintf("node:%d", major)
		}
	}
	return sdk.NodeImage
}

// others returns the majors besides the usual ones: the later ones first, then the earlier ones, down. One of them is
// asked for rather than a version that the project excludes.
func others() (all []int) {
	for major := slices.Max(images) + 1; major < 200; major++ {
		all = append(all, major)
	}
	for major := slices.Max(images) - 1; major > 0; major-- {
		all = append(all, major)
	}
	return all
}
