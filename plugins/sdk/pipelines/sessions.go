package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/ini"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// sessions adds the commands of the environments of tox, or of the sessions of nox, that a command runs.
func (r *pipelineReader) sessions(c recipes.Command) {
	names := sessionNames(c.Words[1:])
	if path.Base(c.Words[0]) == "tox" {
		r.toxEnvironments(c.Dir, names)
	} else {
		r.noxSessions(c.Dir, names)
	}
}

// sessionNames returns the names behind the options that name environments or sessions; nil for the default ones.
func sessionNames(words []string) (names []string) {
	for i, w := range words {
		option, value, ok := strings.Cut(w, "=")
		if w == "--" {
			break
		}
		if !slices.Contains([]string{"-e", "-s", "--session", "--sessions", "--env"}, option) {
			continue
		}
		if !ok && i+1 < len(words) {
			value = words[i+1]
		}
		names = append(names, strings.Split(value, ",")...)
	}
	return names
}

var (
	braced    = compiled(`\{[^{}]*\}`)
	condition = compiled(`^[\w!,.-]+:\s+`)
	session   = compiled(`(?m)^@(?:nox\.)?session\b([^\n]*(?:\n[ )@#][^\n]*)*)\ndef (\w+)\(`)
	named     = compiled(`\bname\s*=\s*["']([^"']+)`)
	sessionDo = compiled(`session\.run(?:_always)?\(([^)]*)\)`)
	literal   = compiled(`(\*)?\s*"([^"\n]*)"|(\*)?\s*'([^'\n]*)'`)
)

// toxEnvironments adds the commands of environments of tox.ini: those of the list, if none is named. An environment
// without a section of its own has the commands of all.
func (r *pipelineReader) toxEnvironments(dir string, names []string) {
	text, ok := r.files.Read(path.Join(dir, "tox.ini"))
	if !ok || len(text) > maxPipeline {
		return
	}
	file := ini.Parse(text)
	if len(names) == 0 {
		names = strings.FieldsFunc(braced().ReplaceAllString(file["tox"]["envlist"]+"\n"+file["tox"]["env_list"], ""),
			func(r rune) bool { return strings.ContainsRune(", \n", r) })
	}
	if len(names) == 0 {
		names = []string{"py"}
	}
	for _, name := range names {
		section := "testenv:" + name
		if file[section]["commands"] == "" {
			section = "testenv"
		}
		if r.once("tox " + dir + " " + section) {
			r.script(dir, toxScript(file, section))
		}
	}
}

// toxScript returns the commands of an environment without conditions and values of tox.
func toxScript(file ini.File, section string) string {
	var lines []string
	for _, line := range file.Lines(section, "commands") {
		line = condition().ReplaceAllString(line, "")
		if line = strings.TrimSpace(strings.TrimPrefix(line, "-")); strings.HasPrefix(line, "{[") {
			other, _, _ := strings.Cut(line[2:], "]")
			if other != section && strings.HasSuffix(line, "commands}") {
				line = strings.Join(file.Lines(other, "commands"), "\n")
			}
		}
		for range 3 {
			line = braced().ReplaceAllString(strings.ReplaceAll(line, "{envpython}", "python"), "")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// noxSessions adds the commands of sessions of noxfile.py, all if none is named: the calls of session.run.
func (r *pipelineReader) noxSessions(dir string, names []string) {
	text, ok := r.files.Read(path.Join(dir, "noxfile.py"))
	if !ok || len(text) > maxPipeline {
		return
	}
	found := session().FindAllStringSubmatchIndex(text, -1)
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		name := text[at[4]:at[5]]
		if own := named().FindStringSubmatch(text[at[2]:at[3]]); own != nil {
			name = own[1]
		}
		called := func(wanted string) bool { return wanted == name || strings.HasPrefix(wanted, name+"-") }
		if (len(names) == 0 || slices.ContainsFunc(names, called)) && r.once("nox "+dir+" "+name) {
			r.script(dir, noxScript(text[at[1]:end]))
		}
	}
}

// noxScript returns the commands of a session whose arguments are written down.
func noxScript(body string) string {
	var lines []string
	for _, call := range sessionDo().FindAllStringSubmatch(body, -1) {
		var words []string
		for _, one := range literal().FindAllStringSubmatch(call[1], -1) {
			words = append(words, strings.Trim(one[0], `*"' `))
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

// cargoAlias adds the command that an alias of Cargo stands for, which .cargo/config.toml names.
func (r *pipelineReader) cargoAlias(c recipes.Command) {
	at := 1
	for at < len(c.Words) && strings.HasPrefix(c.Words[at], "+") {
		at++
	}
	if at == len(c.Words) {
		return
	}
	for _, file := range []string{".cargo/config.toml", ".cargo/config"} {
		text, ok := r.files.Read(file)
		if !ok || len(text) > maxPipeline || !strings.Contains(text, "alias") {
			continue
		}
		table, _ := toml.Parse(text)
		words := toml.Strings(table, "alias", c.Words[at])
		if len(words) > 0 && r.once("cargo "+strings.Join(c.Words, " ")) {
			r.script(c.Dir, "cargo "+strings.Join(append(words, c.Words[at+1:]...), " "))
		}
	}
}
