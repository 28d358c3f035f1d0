package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// Version is set by the linker for a release: -X github.com/davit-dev/davit/cmd/internal/cli.Version=1.2.3.
var Version string

type versionCmd struct{}

// Run prints "davit 1.2.3 (linux/amd64, go1.26)"; with --json
// {"version":1,"davit":"1.2.3","commit":"4be1…","go":"go1.26","os":"linux","arch":"amd64"}. The commit is there only if
// the module system or git has said it.
func (versionCmd) Run(c *call) error {
	if !c.options.JSON {
		return c.Streams.Printf("%s\n", versionLine())
	}
	return c.Streams.Encoder().Encode(versionJSON{
		version(), commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH,
	})
}

type versionJSON struct {
	Davit  string `json:"davit"`
	Commit string `json:"commit,omitempty"`
	Go     string `json:"go"`
	OS     string `json:"os"`
	Arch   string `json:"arch"`
}

// versionLine returns what davit --version prints.
func versionLine() string {
	return "davit " + version() + " (" + runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version() + ")"
}

// Release returns the version of this davit.
func Release() string { return version() }

// version returns the version that the linker or the module system has set.
func version() string {
	return cmp.Or(Version, ModuleVersion(), "devel")
}

// ModuleVersion returns the version of the module that go install built davit from, or "" if it was built otherwise.
func ModuleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || Version != "" || info.Main.Version == "(devel)" {
		return ""
	}
	return info.Main.Version
}

// commit returns the commit that davit was built from, or "" if it is not known.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value
		}
	}
	return ""
}
