package main

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// toolchainImage returns the image of the toolchain that rust-toolchain.toml or rust-toolchain pins, or ""
// for any stable one. It is no constraint on the host: only rustup reads that file.
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

// channel returns the channel of a folder's toolchain file, which is TOML or, in rust-toolchain, only the
// channel.
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

// editions maps each edition to the oldest Rust that supports it.
var editions = map[string]string{"2018": "1.31", "2021": "1.56", "2024": "1.85"}
