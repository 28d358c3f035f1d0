package pipelines

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// A member is a package of a workspace of Node: its name and folder.
type member struct{ name, dir string }

// maxMembers is how many members of a workspace are read.
const maxMembers = 200

// members returns the members of the workspace of a folder, which are read once.
func (r *pipelineReader) members(dir string) (all []member) {
	if known, ok := r.parsed["members "+dir].([]member); ok {
		return known
	}
	for _, pattern := range r.memberPatterns(dir) {
		for _, in := range r.foldersLike(dir, strings.Split(path.Clean(pattern), "/")) {
			var manifest struct{ Name string }
			text, ok := r.files.Read(path.Join(in, "package.json"))
			if ok && len(all) < maxMembers && json.Unmarshal([]byte(text), &manifest) == nil {
				all = append(all, member{manifest.Name, in})
			}
		}
	}
	r.parsed["members "+dir] = all
	return all
}

// memberPatterns returns the patterns that a workspace names its members by, in package.json, for pnpm or
// for lerna.
func (r *pipelineReader) memberPatterns(dir string) []string {
	if list := r.yaml(path.Join(dir, "pnpm-workspace.yaml")).Get("packages").List(); len(list) > 0 {
		return list
	}
	var manifest struct{ Workspaces json.RawMessage }
	text, _ := r.files.Read(path.Join(dir, "package.json"))
	_ = json.Unmarshal([]byte(text), &manifest) // the package manager reports a fault
	var list []string
	var table struct{ Packages []string }
	if json.Unmarshal(manifest.Workspaces, &list) != nil {
		_ = json.Unmarshal(manifest.Workspaces, &table)
	}
	if list = append(list, table.Packages...); len(list) == 0 {
		return r.lernaPackages(dir)
	}
	return list
}

// lernaPackages returns the patterns by which lerna names packages where there is no workspace.
func (r *pipelineReader) lernaPackages(dir string) []string {
	text, ok := r.files.Read(path.Join(dir, "lerna.json"))
	if !ok {
		return nil
	}
	var lerna struct{ Packages []string }
	_ = json.Unmarshal([]byte(text), &lerna) // lerna reports a fault
	if len(lerna.Packages) == 0 {
		return []string{"packages/*"}
	}
	return lerna.Packages
}

// foldersLike returns the folders below another one that the parts of a pattern mean, sorted.
func (r *pipelineReader) foldersLike(dir string, parts []string) []string {
	dirs := []string{dir}
	for _, part := range parts {
		var next []string
		for _, dir := range dirs[:min(len(dirs), maxMembers)] {
			next = append(next, r.foldersLikePart(dir, part)...)
		}
		slices.Sort(next) // "**/**" finds a folder more than once
		dirs = slices.Compact(next)
	}
	return dirs
}

// foldersLikePart returns the folders that one part of a pattern means.
func (r *pipelineReader) foldersLikePart(dir, part string) (all []string) {
	switch {
	case strings.HasPrefix(part, "!"):
		return nil
	case !strings.ContainsAny(part, "*?[{"):
		return []string{path.Join(dir, part)}
	case part == "**":
		all = []string{dir}
	}
	for _, name := range r.files.List(dir) {
		folder, ok := strings.CutSuffix(name, "/")
		if !ok || folder == "node_modules" || strings.HasPrefix(folder, ".") || len(all) > maxMembers {
			continue
		}
		if part == "**" {
			all = append(all, r.foldersLikePart(path.Join(dir, folder), part)...)
		} else if like, _ := path.Match(part, folder); like {
			all = append(all, path.Join(dir, folder))
		}
	}
	return all
}

// foldersFor returns the folders of the packages whose scripts a command of a package manager runs: those of the members
// that it names, of all, or its own.
func (r *pipelineReader) foldersFor(c Call) (dirs []string) {
	named, all := membersNamed(c.Words[1:])
	if len(named) == 0 && !all {
		return []string{c.Folder()}
	}
	for _, m := range r.members(c.Folder()) {
		if all || slices.ContainsFunc(named, func(pattern string) bool { return m.is(pattern, c.Folder()) }) {
			dirs = append(dirs, m.dir)
		}
	}
	return dirs
}

// OtherMembers returns the folders of the members of a workspace that have the script which a command of a package manager
// runs, where the command names other members; nil for any other command.
func OtherMembers(files Files, c Call) (dirs []string) {
	c.Words = plain(c.Words)
	if !slices.Contains(packageManagers, path.Base(c.Words[0])) {
		return nil
	}
	r, name := newReader(files), scriptNamedBy(c.Words)
	if named, _ := membersNamed(c.Words[1:]); len(named) == 0 || name == "" {
		return nil
	}
	own := r.foldersFor(c)
	for _, m := range r.members(c.Folder()) {
		if !slices.Contains(own, m.dir) && r.scriptsIn(m.dir)[name] != "" {
			dirs = append(dirs, m.dir)
		}
	}
	return dirs
}

// is reports whether a name or pattern of a command means a member: by its name, or by its folder.
func (m member) is(pattern, from string) bool {
	pattern = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(pattern, "..."), "..."), "{}^")
	like, _ := path.Match(pattern, m.name)
	return like || path.Join(from, pattern) == m.dir
}

// membersNamed returns the members that the arguments of a package manager name, and whether they mean all.
func membersNamed(words []string) (named []string, all bool) {
	for i, w := range words {
		option, value, joined := strings.Cut(w, "=")
		switch {
		case w == "--":
			return named, all
		case slices.Contains([]string{"-r", "--recursive", "-ws", "--workspaces", "workspaces"}, w):
			all = true
		case !slices.Contains([]string{"-w", "--workspace", "--filter", "-F", "--scope", "workspace"}, option):
		case joined:
			named = append(named, value)
		case i+1 < len(words):
			named = append(named, words[i+1])
		}
	}
	return named, all && len(named) == 0
}
