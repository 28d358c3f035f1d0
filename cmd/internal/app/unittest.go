package app

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// discovers reports whether a step finds the tests that a command of unittest does: the files of its pattern, in its folder
// and in the packages of Python below that. Other steps find all.
func (d *done) discovers(s, c pipelines.Call) bool {
	asked, runs := unittestArguments(c)
	if !runs {
		return true
	}
	pattern, has := valueOf(asked, "-p", "--pattern"), "test*.py"
	own, same := unittestArguments(s)
	if same {
		has = firstOf(valueOf(own, "-p", "--pattern"), has)
	}
	if pattern != "" && pattern != has && !strings.HasPrefix(pattern, "test") {
		return false
	}
	wanted := d.testPaths(c)
	if len(wanted) == 0 {
		if s.Folder() == c.Folder() { // the stack searches where the tests are
			return true
		}
		wanted = []string{c.Folder()}
	}
	return !same || s.Folder() == ".." || c.Folder() == ".." || !slices.ContainsFunc(wanted, func(one string) bool {
		return !d.isDiscovered(d.startOf(s, own), one)
	})
}

// unittestArguments returns the words behind "unittest" of a command that runs it.
func unittestArguments(c pipelines.Call) (words []string, ok bool) {
	at := slices.Index(c.Words, "unittest")
	if at < 1 {
		return nil, false
	}
	return c.Words[at+1:], true
}

func firstOf(one, other string) string {
	if one == "" {
		return other
	}
	return one
}

// valueOf returns the value of the first of some options, or "".
func valueOf(words []string, options ...string) string {
	for i, w := range words {
		name, value, joined := strings.Cut(w, "=")
		switch {
		case !slices.Contains(options, name):
		case joined:
			return value
		case i+1 < len(words):
			return words[i+1]
		}
	}
	return ""
}

// startOf returns the folder that a command of unittest begins to search in.
func (d *done) startOf(c pipelines.Call, words []string) string {
	start := valueOf(words, "-s", "--start-directory")
	if start == "" && len(words) > 1 && words[0] == "discover" && !strings.HasPrefix(words[1], "-") {
		start = words[1]
	}
	return path.Join(c.Folder(), start)
}

// isDiscovered reports whether unittest finds a file of tests, or those of a folder, from the folder where it begins.
func (d *done) isDiscovered(start, wanted string) bool {
	dir := wanted
	if path.Ext(wanted) == ".py" {
		if dir = path.Dir(wanted); !strings.HasPrefix(path.Base(wanted), "test") {
			return false
		}
	}
	for dir = path.Clean(dir); dir != start; dir = path.Dir(dir) {
		if _, ok := d.files.Read(path.Join(dir, "__init__.py")); !ok || dir == "." {
			return false
		}
	}
	return true
}
