package docker

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// mainFolders are the usual folders of the main Dockerfile, for projects without one at the root.
var mainFolders = []string{"docker", "build", "build/package", "build/docker", "deploy", "deployment",
	"deployments", "package", "container", ".docker"}

// groupFolders are folders with a folder for each image.
var groupFolders = []string{"docker", "build", "images"}

// find returns the Dockerfiles of the project, sorted, with those at the root first.
func find(p *sdk.Project) []string {
	found := p.Find(1, isDockerfile)
	for _, dir := range mainFolders {
		found = append(found, dockerfilesIn(p, dir)...)
	}
	for _, group := range groupFolders {
		for _, dir := range p.List(group) {
			if strings.HasSuffix(dir, "/") {
				found = append(found, dockerfilesIn(p, path.Join(group, dir))...)
			}
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		if depth := strings.Count(a, "/") - strings.Count(b, "/"); depth != 0 {
			return depth
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(found)
}

// dockerfilesIn returns the Dockerfiles directly in a folder.
func dockerfilesIn(p *sdk.Project, dir string) (found []string) {
	for _, name := range p.List(dir) {
		if isDockerfile(name) {
			found = append(found, path.Join(dir, name))
		}
	}
	return found
}

// isDockerfile reports whether a file is a Dockerfile by its name, and not a template or a backup file of an
// editor.
func isDockerfile(name string) bool {
	base := path.Base(name)
	if strings.HasSuffix(name, "/") || strings.HasSuffix(base, "~") ||
		slices.Contains(notDockerfiles, path.Ext(base)) {
		return false
	}
	if base == lowerCase {
		return true
	}
	for _, kind := range kinds {
		if base == kind || strings.HasPrefix(base, kind+".") && len(base) > len(kind)+1 ||
			strings.HasSuffix(base, "."+kind) {
			return true
		}
	}
	return false
}

// kinds are the names of Dockerfiles; docker build takes lowerCase where there is no other.
var kinds = []string{"Dockerfile", "Containerfile"}

const lowerCase = "dockerfile"

var notDockerfiles = []string{
	".dockerignore", ".containerignore", ".in", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template",
	".erb", ".mustache", ".hbs", ".md", ".txt", ".bak", ".orig", ".rej", ".swp", ".sh", ".go", ".py", ".yml",
	".yaml", ".json",
}

// mainOf returns the main Dockerfile, or "".
func mainOf(found []string) string {
	dirs := append([]string{"."}, mainFolders...)
	for _, dir := range dirs {
		for _, base := range append(slices.Clone(kinds), lowerCase) {
			if name := path.Join(dir, base); slices.Contains(found, name) {
				return name
			}
		}
	}
	if len(found) == 1 && (slices.Contains(dirs, path.Dir(found[0]))) {
		return found[0]
	}
	return ""
}

// shortName returns a name for the image of a Dockerfile: "dev" for Dockerfile.dev, "api" for
// docker/api/Dockerfile.
func shortName(name string) string {
	base := path.Base(name)
	if base == lowerCase {
		base = kinds[0]
	}
	for _, kind := range kinds {
		if after, ok := strings.CutPrefix(base, kind+"."); ok {
			base = after
		} else if before, ok := strings.CutSuffix(base, "."+kind); ok {
			base = before
		} else if base == kind {
			base = ""
		}
	}
	dir := path.Dir(name)
	if slices.Contains(mainFolders, dir) && base != "" || dir == "." {
		dir = ""
	}
	return targetName(strings.Trim(path.Base("/"+dir)+"-"+base, "/-"))
}

// targetName replaces the characters that a target's name cannot have.
func targetName(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' ||
			c == '-' {
			return c
		}
		return '-'
	}, s)
}
