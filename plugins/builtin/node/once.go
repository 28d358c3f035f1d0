package node

import (
	"slices"
	"strings"
)

// long and short are the flags with which programs watch files and never end.
var (
	long  = []string{"--watch", "--watchAll", "--watch-preserve-output", "--hot", "--ui"}
	short = append([]string{"-w"}, long...)
)

// watching are these flags of each program that runs once without them. "-w" is a workspace to npm, and a number to
// jest.
var watching = map[string][]string{
	"node": long, "tsx": long, "bun": long, "deno": long, "jest": long, "react-scripts": long, "craco": long,
	"react-app-rewired": long, "vue-cli-service": long, "playwright": long, "npm": long, "pnpm": long, "yarn": long,
	"vitest": short, "ava": short, "mocha": short, "tap": short, "borp": short, "jasmine": short, "ts-mocha": short,
	"mochapack": short, "web-test-runner": short, "wtr": short, "tsc": short, "vue-tsc": short, "tsgo": short,
}

// once returns a command that ends in place of one that runs again at each change of a file, and whether the
// command is one of these.
func (c command) once() (replacement, bool) {
	switch c[0] {
	case "vitest":
		return c.vitestOnce()
	case "nodemon", "chokidar", "onchange", "watch", "tsc-watch":
		return c.unwatched()
	case "concurrently", "run-p":
		return c.eachOnce()
	case "karma":
		return replacement{words: append(slices.Clone(c), "--single-run")},
			len(c) > 1 && c[1] == "start" && !c.flag("--single-run", "--no-single-run", "--singleRun")
	case "ng":
		return replacement{words: append(c.without(long...), "--watch=false")},
			len(c) > 1 && c[1] == "test" && !c.endsItself()
	case "cypress":
		return replacement{words: append(command{"cypress", "run"}, c[min(2, len(c)):]...)},
			len(c) > 1 && c[1] == "open"
	}
	if c[0] == "tsx" && len(c) > 1 && c[1] == "watch" {
		return replacement{words: append(command{"tsx"}, c[2:]...)}, true
	}
	kept := c.withoutValues("--watch-path").without(watching[c[0]]...)
	return replacement{words: kept}, watching[c[0]] != nil && len(kept) < len(c) && !c.endsItself()
}

// endsItself reports whether a flag says that the command does not watch files.
func (c command) endsItself() bool {
	return slices.ContainsFunc(c, func(word string) bool {
		return slices.Contains([]string{"--watch=false", "--watchAll=false", "--no-watch", "--no-watchAll"}, word)
	})
}

// vitestOnce handles vitest, which watches files on a terminal unless it is told to run.
func (c command) vitestOnce() (replacement, bool) {
	watches := len(c) > 1 && (c[1] == "watch" || c[1] == "dev")
	kept := c.without(short...)
	if c.endsItself() || !watches && len(kept) == len(c) {
		return replacement{}, false
	}
	if watches || slices.Contains(kept, "run") {
		kept = slices.DeleteFunc(kept, func(word string) bool { return slices.Contains([]string{"watch", "dev", "run"}, word) })
	}
	return replacement{words: append(command{"vitest", "run"}, kept[1:]...)}, true
}

// eachOnce handles a program whose arguments are commands.
func (c command) eachOnce() (replacement, bool) {
	out, changed := slices.Clone(c), false
	for i, word := range c[1:] {
		e := &editor{of: &manifest{}, change: command.once}
		if text := e.text(word); text != word && !e.failed {
			out[i+1], changed = text, true
		}
	}
	return replacement{words: out}, changed
}

// unwatched returns the command that a program runs whenever a file changes.
func (c command) unwatched() (replacement, bool) {
	inner := ""
	switch c[0] {
	case "nodemon":
		if inner = c.value("-x", "--exec"); inner == "" {
			return c.nodemonFile()
		}
	case "chokidar":
		inner = c.value("-c", "--command")
	case "tsc-watch":
		if inner = c.value("--onSuccess"); inner != "" {
			inner = "tsc && " + inner
		}
	case "onchange":
		inner = strings.TrimSpace(quoted(c.passed("")))
	case "watch":
		if len(c) > 1 {
			inner = c[1]
		}
	}
	e := &editor{of: &manifest{}, change: command.once}
	return replacement{text: e.text(inner)}, inner != ""
}

// nodemonFile returns the call of the file that nodemon runs: that of "nodemon --watch src test.js" is "node test.js".
func (c command) nodemonFile() (replacement, bool) {
	rest := c[1:].withoutValues("-w", "--watch", "-e", "--ext", "-i", "--ignore", "-d", "--delay", "--config", "--signal", "--cwd")
	rest = slices.DeleteFunc(rest, func(word string) bool { return strings.HasPrefix(word, "-") })
	if len(rest) == 0 {
		return replacement{}, false
	}
	program := "node"
	if strings.HasSuffix(rest[0], ".ts") {
		program = "ts-node"
	}
	return replacement{words: append(command{program}, rest...)}, true
}

// without returns the command without some flags. A "--" that is left at its end goes too.
func (c command) without(flags ...string) command {
	out := slices.DeleteFunc(slices.Clone(c), func(word string) bool { return command{word}.flag(flags...) })
	if len(out) > 0 && len(out) < len(c) && out[len(out)-1] == "--" {
		out = out[:len(out)-1]
	}
	return out
}

// withoutValues returns the command without some flags and their values.
func (c command) withoutValues(flags ...string) (out command) {
	for i := 0; i < len(c); i++ {
		switch {
		case !(command{c[i]}).flag(flags...):
			out = append(out, c[i])
		case !strings.Contains(c[i], "="):
			i++ // its value
		}
	}
	return out
}
