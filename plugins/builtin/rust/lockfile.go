package rust

import (
	"path"
	"strings"
)

// pinned returns the flag of a command that must not change the Cargo.lock of a unit, if the project keeps
// one. Cargo would otherwise add what a manifest has and the file lacks, in versions that nobody chose.
func (b *builder) pinned(u *unit) []string {
	if !b.repo.keepsLock(u) {
		return nil
	}
	b.repo.decisions.Add("checks run Cargo with --locked: they must not change %s, which cargo build brings up to date",
		path.Join(u.dir, "Cargo.lock"))
	return []string{"--locked"}
}

// keepsLock reports whether the Cargo.lock of a unit is a file of the project. One that git ignores, as in many
// libraries, is only what Cargo last chose on this machine.
func (r *repo) keepsLock(u *unit) bool {
	return r.project.Exists(path.Join(u.dir, "Cargo.lock")) && !r.ignored(path.Join(u.dir, "Cargo.lock"))
}

// ignored reports whether git ignores a file or, with a "/" behind its name, a folder, by the .gitignore files of its folder and those above it in the
// project. The last pattern that matches counts.
func (r *repo) ignored(file string) (ignored bool) {
	for _, dir := range above(path.Dir(strings.TrimSuffix(file, "/"))) {
		text, _ := r.project.Read(path.Join(dir, ".gitignore"))
		for line := range strings.Lines(text) {
			pattern, negated := strings.CutPrefix(strings.TrimSpace(line), "!")
			if strings.HasSuffix(file, "/") {
				pattern = strings.TrimSuffix(pattern, "/")
			}
			if matchesIgnore(pattern, relative(strings.TrimSuffix(file, "/"), dir)) {
				ignored = !negated
			}
		}
	}
	return ignored
}

// above returns the folders from the root of the project down to one.
func above(dir string) []string {
	if dir == "." {
		return []string{"."}
	}
	return append(above(path.Dir(dir)), dir)
}

// matchesIgnore reports whether a pattern of a .gitignore matches the path of a file below its folder. A pattern
// without a slash matches the name in any folder.
func matchesIgnore(pattern, file string) bool {
	pattern = strings.TrimPrefix(pattern, "**/")
	if !strings.Contains(pattern, "/") {
		file = path.Base(file)
	}
	hit, err := path.Match(strings.TrimPrefix(pattern, "/"), file)
	return err == nil && hit
}
