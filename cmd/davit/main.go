// Command davit gives every repository the same entry points. It links no container engine, so that it starts
// fast, and replaces itself by davit-engine if one is needed.
package main

import (
	"os"

	"github.com/davit-dev/davit/cmd/internal/process"
)

func main() { os.Exit(process.Main(process.Engines{}, process.Handover)) }
