// Command davit gives every repository the same entry points. It starts fast and links no container engine: where one is needed
// it becomes davit-engine.
package main

import (
	"os"

	"github.com/davit-dev/davit/cmd/internal/process"
)

func main() { os.Exit(process.Main(process.Engines{}, process.Handover)) }
