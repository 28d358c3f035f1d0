package python

import (
	"cmp"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pins"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// pin returns the version of Python that the project chooses for its developers, in the form of a plan; empty if it
// chooses none. It also returns a pin that is no version of CPython, such as "pypy3.10" or the name of an environment
// of pyenv, and so does not count.
func (pr *project) pin() (pin, unread pins.Pin) {
	pin, ok := pins.Find(pr.Project, pr.dir, []string{".python-version"}, "python")
	if !ok {
		return pr.pipfilePin(), pins.Pin{}
	}
	version := pin.Version
	for _, prefix := range []string{"cpython-", "cpython@", "cpython", "python-"} {
		version = strings.TrimPrefix(version, prefix)
	}
	if !isRelease(version) {
		return pr.pipfilePin(), pin
	}
	return pins.Pin{Version: version, File: pin.File}, pins.Pin{}
}

// pipfilePin returns the version that the Pipfile requires.
func (pr *project) pipfilePin() pins.Pin {
	requires := toml.Table(pr.pipfile, "requires")
	version := cmp.Or(toml.String(requires, "python_full_version"), toml.String(requires, "python_version"))
	if !isRelease(version) {
		return pins.Pin{}
	}
	return pins.Pin{Version: version, File: pr.at("Pipfile")}
}

// isRelease reports whether a text is a version of Python 3, whole or in part: "3.12.4", "3.12".
func isRelease(text string) bool {
	return text == "3" || strings.HasPrefix(text, "3.") && strings.Trim(text, ".0123456789") == "" &&
		!strings.HasSuffix(text, ".")
}
