package node

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// An entry is the program of an image.
type entry struct {
	words []string
	env   map[string]string
	file  string // the file that Node runs, relative to the package; "" if it is not known
	why   string
}

// entry returns the program of the package: the configured one, the one that "npm start" starts, or its only
// command. The error is the reason why there is none.
func (u *unit) entry() (entry, error) {
	start := u.root.script("start")
	switch {
	case u.config.Main != "":
		return u.nodeEntry(u.relPath(u.config.Main), "as configured"), nil
	case start.text != "":
		return u.startEntry(start)
	case u.project.Exists(u.path("server.js")):
		return u.nodeEntry("server.js", "which is what npm start runs where there is no script"), nil
	case len(u.root.Bins) == 1 && !strings.HasSuffix(u.root.Bins[0], ".ts"):
		return u.nodeEntry(u.root.Bins[0], "the command of the package"), nil
	case len(u.root.Bins) > 1:
		return entry{}, fmt.Errorf("%s has several commands (%s); %s", u.root.file(),
			strings.Join(u.root.Bins, ", "), mainChooses)
	}
	return entry{}, fmt.Errorf(
		"%s has neither a script \"start\" nor a command, so there is nothing that an image could start; %s",
		u.root.file(), mainChooses)
}

const mainChooses = `main = "…" in the configuration of this plugin names the file to start`

// nodeEntry returns an entry that runs a file.
func (u *unit) nodeEntry(file, why string) entry {
	return entry{words: []string{u.runtime(), file}, file: path.Clean(file), why: why}
}

// runtime returns the program that runs a file: Node or, with its image, Bun.
func (u *unit) runtime() string {
	if u.manager.Name == "bun" {
		return "bun"
	}
	return "node"
}

// startEntry returns the script "start" as one program without a shell.
func (u *unit) startEntry(s script) (entry, error) {
	e := entry{env: map[string]string{}, why: `as script "start" says`}
	refuse := func(why string) (entry, error) {
		return entry{}, fmt.Errorf("script \"start\" (%s) %s; %s", s.text, why, mainChooses)
	}
	commands := split(s.text)
	if len(commands) != 1 || strings.ContainsAny(s.text, ";|&<>()$`*?\n#~") || !u.onlyBuilds("prestart") ||
		u.root.Scripts["poststart"] != "" {
		return refuse("is more than one program")
	}
	c := commands[0]
	for len(c) > 1 && (assignment(c[0]) || c[0] == "cross-env" || c[0] == "npx") {
		if name, value, ok := strings.Cut(c[0], "="); ok {
			e.env[name] = value
		}
		c = c[1:]
	}
	e.words = c
	switch {
	case c.flag("--watch", "--inspect", "--inspect-brk", "--env-file"):
		return refuse("is for development")
	case c[0] == "node" || c[0] == "bun":
		e.words = append([]string{u.runtime()}, c[1:]...)
		e.file = c.script()
	case !u.inProduction(c[0]):
		return refuse("needs " + c[0] + ", which is not among the dependencies")
	}
	return e, nil
}

// script returns the file that "node [flags] file" runs.
func (c command) script() string {
	for _, word := range c[1:] {
		if !strings.HasPrefix(word, "-") && word != "run" {
			return path.Clean(word)
		}
	}
	return ""
}

// onlyBuilds reports whether a script is absent or runs only the build.
func (u *unit) onlyBuilds(name string) bool {
	commands := split(u.root.Scripts[name])
	return len(commands) == 0 || len(commands) == 1 && u.build != "" &&
		slices.Equal(u.root.called(commands[0]), []string{u.build})
}

// commandPackages maps commands to the packages that contain them, if their names differ.
var commandPackages = map[string]string{"remix-serve": "@remix-run/serve",
	"react-router-serve": "@react-router/serve", "pm2-runtime": "pm2"}

// inProduction reports whether a command is from a production dependency.
func (u *unit) inProduction(name string) bool {
	if other := commandPackages[name]; other != "" {
		name = other
	}
	_, ok := u.root.Sections["dependencies"][name]
	return ok
}

// relPath returns a path of the project as seen from the package.
func (u *unit) relPath(file string) string {
	if u.root.Dir == "." {
		return file
	}
	return strings.TrimPrefix(file, u.root.Dir+"/")
}
