package proof

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"strings"
)

// A kind is a kind of project: its files, its steps, and the operations that are tried on it.
type kind struct {
	name       string
	repository string                   // the folder of the world that is a git repository; "" is none
	configs    map[string]string        // texts of project.toml, by name; it begins as "default"
	more       snapshot                 // the files of the world besides common
	targets    []string                 // what davit is asked for
	steps      []step                   // what these run, in their order
	chained    bool                     // whether each step needs the one before it
	plugin     bool                     // whether a plugin provides them
	refuses    bool                     // whether davit may refuse to run them, with exit code 2
	commits    bool                     // whether the steps ask git for the commit
	real       bool                     // whether the steps run real tools, which leave more than the outputs
	needs      string                   // the tool that must be there
	program    string                   // an output that can be run
	env        func() map[string]string // variables of the caller that no operation changes
	first      []op                     // operations before the first run
	operation  func(*rand.Rand) op
}

// A step is what a target runs.
type step struct {
	argv    []string
	outputs []string // in the project
	remade  []string // what of them is not there in a clean clone
	reads   bool     // its effect is "reads": it fails if it changes a file that git tracks
}

func (k *kind) files() snapshot {
	all := snapshot{}
	if !k.real {
		maps.Copy(all, common)
	}
	maps.Copy(all, k.more)
	if text, there := k.configs["default"]; there {
		all["project/project.toml"] = file(text)
	}
	return all
}

func file(text string) node    { return node{0o644, text} }
func program(text string) node { return node{0o755, text} }
func linkTo(path string) node  { return node{fs.ModeSymlink, path} }

// target returns a table of project.toml.
func target(name string, lines ...string) string {
	return "[targets." + name + "]\n" + strings.Join(lines, "\n") + "\n"
}
