package main

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// toolchainImage is the image of the toolchain that rust-toolchain.toml or rust-toolchain pins, "" where it is any stable one.
// On the host that file is for rustup: a cargo that does not come from rustup ignores it, so it is no demand on the version.
func (r *repo) toolchainImage() string {
	for _, u := range r.units {
		for dir := u.dir; ; dir = path.Dir(dir) {
			if channel := r.channel(dir); channel != "" {
				return imageOf(channel)
			}
			if dir == "." {
				break
			}
		}
	}
	return ""
}

// channel reads the toolchain file of a folder: TOML, or in rust-toolchain the bare name.
func (r *repo) channel(dir string) string {
	for _, name := range []string{"rust-toolchain", "rust-toolchain.toml"} {
		text, ok := r.project.Read(path.Join(dir, name))
		if !ok {
			continue
		}
		if m, err := toml.Parse(text); err == nil {
			return toml.String(m, "toolchain", "channel")
		}
		if bare := strings.TrimSpace(text); !strings.Contains(bare, "\n") {
			return bare
		}
	}
	return ""
}

func imageOf(channel string) string {
	switch {
	case strings.HasPrefix(channel, "nightly"):
		return "rustlang/rust:nightly"
	case channel != "" && channel[0] >= '0' && channel[0] <= '9':
		version, _, _ := strings.Cut(channel, "-")
		return "rust:" + version
	}
	return ""
}

// editions are the oldest Rusts that know an edition.
var editions = map[string]string{"2018": "1.31", "2021": "1.56", "2024": "1.85"}
