package plugindev

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
)

// A language is one that davit builds plugins from.
type language struct {
	name string
	// sign is a pattern of files; sources that have one are in the language.
	sign string
	// prepare returns the command that installs the compiler in a folder, or nil if it is there; it may be nil itself.
	prepare func(dir string) []string
	// argv returns the command that compiles the sources in a folder to a file.
	argv func(dir, out string) ([]string, error)
	// env are the variables of that command besides those of the caller.
	env []string
	// made returns the module, if the command does not choose by itself where it is.
	made func(dir string) (string, error)
	// install is the hint if the compiler is absent.
	install string
}

// languages are looked for in this order.
var languages = []*language{
	{name: "Go", sign: "go.mod", env: []string{"GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=-mod=mod"},
		argv: func(_, out string) ([]string, error) {
			return []string{"go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", out, "."}, nil
		}, install: "https://go.dev/doc/install"},
	{name: "Rust", sign: "Cargo.toml", made: rustModule,
		argv: func(_, _ string) ([]string, error) {
			return []string{"cargo", "build", "--release", "--target", "wasm32-wasip1", "--config", withoutHome()}, nil
		}, install: "https://rustup.rs, then: rustup target add wasm32-wasip1"},
	{name: "AssemblyScript", sign: "asconfig.json", prepare: installPackages,
		argv: func(_, out string) ([]string, error) {
			return []string{"node", assemblyScript, "--config", "asconfig.json", "-o", out}, nil
		}, install: "https://nodejs.org"},
	{name: "C", sign: "*.c",
		argv: func(dir, out string) ([]string, error) {
			sources, err := filepath.Glob(filepath.Join(dir, "*.c"))
			slices.Sort(sources)
			for i, s := range sources {
				sources[i] = filepath.Base(s) // the module does not depend on where the folder is
			}
			return append([]string{"clang", "--target=wasm32-wasi", "-O2", "-Wl,--strip-all", "-o", out}, sources...), err
		}, install: "apt-get install clang lld wasi-libc libclang-rt-dev-wasm32, or their like of another system"},
}

// languageOf returns the language of the sources in a folder.
func languageOf(dir string) (*language, error) {
	var signs []string
	for _, l := range languages {
		if found, _ := filepath.Glob(filepath.Join(dir, l.sign)); len(found) > 0 {
			return l, nil
		}
		signs = append(signs, l.sign)
	}
	return nil, fault.Preconditionf("davit plugin pack takes a module that was built otherwise",
		"%q has no %s, so that it is not known how to build it", dir, text.Or(signs))
}

// withoutHome returns the setting of cargo by which a module does not depend on where crates are on this machine. Flags of
// the caller's, RUSTFLAGS, replace it.
func withoutHome() string {
	home := os.Getenv("CARGO_HOME")
	if user, err := os.UserHomeDir(); home == "" && err == nil {
		home = filepath.Join(user, ".cargo")
	}
	return fmt.Sprintf("target.wasm32-wasip1.rustflags=[%q]", "--remap-path-prefix="+home+"=/cargo")
}

// assemblyScript is the compiler of AssemblyScript in the folder of a plugin.
const assemblyScript = "node_modules/assemblyscript/bin/asc.js"

// installPackages returns the command by which npm installs the packages of a plugin, unless they are there.
func installPackages(dir string) []string {
	if _, err := os.Stat(filepath.Join(dir, assemblyScript)); err == nil {
		return nil
	}
	command := "install"
	if _, err := os.Stat(filepath.Join(dir, "package-lock.json")); err == nil {
		command = "ci"
	}
	return []string{"npm", command, "--no-audit", "--no-fund"}
}

// rustModule returns the module that cargo has made.
func rustModule(dir string) (string, error) {
	target := os.Getenv("CARGO_TARGET_DIR")
	if target == "" {
		target = filepath.Join(dir, "target")
	}
	found, err := filepath.Glob(filepath.Join(target, "wasm32-wasip1", "release", "*.wasm"))
	if err != nil || len(found) != 1 {
		return "", fault.Preconditionf("a plugin is a package with one program", "cargo made %d modules, wanted one", len(found))
	}
	return found[0], nil
}
