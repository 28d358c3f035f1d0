package docker

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// maxDockerfile is how much of a Dockerfile is read, in bytes.
const maxDockerfile = 1 << 20

// contextFiles returns the files that a Dockerfile copies from the context: all arguments of COPY and ADD but
// the last, without URLs, other stages, variables and here-documents.
func contextFiles(text string) (out []string) {
	for _, line := range instructions(text) {
		words := strings.Fields(line)
		if len(words) < 3 || !strings.EqualFold(words[0], "COPY") && !strings.EqualFold(words[0], "ADD") {
			continue
		}
		out = append(out, copySources(words[1:])...)
	}
	return out
}

// copySources returns the sources of one COPY or ADD, in its plain form or as a JSON list.
func copySources(words []string) (out []string) {
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		if strings.HasPrefix(words[0], "--from=") {
			return nil
		}
		words = words[1:]
	}
	if len(words) > 0 && strings.HasPrefix(words[0], "[") {
		words = strings.Fields(strings.NewReplacer("[", " ", "]", " ", `"`, " ", ",",
			" ").Replace(strings.Join(words, " ")))
	}
	for _, w := range words[:max(0, len(words)-1)] {
		w = path.Clean("/" + w)[1:] // as in a builder, ".." does not lead out of the context
		if w != "" && !strings.ContainsAny(w, "$*?[<:\\") {
			out = append(out, w)
		}
	}
	return out
}

// instructions returns the lines of a Dockerfile without comments. A line that ends with a backslash is
// joined with the next.
func instructions(text string) (out []string) {
	var open string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		if head, ok := strings.CutSuffix(line, `\`); ok && len(open) < maxDockerfile {
			open += head + " "
			continue
		}
		out = append(out, open+line)
		open = ""
	}
	return append(out, open)
}

// contextOf returns the build context of a Dockerfile and the reason: the root, unless a file that it copies
// exists beside the Dockerfile and not at the root.
func contextOf(p *sdk.Project, dockerfile string) (context, why string) {
	dir := path.Dir(dockerfile)
	if dir == "." {
		return "", ""
	}
	missing := slices.DeleteFunc(contextFiles(p.Head(dockerfile, maxDockerfile)),
		func(s string) bool { return p.Exists(s) })
	for _, s := range missing {
		if p.Exists(path.Join(dir, s)) {
			return dir, "its context is " + dir + ", where " + s + " is"
		}
	}
	return "", "its context is the root of the project"
}
