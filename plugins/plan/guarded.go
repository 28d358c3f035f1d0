package plan

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
)

// Guarded returns why no step of a plan may write a path, as the rest of a sentence that begins with the path; "" if
// one may. It is for paths with slashes, relative to the project.
func Guarded(name string) string {
	if why := OutOfBounds(name); why != "" {
		return why
	}
	for part := range strings.SplitSeq(name, "/") {
		if folded := fold(part); folded == "project.toml" || folded == "project.lock" {
			return "says what davit does, and is the user's to write"
		}
	}
	return ""
}

// OutOfBounds is Guarded for a command of the user, which may change what says what davit does.
func OutOfBounds(name string) string {
	for part := range strings.SplitSeq(name, "/") {
		switch folded := fold(part); {
		case folded == ".git" || folded == "git~1":
			return "is git's own"
		case folded == "" && strings.Trim(part, ".") != "" || len(part) > 2 && strings.Trim(part, ".") == "":
			return "has a name that some systems read as a folder above"
		}
	}
	return ""
}

// fold returns the name of a file as some file systems compare it: without case, without what HFS+ leaves out, and without
// what NTFS leaves out at the end.
func fold(name string) string {
	name, _, _ = strings.Cut(name, ":")
	visible := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	return strings.TrimRight(visible, ". ")
}

// pipelines are the files and folders that the pipelines of a repository are in.
var pipelines = []string{".github/workflows", ".github/actions", ".gitlab-ci.yml", ".gitlab-ci.yaml", ".gitlab/ci", ".circleci",
	"azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines", "jenkinsfile", ".forgejo/workflows", ".gitea/workflows",
	".woodpecker", ".woodpecker.yml", ".woodpecker.yaml", ".drone.yml", ".travis.yml", "bitbucket-pipelines.yml", ".buildkite",
	".semaphore", "appveyor.yml", ".appveyor.yml", ".cirrus.yml"}

// IsPipeline reports whether a path is, contains or is in what runs in the pipelines of the repository.
func IsPipeline(name string) bool {
	var parts []string
	for part := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
		parts = append(parts, fold(part))
	}
	for i := range parts {
		rest := strings.Join(parts[i:], "/") + "/"
		if slices.ContainsFunc(pipelines, func(p string) bool {
			return strings.HasPrefix(rest, p+"/") || strings.HasPrefix(p+"/", rest)
		}) {
			return true
		}
	}
	return false
}

// Written returns the paths that a step writes by what it declares, sorted: its files and its outputs.
func (s Step) Written() []string {
	return append(slices.Sorted(maps.Keys(s.Files)), slices.Sorted(slices.Values(s.Outputs))...)
}

// guardedFaults returns the faults of the paths that a step writes, and of the folder that it runs in.
func (s Step) guardedFaults() (faults []string) {
	for _, name := range append(s.Written(), s.reportPaths()...) {
		if why := Guarded(name); why != "" {
			faults = append(faults, fmt.Sprintf("%q %s", name, why))
		}
	}
	if why := Guarded(s.Dir); why != "" {
		faults = append(faults, fmt.Sprintf("dir: %q %s", s.Dir, why))
	}
	return faults
}

// reportPaths returns the files of a step's reports, and the folders of its caches.
func (s Step) reportPaths() (names []string) {
	for _, r := range s.Reports {
		names = append(names, path.Clean(r.Path))
	}
	for _, c := range s.Caches {
		names = append(names, path.Clean(c.Path))
	}
	return names
}
