// Command compiled is the built-in plugins of compiled languages, and those that any project may need, in one module:
// what they share, Go's own runtime before all, is there once. It plans for the plugin by whose name it is called.
package main

import (
	"github.com/davit-dev/davit/plugins/builtin/docker"
	golang "github.com/davit-dev/davit/plugins/builtin/go"
	"github.com/davit-dev/davit/plugins/builtin/make"
	"github.com/davit-dev/davit/plugins/builtin/rust"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() {
	sdk.MainOf(map[string]sdk.Func{"docker": docker.Read, "go": golang.Read, "make": make.Read, "rust": rust.Read})
}
