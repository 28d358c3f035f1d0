package buildkit

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/davit-dev/davit/runner"
)

// latest is the tag of the last image built on this machine. It is pushed to a registry only if the user asks
// for it.
const latest = "latest"

var (
	notInName = regexp.MustCompile(`[^a-z0-9]+`)
	notInTag  = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)
)

// imageName converts the name of a project to the name of its image.
func imageName(project string) string {
	name := strings.Trim(notInName.ReplaceAllString(strings.ToLower(project), "-"), "-")
	if name == "" {
		return "image"
	}
	return name
}

// tags returns the tags of the version and of the commit, the more specific one first, or "latest" where
// neither is known. The tags of a dirty tree end in "-dirty", since it is neither the version nor the commit.
func tags(o runner.ContainerOptions) []string {
	c := o.Image.Commit
	var all []string
	for _, name := range []string{tag(c.Version), tag(c.Revision[:min(12, len(c.Revision))])} {
		name = markDirty(name, c.Dirty)
		if name != "" && (len(all) == 0 || all[0] != name) {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return []string{latest}
	}
	return all
}

// tag replaces the characters that a tag may not have: "v1.2+build" becomes "v1.2-build".
func tag(name string) string {
	name = strings.TrimLeft(notInTag.ReplaceAllString(name, "-"), "-.")
	return name[:min(100, len(name))]
}

// optionsFor returns the options for the image of one step, which may have a name of its own.
func (r *Runner) optionsFor(s runner.Step) runner.ContainerOptions {
	o := r.o
	o.Name = cmp.Or(s.Name, o.Name)
	return o
}

// localNames returns the names of an image in the store of an engine: by its version or commit, and as the
// latest.
func localNames(o runner.ContainerOptions) []string {
	name := imageName(o.Name)
	first := tags(o)[0]
	if first == latest {
		return []string{name + ":" + latest}
	}
	return []string{name + ":" + first, name + ":" + latest}
}
