package pipelines

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// maxIncluded is how deep files of pipelines include others.
const maxIncluded = 8

// included adds the commands of the files that a file of GitLab includes.
func (r *pipelineReader) included(n *yaml.Node) {
	for _, item := range append([]*yaml.Node{n}, n.Items()...) {
		for _, elsewhere := range []string{"project", "remote", "component", "template", "artifact"} {
			if of := item.Get(elsewhere).Text(); of != "" {
				r.unread("include: "+of, isElsewhere)
			}
		}
		for _, name := range append(item.Get("local").List(), item.Text()) {
			r.includedFiles(name)
		}
	}
}

// includedFiles adds the commands of the files that a name in a file of GitLab means, which may be a pattern.
func (r *pipelineReader) includedFiles(name string) {
	name = strings.TrimPrefix(name, "/")
	switch {
	case name == "":
	case strings.Contains(name, "://"):
		r.unread("include: "+name, isElsewhere)
	case strings.Contains(name, "$"):
		r.unread("include: "+name, isComputed)
	case strings.Contains(name, "*"):
		for _, found := range r.matching(name) {
			r.includedFile("include: "+name, found)
		}
	default:
		r.includedFile("include: "+name, path.Clean(name))
	}
}

// includedFile adds the commands of a file of the project that another one of a pipeline includes.
func (r *pipelineReader) includedFile(what, name string) {
	text, ok := r.files.Read(name)
	switch {
	case !ok:
		r.unread(what, isMissing)
	case len(text) >= maxPipeline:
		r.unread(what, isLarge)
	case r.nested < maxIncluded && r.once("include "+name):
		at := r.at
		r.at, r.nested = name, r.nested+1
		root := yaml.Parse(text)
		r.included(root.Get("include"))
		r.service(root, r.when, 0)
		r.at, r.nested = at, r.nested-1
	}
}

func isAzure(file string) bool { return !strings.HasPrefix(file, ".") }

// template adds the commands of a template of Azure, whose name is relative to the file that names it.
func (r *pipelineReader) template(name string) {
	name, of, other := strings.Cut(name, "@")
	switch {
	case other && of != "self":
		r.unread("template: "+name+"@"+of, isElsewhere)
	case strings.Contains(name, "$"):
		r.unread("template: "+name, isComputed)
	case strings.HasPrefix(name, "/"):
		r.includedFile("template: "+name, path.Clean(name[1:]))
	default:
		r.includedFile("template: "+name, path.Join(path.Dir(r.at), name))
	}
}

// matching returns the files that a pattern of GitLab means: "*" is any file of a folder, "**" also one below.
func (r *pipelineReader) matching(pattern string) (names []string) {
	before, after, deep := strings.Cut(pattern, "**")
	if !deep {
		before, _, _ = strings.Cut(pattern, "*")
	}
	dir := path.Dir(before + "x")
	base := path.Base("*" + after)
	for _, name := range r.filesBelow(dir, deep, 5) {
		ok, _ := path.Match(pattern, name)
		if deep {
			ok, _ = path.Match(base, path.Base(name))
		}
		if ok {
			names = append(names, name)
		}
	}
	return names
}

// filesBelow returns the files in a folder, and those in the folders below it.
func (r *pipelineReader) filesBelow(dir string, deep bool, depth int) (names []string) {
	for _, name := range r.files.List(dir) {
		full := path.Join(dir, name)
		switch {
		case !strings.HasSuffix(name, "/"):
			names = append(names, full)
		case deep && depth > 0:
			names = append(names, r.filesBelow(full, deep, depth-1)...)
		}
	}
	return names
}
