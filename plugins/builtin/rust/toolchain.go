package rust

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pins"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A toolchain is what rust-toolchain.toml or rust-toolchain chooses, or a file of another version manager.
type toolchain struct {
	pins.Pin
	components []string
}

// rustupFiles are the files that rustup reads, in its order of preference.
var rustupFiles = []string{"rust-toolchain", "rust-toolchain.toml"}

// toolchain returns the toolchain that all units pin; empty if they pin none, or not the same.
func (r *repo) toolchain() toolchain {
	if r.chosen == nil {
		chosen := r.chooseToolchain()
		r.chosen = &chosen
	}
	return *r.chosen
}

func (r *repo) chooseToolchain() (found toolchain) {
	for i, u := range r.units {
		t := r.toolchainOf(u.dir)
		if i > 0 && t.Version != found.Version {
			r.decisions.Add("the folders pin different versions of Rust: rustup chooses in each of them")
			return toolchain{}
		}
		found = t
	}
	if found.Version != "" {
		r.decisions.Add("Rust %s, because %s asks for it", found.Version, found.File)
	}
	return found
}

// toolchainOf returns the toolchain of a folder.
func (r *repo) toolchainOf(unit string) toolchain {
	for dir := unit; ; dir = path.Dir(dir) {
		if t := r.readToolchain(dir); t.Version != "" {
			t.Version = channel(t.Version)
			return t
		}
		if dir == "." {
			break
		}
	}
	pin, _ := pins.Find(r.project, unit, nil, "rust")
	pin.Version = channel(pin.Version)
	return toolchain{Pin: pin}
}

// officialChannel matches a channel of Rust's own at the beginning of the name of a toolchain, which may have a target
// behind it. Any other toolchain is one of the user's, which only rustup knows.
var officialChannel = sdk.LazyRegexp(`^(?:\d+(?:\.\d+)*|stable|beta|nightly)(?:-\d{4}-\d\d-\d\d)?(?:$|-)`)

func channel(toolchain string) string {
	return strings.TrimSuffix(officialChannel().FindString(toolchain), "-")
}

// readToolchain reads the toolchain file in a folder, which is TOML or, in rust-toolchain, only the channel.
func (r *repo) readToolchain(dir string) toolchain {
	for _, name := range rustupFiles {
		file := path.Join(dir, name)
		text, ok := r.project.Read(file)
		if !ok {
			continue
		}
		if m, err := toml.Parse(text); err == nil {
			return toolchain{pins.Pin{Version: toml.String(m, "toolchain", "channel"), File: file},
				toml.Strings(m, "toolchain", "components")}
		}
		if bare := strings.TrimSpace(text); !strings.Contains(bare, "\n") {
			return toolchain{Pin: pins.Pin{Version: bare, File: file}}
		}
	}
	return toolchain{}
}

// install returns the command that installs the toolchain with its components.
func (t toolchain) install() string {
	words := []string{"rustup", "toolchain", "install", t.Version}
	if len(t.components) > 0 {
		words = append(words, "--component", strings.Join(t.components, ","))
	}
	return sdk.Quote(words...)
}

// pinTool returns a tool of Rust with the toolchain that the project pins. On the host, cargo itself refuses another
// only where it is rustup's.
func (r *repo) pinTool(t plan.Tool) plan.Tool {
	t.Runtime = plan.RuntimeRust
	if chosen := r.toolchain(); chosen.Version != "" {
		t.Pin, t.PinnedBy = chosen.Version, chosen.File
	}
	return t
}

// toolchainImage returns the image of the pinned toolchain, or "" for that of the newest stable one. Its rustup gets
// any other toolchain that the project pins: no image has the nightly build of a certain day.
func (r *repo) toolchainImage() string {
	t := r.toolchain()
	switch {
	case t.Version == "nightly":
		return "rustlang/rust:nightly"
	case t.Version != "" && t.Version[0] >= '0' && t.Version[0] <= '9':
		return "rust:" + t.Version
	case t.Version != "" && t.Version != "stable":
		r.decisions.Add("no image has Rust %s: in containers, rustup downloads it; on this machine: %s", t.Version,
			t.install())
	}
	return ""
}

// editions maps each edition to the oldest Rust that supports it.
var editions = map[string]string{"2018": "1.31", "2021": "1.56", "2024": "1.85"}
