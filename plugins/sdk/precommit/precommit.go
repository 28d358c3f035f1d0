// Package precommit reads .pre-commit-config.yaml for plugins: which programs the hooks of pre-commit run, in
// which version and with which arguments.
package precommit

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// File is the name of the configuration, which is in the root of a repository.
const File = ".pre-commit-config.yaml"

// A Config is the configuration of one repository.
type Config struct {
	// Hooks are in the order in which pre-commit runs them.
	Hooks []Hook
	// Hosts are the servers that pre-commit fetches the hooks from.
	Hosts []string
}

// A Hook is one program that pre-commit runs.
type Hook struct {
	ID string
	// Entry is the command of a hook that the configuration defines itself. It is empty for a hook that
	// another repository defines.
	Entry string
	// Repo is the address of the repository that defines the hook, "local" or "meta".
	Repo string
	// Version is the version that "rev" names, "0.8.6" for "v0.8.6", or "".
	Version string
	// Args are the arguments of the hook, nil if they are those that its repository defines.
	Args []string
	// Dependencies are the packages that are installed next to the program.
	Dependencies []string
	// Files are expressions of Python that the path of each checked file matches, and Exclude those that it
	// does not match.
	Files, Exclude []string
	// Types are the kinds of files that the configuration limits the hook to: "python", "pyi".
	Types []string
	// NoFiles means that the program gets no names of files.
	NoFiles bool
	// Manual means that a plain "pre-commit run" does not run the hook.
	Manual bool
}

// Parse parses the text of a configuration.
func Parse(text string) Config {
	r := &reader{root: yaml.Parse(text), lines: strings.Split(text, "\n")}
	for _, repo := range r.root.Get("repos").Items() {
		r.repo(repo)
	}
	return r.config
}

type reader struct {
	root   *yaml.Node
	lines  []string
	config Config
}

func (r *reader) repo(repo *yaml.Node) {
	address := repo.Get("repo").Text()
	if host := hostOf(address); host != "" && !slices.Contains(r.config.Hosts, host) {
		r.config.Hosts = append(r.config.Hosts, host)
	}
	for _, n := range repo.Get("hooks").Items() {
		h := r.hook(n)
		h.Repo, h.Version = address, r.version(repo.Get("rev"))
		r.config.Hooks = append(r.config.Hooks, h)
	}
}

func (r *reader) hook(n *yaml.Node) Hook {
	h := Hook{ID: n.Get("id").Text(), Entry: n.Get("entry").Text(), Dependencies: n.Get("additional_dependencies").List(),
		Types: append(n.Get("types").List(), n.Get("types_or").List()...)}
	if args := n.Get("args"); args != nil {
		h.Args = append([]string{}, args.List()...)
	}
	for _, of := range []*yaml.Node{r.root, n} {
		h.Files = appendText(h.Files, of.Get("files"))
		h.Exclude = appendText(h.Exclude, of.Get("exclude"))
	}
	h.NoFiles = n.Get("pass_filenames").Text() == "false"
	stages := n.Get("stages").List()
	if stages == nil {
		stages = r.root.Get("default_stages").List()
	}
	h.Manual = stages != nil && !slices.Contains(stages, "pre-commit") && !slices.Contains(stages, "commit")
	return h
}

func appendText(list []string, n *yaml.Node) []string {
	if text := n.Text(); text != "" {
		return append(list, text)
	}
	return list
}

// version returns the version of a revision. That of a commit is in a comment, as "pre-commit autoupdate
// --freeze" writes it: "# frozen: v0.8.6".
func (r *reader) version(rev *yaml.Node) string {
	if rev == nil {
		return ""
	}
	text := rev.Text()
	if len(text) == 40 && strings.Trim(text, "0123456789abcdef") == "" {
		_, comment, _ := strings.Cut(r.lines[rev.Line-1], "#")
		text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(comment), "frozen:"))
	}
	return versionOf(text)
}

// versionOf returns the version in the name of a tag: "0.8.6" in "v0.8.6", "2.7.4" in "pylint-2.7.4".
func versionOf(tag string) string {
	start := strings.IndexAny(tag, "0123456789")
	if start < 0 {
		return ""
	}
	if prefix := tag[:start]; prefix != "" && prefix != "v" && !strings.HasSuffix(prefix, "-") {
		return ""
	}
	version := tag[start:]
	if end := strings.IndexFunc(version, func(c rune) bool { return !isVersion(c) }); end >= 0 {
		version = version[:end]
	}
	if !strings.Contains(version, ".") {
		return ""
	}
	return version
}

func isVersion(c rune) bool {
	return c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z'
}

// hostOf returns the host of an address: "https://github.com/psf/black", "git@gitlab.com:x/y".
func hostOf(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		user, path, scp := strings.Cut(address, ":")
		if !scp || !strings.Contains(user, "@") || path == "" {
			return ""
		}
		rest = user
	}
	host, _, _ := strings.Cut(rest, "/")
	return host[strings.LastIndex(host, "@")+1:]
}

// Local reports whether the configuration itself says what the hook runs, so that no version is known.
func (h Hook) Local() bool { return h.Repo == "local" || h.Repo == "meta" }

// VersionOf returns the version of a program that the hook runs, or "". The tags of some repositories are the
// versions of the program: those of the program itself, and those that exist to follow it.
func (h Hook) VersionOf(program string) string {
	name := strings.TrimSuffix(strings.ToLower(path.Base(h.Repo)), ".git")
	for _, known := range []string{program, "mirrors-" + program, program + "-pre-commit",
		program + "-pre-commit-mirror"} {
		if name == known {
			return h.Version
		}
	}
	return ""
}

// Runs reports whether the hook runs a program: one of its ids, or an entry with the words of a command.
func (h Hook) Runs(ids []string, command ...string) bool {
	if h.Entry == "" {
		return slices.Contains(ids, h.ID)
	}
	words := strings.Fields(h.Entry)
	for i := range words {
		if rest := words[i:]; len(rest) >= len(command) && slices.Equal(rest[:len(command)], command) {
			return true
		}
	}
	return false
}
