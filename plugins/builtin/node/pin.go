package node

import (
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pins"
)

// codenames are the major versions of Node with long-term support, by the names that nvm has for them.
var codenames = map[string]string{
	"argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14", "gallium": "16",
	"hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
}

// pin returns the version of Node that the project chooses, as a plan has it; empty if it chooses none. Those that
// are meant for development come before engines, which are for the users of a package too. It also returns a pin that
// is no version, and so does not count.
func (u *unit) pin() (pin, unread pins.Pin) {
	pin, ok := pins.Pin{Version: u.root.Volta, File: u.root.file()}, u.root.Volta != ""
	if !ok {
		pin, ok = pins.Find(u.project, u.root.Dir, []string{".nvmrc", ".node-version"}, "node", "nodejs")
	}
	if !ok {
		return u.enginesPin(), pins.Pin{}
	}
	if version := pinnedVersion(pin.Version); version != "" {
		return pins.Pin{Version: version, File: pin.File}, pins.Pin{}
	}
	return u.enginesPin(), pin
}

// enginesPin returns the range of devEngines or engines, if it is a simple one.
func (u *unit) enginesPin() pins.Pin {
	for _, version := range []string{u.root.DevNode, u.root.Engines} {
		if _, ok := parseRange(version); ok {
			return pins.Pin{Version: version, File: u.root.file()}
		}
	}
	return pins.Pin{}
}

// pinnedVersion returns a version as a plan has it: "22.13.0" for "v22.13.0", "22" for "lts/jod", and "" for a name
// that stands for another version each year.
func pinnedVersion(text string) string {
	text = strings.TrimPrefix(strings.ToLower(text), "v")
	if name, ok := strings.CutPrefix(text, "lts/"); ok {
		return codenames[name]
	}
	if _, ok := parseRange(text); ok && text != "*" {
		return text
	}
	return ""
}
