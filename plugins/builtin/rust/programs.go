package rust

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// outputs returns the files of a unit's programs after "cargo build"; none if Cargo compiles for several
// targets.
func (r *repo) outputs(u *unit) (files []string) {
	if u.debug == "" {
		return nil
	}
	for _, bin := range u.programs() {
		files = append(files, path.Join(u.debug, bin.name))
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// programs returns the programs that a build makes: those whose features are enabled.
func (u *unit) programs() (bins []bin) {
	for _, c := range u.built() {
		on := u.build.enabled(u, c)
		for _, b := range c.bins {
			if len(missing(b.needs, c, on)) == 0 {
				bins = append(bins, b)
			}
		}
	}
	return bins
}

// leave is a shell function that leaves a program in the file that it is given. Variables, and configuration
// outside of the project, may make Cargo build in another folder; the variable "built" has the files that
// Cargo named. A file of an earlier build is removed if this one did not make it, as with --release.
const leave = `leave() {
	made=
	while IFS= read -r file; do
		case $file in */debug/"${1##*/}") made=$file ;; esac
	done <<END
$built
END
	if [ -z "$made" ]; then
		[ ! -e "$1" ] || rm -f "$1"
	elif ! cmp -s "$made" "$1"; then
		mkdir -p "${1%/*}"
		rm -f "$1"
		cp "$made" "$1"
	fi
}`

// buildScript returns a script that runs "cargo build" and leaves the programs in the files that the plan
// names. The file is removed before it is copied, since it may be a link to one that Cargo keeps. Where there is
// no sed, as on Windows, nothing is left, and Cargo runs each time.
func (r *repo) buildScript(u *unit, argv, files []string) string {
	lines := []string{"# " + sdk.Quote(argv...)}
	if r.ignores(u) {
		lines = append(lines, sdk.IgnoreScript(relative(u.target, u.dir)))
	}
	lines = append(lines, "built=$("+sdk.Quote(argv...)+` --message-format json-render-diagnostics "$@")`,
		`built=$(printf '%s\n' "$built" |
	sed -n '/"kind":\["bin"\]/s/.*"executable":"\([^"]*\)".*/\1/p') || built=`, leave)
	for _, file := range files {
		lines = append(lines, "leave "+sdk.Quote(relative(file, u.dir)))
	}
	return strings.Join(lines, "\n")
}

// ignores reports whether davit makes the folder of a unit's programs, with a .gitignore in it: Cargo builds
// outside of the project, and the folder is absent or davit's own.
func (r *repo) ignores(u *unit) bool {
	if !u.outside || len(r.outputs(u)) == 0 {
		return false
	}
	text, ok := r.project.Read(path.Join(u.target, ".gitignore"))
	return !r.project.Exists(u.target) || ok && text == sdk.IgnoreAll
}

// clean runs "cargo clean", and removes the copies of programs.
func (b *builder) clean(u *unit) {
	s := command("cargo", "clean")
	files := b.repo.outputs(u)
	if b.repo.ignores(u) {
		files = []string{u.target}
	}
	if len(files) > 0 {
		s = plan.Step{Script: `cargo clean "$@"`}
	}
	for _, file := range files {
		name := sdk.Quote(relative(file, u.dir))
		s.Script += "\n[ ! -e " + name + " ] || rm -rf " + name
	}
	s.NoCache = true
	b.add(u, "clean", "clean", s)
}

// relative returns the path of a file as seen from a folder of the project.
func relative(file, dir string) string {
	if dir == "." {
		return file
	}
	if rest, inside := strings.CutPrefix(file, dir+"/"); inside {
		return rest
	}
	return "../" + relative(file, path.Dir(dir))
}
