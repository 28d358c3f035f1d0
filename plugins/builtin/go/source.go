package golang

import (
	"go/build/constraint"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A header is the part of a Go file up to its package clause.
type header struct {
	pkg         string
	constraints []constraint.Expr // all must hold
}

// The beginning of a file is read in growing pieces, because a plan depends on every byte that was read.
const (
	firstHead = 256
	lastHead  = 64 << 10
)

func readHeader(p *sdk.Project, file string, plusBuild bool) header {
	for n := firstHead; ; n *= 4 {
		text := p.Head(file, n)
		if h, complete := parseHeader(text, plusBuild); complete || len(text) < n || n >= lastHead {
			return h
		}
	}
}

// parseHeader parses comments up to the package clause. It reports whether the text has the whole clause.
func parseHeader(text string, plusBuild bool) (h header, complete bool) {
	text = strings.TrimPrefix(text, "\ufeff")
	for {
		text = strings.TrimLeft(text, " \t\r\n;")
		switch {
		case strings.HasPrefix(text, "//"):
			line, rest, ended := strings.Cut(text, "\n")
			if !ended {
				return h, false
			}
			h.addConstraint(strings.TrimSpace(line), plusBuild)
			text = rest
		case strings.HasPrefix(text, "/*"):
			_, rest, ended := strings.Cut(text, "*/")
			if !ended {
				return h, false
			}
			text = rest
		default:
			return h, h.parseClause(text)
		}
	}
}

// addConstraint adds the build constraint in a line comment, if there is one. "// +build" lines count only in
// old modules.
func (h *header) addConstraint(line string, plusBuild bool) {
	if constraint.IsGoBuild(line) || plusBuild && constraint.IsPlusBuild(line) {
		if x, err := constraint.Parse(line); err == nil {
			h.constraints = append(h.constraints, x)
		}
	}
}

// parseClause parses "package NAME". It reports whether the text has more than a part of it.
func (h *header) parseClause(text string) bool {
	const keyword = "package"
	if len(text) <= len(keyword) {
		return !strings.HasPrefix(keyword, text)
	}
	rest, ok := strings.CutPrefix(text, keyword)
	rest = strings.TrimLeft(rest, " \t")
	end := strings.IndexFunc(rest, func(c rune) bool { return strings.ContainsRune(" \t\r\n;/", c) })
	if !ok {
		return true
	}
	if end < 0 {
		h.pkg = rest
		return false
	}
	h.pkg = rest[:end]
	return true
}

// matches reports whether the file is part of a build with these tags on Linux.
func (h header) matches(tags ...string) bool {
	for _, x := range h.constraints {
		if !x.Eval(func(tag string) bool { return tagHolds(tag) || slices.Contains(tags, tag) }) {
			return false
		}
	}
	return true
}

func tagHolds(tag string) bool {
	if v, ok := strings.CutPrefix(tag, "go1."); ok {
		return sdk.CompareVersions("1."+v, sdk.NewestGo) <= 0
	}
	return slices.Contains([]string{"linux", "unix", "amd64", "gc", "cgo"}, tag)
}

var (
	systems = strings.Fields(
		`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris
		wasip1 windows zos`)
	machines = strings.Fields(
		`386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x sparc64
		wasm`)
)

// builtOnLinux reports whether Go builds a file with that name on Linux: not "x_windows.go", but
// "windows.go".
func builtOnLinux(name string) bool {
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
		return false
	}
	parts := strings.Split(strings.TrimSuffix(strings.TrimSuffix(name, ".go"), "_test"), "_")
	last := len(parts) - 1
	if last > 0 && slices.Contains(machines, parts[last]) {
		if parts[last] != "amd64" {
			return false
		}
		last--
	}
	return last <= 0 || !slices.Contains(systems, parts[last]) || parts[last] == "linux"
}
