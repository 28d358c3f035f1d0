package proof

import "os/exec"

// stacks are the kinds of projects with steps of real tools. Whatever their tests read must not say "broken".
// They download nothing.
var stacks = []*kind{goModule, npmPackage, pythonProject, rustCrate}

// native is a step whose command is a script.
func native(script string, outputs ...string) step {
	return step{argv: []string{"sh", "-ec", script}, outputs: outputs, remade: outputs}
}

// words are what operations write; two of them break nothing.
var words = []string{"one", "two", "broken"}

// wrapper is a tool of another version, with which tests fail.
func wrapper(tool, version string) string {
	path, err := exec.LookPath(tool)
	if err != nil {
		return "" // the kinds that need it are not tried
	}
	return "#!/bin/sh\nif [ \"$*\" = --version ]; then echo " + version + "; exit; fi\n" +
		"export WANT=broken\nexec '" + path + "' \"$@\"\n"
}
