package main

import (
	"strings"
)

// requirement is one dependency as pip takes it: `requests[socks]>=2.28; python_version < "3.12"`.
type requirement string

// name of the distribution in the form in which names are compared: lower case, "-" for "_" and ".".
func (r requirement) name() string {
	end := strings.IndexFunc(string(r), func(c rune) bool {
		return !strings.ContainsRune("-_.", c) && !letter(c) && (c < '0' || c > '9')
	})
	if end < 0 {
		end = len(r)
	}
	return normalize(string(r[:end]))
}

func letter(c rune) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// normalize is the form of a name in which two that mean the same are equal.
func normalize(name string) string {
	name = strings.ToLower(strings.NewReplacer("_", "-", ".", "-").Replace(name))
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	return name
}

// module is the usual name of the module that a distribution brings.
func module(name string) string { return strings.ReplaceAll(normalize(name), "-", "_") }

func requirements(lines []string) (out []requirement) {
	for _, line := range lines {
		if r := requirement(strings.TrimSpace(line)); r.name() != "" {
			out = append(out, r)
		}
	}
	return out
}

// declares returns the requirement of that name.
func declares(list []requirement, name string) (requirement, bool) {
	for _, r := range list {
		if r.name() == name {
			return r, true
		}
	}
	return "", false
}

// requirementsFile is one requirements*.txt: what it names, and the files that it includes.
type requirementsFile struct {
	list     []requirement
	includes []string // -r and -c, relative to the file
}

// parseRequirements reads the text of a requirements file. Options, URLs and paths are left out: the probe can tell nothing
// about them, and pip reads the file itself.
func parseRequirements(text string) requirementsFile {
	var f requirementsFile
	for _, line := range strings.Split(strings.ReplaceAll(text, "\\\n", " "), "\n") {
		line = strings.TrimSpace(line)
		if i := strings.Index(" "+line, " #"); i >= 0 {
			line = strings.TrimSpace(line[:i])
		}
		if rest, ok := includeOption(line); ok {
			f.includes = append(f.includes, rest)
			continue
		}
		line, _, _ = strings.Cut(line, " --")
		path := strings.ContainsAny(line, "/\\") && !strings.Contains(line, "@")
		if line == "" || strings.HasPrefix(line, "-") || strings.HasPrefix(line, ".") || path || strings.HasSuffix(line, ".whl") {
			continue
		}
		f.list = append(f.list, requirements([]string{line})...)
	}
	return f
}

func includeOption(line string) (string, bool) {
	for _, option := range []string{"--requirement", "-r"} {
		if rest, ok := strings.CutPrefix(line, option); ok {
			return strings.TrimLeft(rest, " =\t"), true
		}
	}
	return "", false
}
