package rust

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

var (
	includes = compiled(`\binclude_(?:bytes|str|dir)!\s*\(\s*(concat!\s*\(\s*env!\s*\(\s*"CARGO_MANIFEST_DIR"\s*\)\s*,\s*)?"([^"\n]+)"`)
	embeds   = compiled(`#\[folder\s*=\s*"([^"\n]+)"`)
)

// embedded returns the files and folders that a file of Rust compiles into a program, as seen from the root of the
// project: those of include_bytes! and its like, which are beside the file, and those of rust-embed and include_dir!,
// which are in the package.
func embedded(pkg, file, text string) (names []string) {
	if !includesFiles(text) {
		return nil
	}
	for _, m := range includes().FindAllStringSubmatch(text, -1) {
		from, name := path.Dir(file), m[2]
		if m[1] != "" {
			from, name = pkg, strings.TrimPrefix(name, "/")
		}
		names = append(names, inProject(pkg, from, name)...)
	}
	for _, m := range embeds().FindAllStringSubmatch(text, -1) {
		names = append(names, inProject(pkg, pkg, m[1])...)
	}
	return names
}

// includesFiles reports whether a text calls a macro that includes a file or folder, or has the attribute of rust-embed
// for one. It looks for a rare character first, since there is much text, and no compiler for the plugin yet.
func includesFiles(text string) bool {
	for at := 0; ; at++ {
		next := strings.IndexByte(text[at:], '!')
		if next < 0 {
			return strings.Contains(text, "RustEmbed")
		}
		at += next
		before := text[max(0, at-len("include_bytes")):at]
		for _, name := range []string{"include_str", "include_bytes", "include_dir"} {
			if strings.HasSuffix(before, name) {
				return true
			}
		}
	}
}

// inProject returns the path of a file as seen from a folder or, with the variable for it in front, from the package;
// nothing if it is outside of the project.
func inProject(pkg, from, name string) []string {
	for _, variable := range []string{"$CARGO_MANIFEST_DIR", "${CARGO_MANIFEST_DIR}"} {
		if rest, ok := strings.CutPrefix(name, variable); ok {
			from, name = pkg, "./"+rest
		}
	}
	if full := projectPath(from, name); full != "" && full != "." && !strings.ContainsAny(full, "$") {
		return []string{full}
	}
	return nil
}

// The most files, and bytes of them, that are read for what a program has inside.
const (
	maxEmbedFiles = 200
	maxEmbedBytes = 512 << 10
)

// embeds returns what the packages of a unit compile into their programs. It is looked for where another part of the
// project may make it.
func (r *repo) embeds(u *unit) (names []string) {
	if !r.otherStack() {
		return nil
	}
	for _, c := range u.members {
		for _, file := range r.programFiles(c) {
			if r.embedsRead++; r.embedsRead > maxEmbedFiles || r.embedBytes > maxEmbedBytes {
				break
			}
			text, _ := r.project.Read(file)
			r.embedBytes += len(text)
			names = append(names, embedded(c.dir, file, text)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// hasOtherStack reports whether the project has the manifest of something else than Rust.
func (r *repo) hasOtherStack() bool {
	return len(r.project.Find(depth, func(name string) bool {
		base := path.Base(name)
		return base != "Cargo.toml" && (slices.Contains(sdk.StackManifests, base) || name == "project.toml")
	})) > 0
}

// programFiles returns the files of Rust of the programs and the library of a package.
func (r *repo) programFiles(c *crate) (names []string) {
	for _, dir := range r.below(path.Join(c.dir, "src"), maxBelow) {
		for _, name := range r.project.List(dir) {
			if strings.HasSuffix(name, ".rs") {
				names = append(names, path.Join(dir, name))
			}
		}
	}
	return names
}
