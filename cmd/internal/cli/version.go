package cli

import (
	"runtime"
	"runtime/debug"
)

// Version is set by the linker for a release: -X github.com/davit-dev/davit/cmd/internal/cli.Version=1.2.3.
var Version string

type versionCmd struct{}

// Run prints "davit 1.2.3 (linux/amd64, go1.26)"; with --json
// {"version":"1.2.3","go":"go1.26","os":"linux","arch":"amd64"}.
func (versionCmd) Run(c *call) error {
	if !c.options.JSON {
		return c.Streams.Printf("%s\n", versionLine())
	}
	return c.Streams.Encoder().Encode(map[string]string{
		"version": version(), "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH,
	})
}

// versionLine returns what davit --version prints.
func versionLine() string {
	return "davit " + version() + " (" + runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version() + ")"
}

// Release returns the version of this davit.
func Release() string { return version() }

// version returns the version that the linker or the module system has set.
func version() string {
	if Version != "" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
