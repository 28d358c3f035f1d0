package node

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// writes returns the folder that a command writes, or "", and whether the command is known to read only files
// and to write nothing else.
func (u *unit) writes(c command) (dir string, sure bool) {
	switch c[0] {
	case "rm", "rimraf", "del", "del-cli", "mkdir", "mkdirp", "chmod", "echo", "true", "exit", "cd":
		return "", c[0] != "cd"
	case "shx":
		return u.writes(c[1:].orEcho())
	case "cp", "copyfiles", "cpy", "ncp", "mv":
		return firstFolder(c[len(c)-1]), !strings.HasPrefix(c[len(c)-1], "-")
	case "tsc", "tsgo":
		return u.tsc(u.root, c)
	case "esbuild":
		dir := c.value("--outdir")
		if file := c.value("--outfile"); file != "" {
			dir = path.Dir(file)
		}
		return dir, dir != "" && !c.flag("--watch")
	case "swc", "babel":
		dir := c.value("-d", "--out-dir")
		return dir, dir != ""
	case "tsup", "tsdown", "unbuild":
		return u.bundler(c)
	}
	return defaultOutput(c), false
}

func (c command) orEcho() command {
	if len(c) == 0 {
		return command{"echo"}
	}
	return c
}

// firstFolder returns the first folder of a path: "dist" of "dist/esm/a.js".
func firstFolder(name string) string { return before(strings.TrimPrefix(name, "./"), "/") }

// defaultOutput returns the default output folder of a bundler. What it reads, such as the environment and
// .env files, is not known.
func defaultOutput(c command) string {
	switch c[0] {
	case "vite", "astro", "webpack", "webpack-cli", "parcel", "rspack", "rsbuild", "ng", "rollup":
		return "dist"
	case "next":
		return ".next"
	case "nuxt", "nuxi":
		return ".output"
	case "react-scripts", "remix", "svelte-kit":
		return "build"
	}
	return ""
}

// bundler returns the output folder of tsup, tsdown or unbuild: dist, unless their flags or configuration
// change it.
func (u *unit) bundler(c command) (string, bool) {
	if dir := c.value("-d", "--out-dir"); dir != "" {
		return dir, true
	}
	for _, ext := range []string{"ts", "mts", "js", "mjs", "cjs", "json"} {
		name := c[0] + ".config." + ext
		if c[0] == "unbuild" {
			name = "build.config." + ext
		}
		text, ok := u.project.Read(u.path(name))
		if !ok {
			continue
		}
		found := outDir().FindAllStringSubmatch(text, -1)
		if len(found) > 1 || len(found) == 0 && strings.Contains(text, "outDir") {
			return "", false
		}
		if len(found) == 1 {
			return found[0][1], selfContained(text)
		}
		return "dist", selfContained(text)
	}
	return "dist", true
}

// selfContained reports whether the configuration of a bundler defines all of its outputs. With hooks or
// imports, it may write elsewhere.
func selfContained(config string) bool {
	for line := range strings.Lines(config) {
		if strings.HasPrefix(line, "import") && !strings.Contains(line, "tsup") &&
			!strings.Contains(line, "tsdown") && !strings.Contains(line, "unbuild") {
			return false
		}
	}
	more := []string{"onSuccess", "hooks", "publicDir", "copy", "exports:", "require(", "preset"}
	return !slices.ContainsFunc(more, func(s string) bool { return strings.Contains(config, s) })
}

var outDir = pattern(`outDir\s*:\s*["']([^"']+)["']`)

// tsc returns the output folder of the TypeScript compiler in a package, from its flags or from tsconfig.json.
func (u *unit) tsc(m *manifest, c command) (string, bool) {
	if c.flag("--noEmit") {
		return "", true
	}
	if c.flag("-w", "--watch") {
		return "", false
	}
	if dir := c.value("--outDir"); dir != "" {
		return dir, true
	}
	return u.tsconfig(m.Dir, c.tsconfig(), 3)
}

// tsconfig returns the configuration that the TypeScript compiler is called with.
func (c command) tsconfig() string {
	file := c.value("-p", "--project")
	if build := c.value("-b", "--build"); file == "" && build != "" && !strings.HasPrefix(build, "-") {
		file = build
	}
	if file == "" {
		file = "tsconfig.json"
	}
	if path.Ext(file) != ".json" {
		file = path.Join(file, "tsconfig.json")
	}
	return path.Clean(file)
}

// tsconfig returns the outDir of a configuration or of the one that it extends, relative to the package. With
// references, the outputs are those of other configurations.
func (u *unit) tsconfig(dir, file string, depth int) (string, bool) {
	text, ok := u.project.Read(join(dir, file))
	if !ok || depth == 0 {
		return "", false
	}
	var t struct {
		Extends         json.RawMessage            `json:"extends"`
		References      []json.RawMessage          `json:"references"`
		CompilerOptions map[string]json.RawMessage `json:"compilerOptions"`
	}
	if json.Unmarshal([]byte(plainJSON(text)), &t) != nil || len(t.References) > 0 {
		return "", false
	}
	options := t.CompilerOptions
	if decodeAs[bool](options["noEmit"]) {
		return "", true
	}
	elsewhere := decodeAs[string](options["declarationDir"]) + decodeAs[string](options["outFile"]) +
		decodeAs[string](options["tsBuildInfoFile"])
	if out := decodeAs[string](options["outDir"]); out != "" {
		return path.Join(path.Dir(file), out), elsewhere == "" && !strings.HasPrefix(out, "/") &&
			!strings.Contains(out, "${")
	}
	if base := decodeAs[string](t.Extends); strings.HasPrefix(base, ".") {
		if path.Ext(base) != ".json" {
			base += ".json"
		}
		out, sure := u.tsconfig(dir, path.Join(path.Dir(file), base), depth-1)
		return out, sure && elsewhere == ""
	}
	return "", false
}

// plainJSON replaces comments and trailing commas in TypeScript's JSON by spaces.
func plainJSON(text string) string {
	out := []byte(strings.TrimPrefix(text, "\ufeff"))
	comma := -1
	for i := 0; i < len(out); i++ {
		switch {
		case out[i] == '"':
			for i++; i < len(out) && out[i] != '"'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
			comma = -1
		case out[i] == '/' && i+1 < len(out) && (out[i+1] == '/' || out[i+1] == '*'):
			i = blankComment(out, i) - 1
		case out[i] == ',':
			comma = i
		case (out[i] == ']' || out[i] == '}') && comma >= 0:
			out[comma], comma = ' ', -1
		case !strings.ContainsRune(" \t\r\n", rune(out[i])):
			comma = -1
		}
	}
	return string(out)
}

// blankComment overwrites the comment at i, and returns the index after it.
func blankComment(out []byte, i int) int {
	end := "\n"
	if out[i+1] == '*' {
		end = "*/"
	}
	stop := len(out)
	if n := strings.Index(string(out[i+2:]), end); n >= 0 {
		stop = i + 2 + n
		if end == "*/" {
			stop += 2
		}
	}
	for ; i < stop; i++ {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return stop
}
