// Command small is the built-in plugins of small stacks in one module, which a project of Go, Rust, Node or Python alone
// need not load. It plans for the plugin by whose name it is called.
package main

import (
	"github.com/davit-dev/davit/plugins/builtin/maven"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() {
	sdk.MainOf(map[string]sdk.Func{"maven": maven.Read})
}
