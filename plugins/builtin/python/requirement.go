package python

import (
	"strings"
)

// A requirement is one dependency in pip's syntax: `requests[socks]>=2.28; python_version < "3.12"`.
type requirement string

// name returns the normalized name of the distribution.
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

// normalize returns the form in which names are compared: lower case, with one "-" for any run of "-", "_" and ".".
func normalize(name string) string {
	plain := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' }
	if !strings.Contains(name, "--") && strings.IndexFunc(name, func(r rune) bool { return !plain(r) }) < 0 {
		return name
	}
	name = strings.ToLower(separators.Replace(name))
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	return name
}

var separators = strings.NewReplacer("_", "-", ".", "-")

// module returns the usual module name of a distribution.
func module(name string) string { return strings.ReplaceAll(normalize(name), "-", "_") }

func requirements(lines []string) (out []requirement) {
	for _, line := range lines {
		if r := requirement(strings.TrimSpace(line)); r.name() != "" {
			out = append(out, r)
		}
	}
	return out
}

// declares returns the requirement with a name.
func declares(list []requirement, name string) (requirement, bool) {
	for _, r := range list {
		if r.name() == name {
			return r, true
		}
	}
	return "", false
}

// A requirementsFile is the content of one requirements*.txt.
type requirementsFile struct {
	list        []requirement
	includes    []string // -r, relative to the file
	constraints []string // -c
}

// parseRequirements parses a requirements file. It leaves out options, URLs and paths: pip reads the file itself.
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
		if rest, ok := option(line, "--constraint", "-c"); ok {
			f.constraints = append(f.constraints, rest)
			continue
		}
		line, _, _ = strings.Cut(line, " --")
		path := strings.ContainsAny(line, "/\\") && !strings.Contains(line, "@")
		if line == "" || strings.HasPrefix(line, "-") || strings.HasPrefix(line, ".") || path ||
			strings.HasSuffix(line, ".whl") {
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
