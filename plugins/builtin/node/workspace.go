package node

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// findMembers reads the members of the workspace, sorted. An invalid package.json of a member is an error, as
// for the package manager.
func (u *unit) findMembers() error {
	u.globs = u.root.Workspaces
	if text, ok := u.project.Read(u.path("pnpm-workspace.yaml")); ok && u.manager.Name == "pnpm" {
		u.globs = pnpmPackages(text)
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

// memberDirs returns the folders with a package.json that the globs of the workspace include.
func (u *unit) memberDirs() (dirs []string) {
	for _, glob := range u.globs {
		glob = cleanGlob(glob)
		if glob == "" || glob == "." || strings.HasPrefix(glob, "!") {
			continue
		}
		for _, dir := range expand(u.project, u.root.Dir, strings.Split(glob, "/")) {
			if !slices.Contains(dirs, dir) && !u.excluded(dir) &&
				u.project.Exists(join(dir, "package.json")) {
				dirs = append(dirs, dir)
			}
		}
	}
	slices.Sort(dirs)
	return dirs
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

// expand returns the folders that a glob matches. "**" matches at most four folders.
func expand(p *sdk.Project, dir string, parts []string) []string {
	if len(parts) == 0 {
		return []string{dir}
	}
	if !strings.ContainsAny(parts[0], "*?[{") {
		return expand(p, path.Join(dir, parts[0]), parts[1:])
	}
	if parts[0] == "**" {
		return expandDeep(p, dir, parts[1:], 4)
	}
	var out []string
	for _, name := range folders(p, dir) {
		if matchPart(parts[0], name) {
			out = append(out, expand(p, path.Join(dir, name), parts[1:])...)
		}
	}
	return out
}

func expandDeep(p *sdk.Project, dir string, rest []string, depth int) []string {
	out := expand(p, dir, rest)
	if depth == 0 {
		return out
	}
	for _, name := range folders(p, dir) {
		out = append(out, expandDeep(p, path.Join(dir, name), rest, depth-1)...)
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

func matchPath(pattern, parts []string) bool {
	if len(pattern) == 0 {
		return len(parts) == 0
	}
	if pattern[0] == "**" {
		return matchPath(pattern[1:], parts) || len(parts) > 0 && matchPath(pattern, parts[1:])
	}
	return len(parts) > 0 && matchPart(pattern[0], parts[0]) && matchPath(pattern[1:], parts[1:])
}

// matchPart matches one part of a path. "{a,b}" is an alternative.
func matchPart(pattern, name string) bool {
	head, rest, open := strings.Cut(pattern, "{")
	inner, tail, closed := strings.Cut(rest, "}")
	if open && closed {
		return slices.ContainsFunc(strings.Split(inner, ","),
			func(one string) bool { return matchPart(head+one+tail, name) })
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
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
