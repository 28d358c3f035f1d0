package host

import (
	"cmp"
	"strconv"
	"strings"
)

// A fit says how well a version of a runtime meets the pin of the project. A lower one is better.
type fit int

const (
	fits      fit = iota // the version that is pinned
	samePatch            // another patch of it
	otherVersion
	otherChannel // a nightly build in place of a release, or the other way round
	unusable     // it does not answer, or the plan does not accept it
)

// fitOf returns how well a version meets a pin. The name is that of its folder, empty for a program of PATH; only it
// says of which day a nightly build of Rust is.
func fitOf(pin, version, name string) fit {
	channel, _, dated := strings.Cut(pin, "-")
	switch {
	case pin == "" || pin == name:
		return fits
	case channel == "nightly" || channel == "beta" || channel == "stable":
		switch {
		case channelOf(version) != channel:
			return otherChannel
		case dated:
			return otherVersion
		}
		return fits
	case isEarly(version) && !isEarly(pin):
		return otherChannel
	}
	if ok, err := accepts(pin, version); ok || err != nil {
		return fits // a pin that cannot be read excludes nothing
	}
	if numbers := strings.Split(pin, "."); len(numbers) == 3 && isNumber(pin) &&
		strings.HasPrefix(version+".", numbers[0]+"."+numbers[1]+".") {
		return samePatch
	}
	return otherVersion
}

// channelOf returns the channel of a version of Rust.
func channelOf(version string) string {
	for _, channel := range []string{"nightly", "beta"} {
		if strings.Contains(version, "-"+channel) {
			return channel
		}
	}
	return "stable"
}

// isEarly reports whether a version is a build before a release, such as a nightly.
func isEarly(version string) bool { return strings.Contains(version, "-") }

// isNumber reports whether a pin has numbers and dots only.
func isNumber(pin string) bool { return pin != "" && strings.Trim(pin, ".0123456789") == "" }

// isWhole reports whether a name has all three numbers of a version.
func isWhole(name string) bool { return isNumber(name) && strings.Count(name, ".") == 2 }

// compareVersions compares versions by their numbers. A missing number is greater than any: "3.12" may be the newest
// of its patches, and a channel the newest of all.
func compareVersions(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if order := cmp.Compare(numberAt(as, i), numberAt(bs, i)); order != 0 {
			return order
		}
	}
	return 0
}

func numberAt(parts []string, i int) int {
	if i < len(parts) {
		if n, err := strconv.Atoi(parts[i]); err == nil {
			return n
		}
	}
	return 1 << 30
}
