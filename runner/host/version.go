package host

import (
	"regexp"
	"strings"
	"sync"

	"deps.dev/util/semver"
)

// lazyRegexp returns a regular expression that is compiled when it is first used, which in most calls of
// davit is never.
func lazyRegexp(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

var (
	dotted = lazyRegexp(
		`\d+(?:\.\d+)+(?:[-.]?(?:alpha|beta|rc|pre|dev|nightly|canary|snapshot|[ab])[-.]?\d*)?`)
	number = lazyRegexp(`\b\d+\b`)
	// built is the date of a nightly build, behind its version: "1.97.0-nightly (4d1f98451 2026-05-15)".
	built = lazyRegexp(`^ \(\w+ (\d{4}-\d\d-\d\d)\)`)
	// preRelease is the end of a version that is not final, in the style of each ecosystem: 1.26rc2,
	// 3.13.0a1, 2.0.0-beta.3.
	preRelease = lazyRegexp(`(?i)(\d)[-.]?(alpha|beta|rc|pre|dev|nightly|canary|snapshot|[ab])[-.]?(\d*)\b`)
)

// versionIn returns the version in the answer of a tool: its first dotted number or, without one, its first
// number. That of a nightly build is followed by its date, since many builds have the same number.
func versionIn(text string) string {
	at := dotted().FindStringIndex(text)
	if at == nil {
		return number().FindString(text)
	}
	version := text[at[0]:at[1]]
	if date := built().FindStringSubmatch(text[at[1]:]); date != nil && strings.HasSuffix(version, "-nightly") {
		version += " " + date[1]
	}
	return version
}

// toSemver returns a version, or a constraint, in the form of semantic versions: "1.26-rc.2" for "1.26rc2".
func toSemver(text string) string {
	return preRelease().ReplaceAllStringFunc(text, func(v string) string {
		m := preRelease().FindStringSubmatch(v)
		if m[3] == "" {
			return m[1] + "-" + strings.ToLower(m[2])
		}
		return m[1] + "-" + strings.ToLower(m[2]) + "." + strings.TrimLeft(m[3][:len(m[3])-1], "0") +
			m[3][len(m[3])-1:]
	})
}

var (
	python = lazyRegexp(`[!~=]=`)
	prefix = lazyRegexp(`\b(?:go|v)(\d)`)
)

// constraint parses a constraint: in Python's syntax if it has "==", "!=" or "~=", else in that of npm and
// Cargo.
func constraint(text string) (*semver.Constraint, semver.System, error) {
	system := semver.DefaultSystem
	text = prefix().ReplaceAllString(text, "$1")
	if python().MatchString(text) {
		system = semver.PyPI
	} else {
		text = toSemver(text)
	}
	c, err := system.ParseConstraint(text)
	return c, system, err
}

// accepts reports whether a version meets a constraint. A version that is not final counts as the final one,
// so that "go1.26rc2" meets ">=1.26", unless the constraint names such versions itself.
func accepts(want, version string) (bool, error) {
	if want == "" {
		return true, nil
	}
	c, system, err := constraint(want)
	if err != nil {
		return false, err
	}
	version, _, _ = strings.Cut(version, " ") // the date of a nightly build
	version = atMostThree(toSemver(version))
	if !preRelease().MatchString(want) {
		version, _, _ = strings.Cut(version, "-")
	}
	v, err := system.Parse(version)
	if err != nil {
		return false, err
	}
	return c.MatchVersion(v), nil
}

// atMostThree drops what follows the third number: 8.0.302.1 is 8.0.302.
func atMostThree(version string) string {
	numbers, rest, early := strings.Cut(version, "-")
	parts := strings.Split(numbers, ".")
	numbers = strings.Join(parts[:min(3, len(parts))], ".")
	if early {
		return numbers + "-" + rest
	}
	return numbers
}
