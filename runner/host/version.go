package host

import (
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
)

var (
	dotted = regexp.MustCompile(`\d+(?:\.\d+)+(?:[-.]?(?:alpha|beta|rc|pre|dev|nightly|canary|snapshot|[ab])[-.]?\d*)?`)
	number = regexp.MustCompile(`\b\d+\b`)
	// early is the end of a version that was not final, in the way of each ecosystem: 1.26rc2, 3.13.0a1, 2.0.0-beta.3.
	early = regexp.MustCompile(`(?i)(\d)[-.]?(alpha|beta|rc|pre|dev|nightly|canary|snapshot|[ab])[-.]?(\d*)\b`)
)

// versionIn finds the version in what a tool answers: its first dotted number or, without one, its first number.
func versionIn(text string) string {
	if v := dotted.FindString(text); v != "" {
		return v
	}
	return number.FindString(text)
}

// normal brings a version, or those in a constraint, into the form of semantic versions: "1.26rc2" is "1.26-rc.2".
func normal(text string) string {
	return early.ReplaceAllStringFunc(text, func(v string) string {
		m := early.FindStringSubmatch(v)
		if m[3] == "" {
			return m[1] + "-" + strings.ToLower(m[2])
		}
		return m[1] + "-" + strings.ToLower(m[2]) + "." + strings.TrimLeft(m[3][:len(m[3])-1], "0") + m[3][len(m[3])-1:]
	})
}

var (
	compatible = regexp.MustCompile(`~=\s*v?(\d+(?:\.\d+)*)`)
	equals     = regexp.MustCompile(`={2,3}`)
	prefix     = regexp.MustCompile(`\b(?:go|v)(\d)`)
)

// constraint reads a constraint as npm, Cargo or Python write them. Python's "~=3.9" is "^3.9" and "~=3.9.1" is "~3.9.1".
func constraint(text string) (*semver.Constraints, error) {
	text = compatible.ReplaceAllStringFunc(text, func(c string) string {
		v := compatible.FindStringSubmatch(c)[1]
		if strings.Count(v, ".") > 1 {
			return "~" + v
		}
		return "^" + v
	})
	text = equals.ReplaceAllString(text, "=")
	return semver.NewConstraint(normal(prefix.ReplaceAllString(text, "$1")))
}

// accepts tells whether a version is one that a constraint asks for. One that was not final yet counts as the one that it became,
// so that "go1.26rc2" does for ">=1.26"; unless the constraint itself speaks of such.
func accepts(want, version string) (bool, error) {
	if want == "" {
		return true, nil
	}
	c, err := constraint(want)
	if err != nil {
		return false, err
	}
	v, err := semver.NewVersion(atMostThree(normal(version)))
	if err != nil {
		return false, err
	}
	if early.MatchString(want) {
		c.IncludePrerelease = true
		return c.Check(v), nil
	}
	final, err := v.SetPrerelease("")
	return err == nil && c.Check(&final), err
}

// atMostThree drops what stands behind the third number: 8.0.302.1 is 8.0.302.
func atMostThree(version string) string {
	numbers, rest, early := strings.Cut(version, "-")
	parts := strings.Split(numbers, ".")
	numbers = strings.Join(parts[:min(3, len(parts))], ".")
	if early {
		return numbers + "-" + rest
	}
	return numbers
}
