package llb

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/moby/buildkit/client/llb"

	"github.com/davit-dev/davit/runner"
)

// Files returns the local source with files of the project.
func (g *Graph) Files(s Source) llb.State {
	return llb.Local(s.Name, llb.SharedKeyHint(g.options.Project), llb.LocalUniqueID(s.Content),
		llb.WithCustomName("files of the project"))
}

// folderBefore returns /src before a step.
func (g *Graph) folderBefore(n *Node) llb.State {
	work, covered := llb.Scratch(), []*Node{}
	if len(n.needs) > 0 {
		first := n.needs[0]
		work, covered = first.After, append(covered, first)
		covered = append(covered, first.needs...)
	}
	if !slices.ContainsFunc(covered, func(c *Node) bool { return c.Source == n.Source }) {
		work = work.File(llb.Copy(g.Files(n.Source), "/", "/", copyContents()),
			llb.WithCustomName("["+n.Step.ID+"] sources"))
	}
	for _, need := range n.needs {
		if !slices.Contains(covered, need) {
			work = Overlay(work, need, "["+n.Step.ID+"] outputs of "+need.Step.ID)
		}
	}
	return work
}

// Overlay copies the outputs of a step onto a folder or, where they are not known, everything that it left.
func Overlay(work llb.State, n *Node, name string) llb.State {
	outputs := Outputs(n.Step)
	if len(outputs) == 0 && n.Step.Effect == runner.Reads {
		return work
	}
	if len(outputs) == 0 {
		return work.File(llb.Copy(n.After, "/", "/", copyContents()), llb.WithCustomName(name))
	}
	var all *llb.FileAction
	for _, output := range outputs {
		all = appendCopy(all, n.After, output)
	}
	return work.File(all, llb.WithCustomName(name))
}

// Outputs returns the paths that a step leaves for others, without a slash at the end.
func Outputs(s runner.Step) (paths []string) {
	for _, output := range s.Plan.Outputs {
		if output = strings.TrimSuffix(output, "/"); output != "" &&
			!slices.ContainsFunc(paths, func(p string) bool { return within(output, p) }) {
			paths = append(paths, output)
		}
	}
	return paths
}

// within reports whether a path is another one or below it.
func within(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }

// appendCopy adds the copy of a path to an action. A missing path is no error here; package buildkit warns of
// it.
func appendCopy(all *llb.FileAction, from llb.State, name string) *llb.FileAction {
	info := copyContents()
	info.AllowWildcard, info.AllowEmptyWildcard = true, true
	src, dest := "/"+globFor(name), "/"+name
	if all == nil {
		return llb.Copy(from, src, dest, info)
	}
	return all.Copy(from, src, dest, info)
}

func copyContents() *llb.CopyInfo {
	return &llb.CopyInfo{CopyDirContentsOnly: true, CreateDestPath: true}
}

// globFor returns a wildcard that matches one name only. For a plain name BuildKit requires that the file
// exists.
func globFor(name string) string {
	dir, base := path.Split(name)
	first, rest := base[:1], base[1:]
	if !strings.ContainsAny(first, `*?[]^-!\`) && first[0] < utf8.RuneSelf {
		return escape(dir) + "[" + first + "]" + escape(rest)
	}
	return escape(name)
}

// escape escapes the characters of a name that have a meaning in a wildcard.
func escape(name string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(name)
}
