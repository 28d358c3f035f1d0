package node

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// findMembers reads the members of the workspace, sorted. An invalid package.json of a member is an error, as
// for the package manager.
func (u *unit) findMembers() error {
	if err := u.findGlobs(); err != nil {
		return err
	}
	for _, dir := range u.memberDirs() {
		m, err := readManifest(u.project, dir)
		if err != nil {
			return err
		}
		u.members = append(u.members, m)
	}
	return nil
}

// findGlobs reads the globs of the workspace. One that stands for too much is an error.
func (u *unit) findGlobs() error {
	u.globs = u.root.Workspaces
	file := u.root.file()
	if text, ok := u.project.Read(u.path("pnpm-workspace.yaml")); ok && u.manager.Name == "pnpm" {
		u.globs, file = pnpmPackages(text), u.path("pnpm-workspace.yaml")
	}
	if fault := globsFault(u.globs); fault != "" {
		return fmt.Errorf("%s: %s", file, fault)
	}
	if fault := globsFault(u.lernaGlobs()); fault != "" {
		return fmt.Errorf("%s: %s", u.path("lerna.json"), fault)
	}
	return nil
}

// memberDirs returns the folders with a package.json that the globs of the workspace include.
func (u *unit) memberDirs() (dirs []string) {
	for _, glob := range u.globs {
		glob = cleanGlob(glob)
		if glob == "" || glob == "." || strings.HasPrefix(glob, "!") {
			continue
		}
		dirs = append(dirs, expand(u.project, u.root.Dir, strings.Split(glob, "/"))...)
	}
	slices.Sort(dirs)
	return slices.DeleteFunc(slices.Compact(dirs), func(dir string) bool {
		return u.excluded(dir) || !u.project.Exists(join(dir, "package.json"))
	})
}

// cleanGlob returns the shortest form of a glob: "packages/*" for "./packages/*/". It returns "" for a glob
// that leaves the project.
func cleanGlob(glob string) string {
	not := strings.HasPrefix(glob, "!")
	glob = path.Clean(strings.TrimPrefix(glob, "!"))
	if strings.HasPrefix(glob, "..") || strings.HasPrefix(glob, "/") || strings.Contains(glob, `\`) {
		return ""
	}
	if not {
		return "!" + glob
	}
	return glob
}

func (u *unit) excluded(dir string) bool {
	return slices.ContainsFunc(u.globs, func(glob string) bool {
		not, ok := strings.CutPrefix(cleanGlob(glob), "!")
		return ok && matchPath(strings.Split(join(u.root.Dir, not), "/"), strings.Split(dir, "/"))
	})
}

// expand returns the folders that a glob matches, sorted. "**" matches at most four folders.
func expand(p *sdk.Project, dir string, parts []string) []string {
	dirs := []string{dir}
	for _, part := range parts {
		var next []string
		for _, dir := range dirs {
			next = append(next, foldersLike(p, dir, part)...)
		}
		slices.Sort(next)
		dirs = slices.Compact(next)
	}
	return dirs
}

// foldersLike returns the folders that one part of a glob matches.
func foldersLike(p *sdk.Project, dir, part string) (out []string) {
	switch {
	case part == "**":
		return expandDeep(p, dir, 4)
	case !strings.ContainsAny(part, "*?[{"):
		return []string{path.Join(dir, part)}
	}
	for _, name := range folders(p, dir) {
		if matchPart(part, name) {
			out = append(out, path.Join(dir, name))
		}
	}
	return out
}

func expandDeep(p *sdk.Project, dir string, depth int) []string {
	out := []string{dir}
	if depth == 0 {
		return out
	}
	for _, name := range folders(p, dir) {
		out = append(out, expandDeep(p, path.Join(dir, name), depth-1)...)
	}
	return out
}

// folders returns the folders in which a package of the workspace may be.
func folders(p *sdk.Project, dir string) (out []string) {
	for _, name := range p.List(dir) {
		if name, ok := strings.CutSuffix(name, "/"); ok && name != "node_modules" &&
			!strings.HasPrefix(name, ".") {
			out = append(out, name)
		}
	}
	return out
}

// pnpmPackages returns the list "packages" of a pnpm-workspace.yaml: one item per line, or all in brackets.
func pnpmPackages(text string) (globs []string) {
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(before(line, " #"), " \t\r\n")
		item, isItem := strings.CutPrefix(strings.TrimSpace(line), "- ")
		switch {
		case strings.HasPrefix(line, "packages:"):
			inside = true
			for _, item := range strings.Split(strings.Trim(strings.TrimSpace(line[len("packages:"):]), "[]"),
				",") {
				globs = appendGlob(globs, item)
			}
		case inside && isItem:
			globs = appendGlob(globs, item)
		case line != "" && !strings.HasPrefix(strings.TrimSpace(line), "#"):
			inside = false
		}
	}
	return globs
}

func appendGlob(globs []string, item string) []string {
	if item = strings.Trim(strings.TrimSpace(item), `'"`); item == "" {
		return globs
	}
	return append(globs, item)
}

// lernaPackages returns the list "packages" of a lerna.json.
func lernaPackages(text string) []string {
	var l struct {
		Packages []string `json:"packages"`
	}
	if json.Unmarshal([]byte(text), &l) != nil || len(l.Packages) == 0 {
		return []string{"packages/*"}
	}
	return l.Packages
}
