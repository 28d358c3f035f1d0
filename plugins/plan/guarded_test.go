package plan

import (
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"
)

func TestGuarded(t *testing.T) {
	for name, want := range map[string]bool{".git": true, ".git/": true, ".git/hooks/pre-commit": true, "a/b/.git/config": true,
		".GIT/x": true, ".Git": true, ".g\u200cit/x": true, "\ufeff.git": true, "git~1/config": true, "GIT~1": true,
		".git./x": true, ".git /x": true, ".git . . /x": true, ".git::$INDEX_ALLOCATION/x": true, "project.toml": true,
		"Project.TOML": true, "a/project.toml": true, "project.toml.": true, "project.lock": true, "pro\u200bject.lock": true,
		".github": false, ".gitignore": false, ".gitattributes": false, "git": false, "a.git/x": false, "bin/": false,
		"projects.toml": false, "project.toml.bak": false, "git~10": false, "": false, ".": false, "..": false, "a/\u200c../b": true, "a/.../b": true, " /a": true} {
		if got := Guarded(name) != ""; got != want {
			t.Errorf("%q: got %v, wanted %v", name, got, want)
		}
	}
}

func TestIsPipeline(t *testing.T) {
	for name, want := range map[string]bool{".github/workflows/ci.yml": true, ".github/": true, ".GitHub/Workflows": true,
		".github/workflows": true, "web/.github/workflows/x": true, ".gitlab-ci.yml": true, ".circleci/config.yml": true,
		"Jenkinsfile": true, "a/Jenkinsfile": true, "azure-pipelines.yml": true, ".forgejo/workflows/x": true,
		".gitea/workflows/x": true, ".forgejo": true, ".github/dependabot.yml": false, "workflows/ci.yml": false,
		".github/workflows-old/x": false, "Jenkinsfile.md": false, "bin/": false, ".gitlab-ci.yml.": true} {
		if got := IsPipeline(name); got != want {
			t.Errorf("%q: got %v, wanted %v", name, got, want)
		}
	}
}

// No plan that is valid writes outside of the project, or what is guarded, however its names are spelled.
func TestNoValidPlanWritesWhatIsGuarded(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 6))
	words := []string{".git", ".GIT", "git~1", "..", ".", "/", "//", "\\", "a", "bin", "project.toml", "PROJECT.lock", "\u200c", " ",
		":x", ".", "C:", "\x00", "\u202e", "hooks", "~", "./", "../"}
	tried, valid := 100_000, 0
	for range tried {
		var b strings.Builder
		for range 1 + random.IntN(5) {
			b.WriteString(words[random.IntN(len(words))])
		}
		name := b.String()
		s := Step{Op: OpWrite, Files: map[string]string{name: "x"}}
		switch random.IntN(4) {
		case 0:
			s = Step{Op: OpExec, Argv: []string{"a"}, Outputs: []string{name}}
		case 1:
			s = Step{Op: OpExec, Argv: []string{"a"}, Dir: name}
		case 2:
			s = Step{Op: OpExec, Argv: []string{"a"}, Reports: []Report{{Format: Formats[0], Path: name}}}
		}
		p := Plan{API: API, Match: true, Steps: map[string]Step{"a": s}}
		if p.Validate() != nil || name == "" {
			continue
		}
		valid++
		if harmful(name) {
			t.Fatalf("%q is accepted", name)
		}
	}
	if valid == 0 {
		t.Fatal("nothing is valid")
	}
	t.Logf("%d plans tried, %d are valid, and none of these writes what is guarded", tried, valid)
}

// harmful reports whether a path leads out of a folder or to something guarded, in the plainest way to say so.
func harmful(name string) bool {
	if path.IsAbs(name) || strings.HasPrefix(path.Clean("a/"+name), "..") || path.Clean("a/"+name) == "." ||
		strings.ContainsAny(name, "\\\x00") {
		return true
	}
	plain := strings.NewReplacer("\u200c", "", "\u202e", "").Replace(strings.ToLower(name))
	return slices.ContainsFunc(strings.Split(plain, "/"), func(part string) bool {
		part, _, _ = strings.Cut(part, ":")
		return slices.Contains([]string{".git", "git~1", "project.toml", "project.lock"}, strings.TrimRight(part, " .")) ||
			part == ".."
	})
}
