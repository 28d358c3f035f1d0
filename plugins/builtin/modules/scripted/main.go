// Command scripted is the built-in plugins of scripted languages in one module; they are the larger ones, which a
// project without such code need not load. It plans for the plugin by whose name it is called.
package main

import (
	"github.com/davit-dev/davit/plugins/builtin/node"
	"github.com/davit-dev/davit/plugins/builtin/python"
	"github.com/davit-dev/davit/plugins/builtin/tasks"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() {
	sdk.MainOf(map[string]sdk.Func{"node": node.Read, "python": python.Read, "tasks": tasks.Read})
}
