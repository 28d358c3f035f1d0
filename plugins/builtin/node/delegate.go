package node

import (
	"path"
	"slices"
	"strings"
)

// A delegate is a call of a script of the package in another folder: "build" in "client" of the script
// "cd client && npm run build".
type delegate struct{ dir, script string }

// A located is a command with the folder that it works in, relative to the package, or "" if that is its own.
type located struct {
	command
	dir string
}

// locate returns the commands of a script without their wrappers. A "cd" counts until the parenthesis around it ends.
func locate(text string) (out []located) {
	dir, done := "", 0
	for _, s := range scan(text) {
		if strings.Contains(text[done:s.spans[0].from], ")") {
			dir = ""
		}
		done = s.spans[len(s.spans)-1].to
		c := s.words.unwrapped()
		if c[0] == "cd" {
			out = append(out, located{c, ""})
			dir = c.enters(dir)
			continue
		}
		out = append(out, located{c, inner(path.Join(dir, c.folder()))})
	}
	return out
}

// inner returns a folder, or "" for the package itself and what is outside of it.
func inner(dir string) string {
	if dir == "." || path.IsAbs(dir) || strings.HasPrefix(dir, "..") {
		return ""
	}
	return dir
}

// enters returns the folder after a "cd" in a folder.
func (c command) enters(dir string) string {
	if len(c) < 2 || c[1] == "-" {
		return ""
	}
	return inner(path.Join(dir, c[1]))
}

// folderFlags are the flags of package managers for the folder to work in.
var folderFlags = []string{"--prefix", "--cwd", "--dir", "-C"}

// folder returns the folder that a package manager is told to work in, or "".
func (c command) folder() string {
	if !slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, c[0]) {
		return ""
	}
	return c.value(folderFlags...)
}

// delegates returns the scripts of packages in other folders that a command calls.
func (c located) delegates() (out []delegate) {
	if c.command[0] == "concurrently" {
		for _, word := range c.command[1:] {
			for _, inner := range locate(word) {
				out = append(out, inner.delegates()...)
			}
		}
		return out
	}
	if name := c.command.withoutValues(folderFlags...).scriptName(); c.dir != "" && name != "" {
		out = append(out, delegate{c.dir, name})
	}
	return out
}

// entered returns the folders that a command, or one of those in its arguments, works in.
func (c located) entered() (dirs []string) {
	if c.command[0] == "concurrently" {
		for _, word := range c.command[1:] {
			for _, inner := range locate(word) {
				dirs = append(dirs, inner.entered()...)
			}
		}
	}
	if c.dir != "" {
		dirs = append(dirs, c.dir)
	}
	return dirs
}
