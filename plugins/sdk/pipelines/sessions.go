package pipelines

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/ini"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/toml"
	"github.com/davit-dev/davit/plugins/sdk/tox"
)

// sessions adds the commands of the environments of tox, or of the sessions of nox, that a command runs.
func (r *pipelineReader) sessions(c recipes.Command) {
	names := SessionsNamed(c.Words)
	if path.Base(c.Words[0]) == "tox" {
		r.toxEnvironments(c.Dir, names)
	} else {
		r.noxSessions(c.Dir, names)
	}
}

// SessionsNamed returns the names behind the options of tox or nox that name environments or sessions; nil for the default
// ones.
func SessionsNamed(words []string) (names []string) {
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
	session   = compiled(`(?m)^@(?:nox\.)?session\b([^\n]*(?:\n[ )@#][^\n]*)*)\ndef (\w+)\(\s*(\w+)`)
	named     = compiled(`\bname\s*=\s*["']([^"']+)`)
	sessionDo = compiled(`\b(\w+)\.run(?:_always)?\(([^)]*)\)`)
	// sessionSets matches a variable that a session of nox sets: session.env["MODE"] = "slow".
	sessionSets = compiled(`\b(\w+)\.env\[["'](\w+)["']\]\s*=\s*["']([^"'\n]*)["']`)
	literal     = compiled(`(\*)?\s*"([^"\n]*)"|(\*)?\s*'([^'\n]*)'`)
)

// tox returns the name of the file with the configuration of tox in a folder, and what it has; nil if there is none.
func (r *pipelineReader) tox(dir string) (string, ini.File) {
	for _, name := range []string{"tox.ini", "setup.cfg"} {
		file := parsedFile(r, path.Join(dir, name), ini.Parse)
		if file != nil && (name == "tox.ini" || file.Has("tox:tox")) {
			return name, file
		}
	}
	pyproject := r.toml(path.Join(dir, "pyproject.toml"))
	if text := toml.String(pyproject, "tool", "tox", "legacy_tox_ini"); text != "" {
		return "pyproject.toml", ini.Parse(text)
	}
	if toml.Has(pyproject, "tool", "tox") {
		return "pyproject.toml", toxOfTOML(toml.Table(pyproject, "tool", "tox"))
	}
	if m := r.toml(path.Join(dir, "tox.toml")); len(m) > 0 {
		return "tox.toml", toxOfTOML(m)
	}
	return "", nil
}

// toxOfTOML returns the configuration of tox in TOML (https://tox.wiki/en/latest/config.html#toml-only) in the form of
// tox.ini: env_list, and the commands of env_run_base and of env.NAME, each a list of words.
func toxOfTOML(m map[string]any) ini.File {
	file := ini.File{"tox": {"envlist": strings.Join(toml.Strings(m, "env_list"), ",")}}
	add := func(section string, env map[string]any) {
		var lines []string
		for _, command := range toml.List(env, "commands") {
			var words []string
			for _, word := range stringItems(command) {
				words = append(words, sdk.Quote(word))
			}
			lines = append(lines, strings.Join(words, " "))
		}
		file[section] = map[string]string{"commands": strings.Join(lines, "\n"), "set_env": strings.Join(assignedInTOML(env, "set_env"), "\n")}
	}
	add("testenv", toml.Table(m, "env_run_base"))
	for name := range toml.Table(m, "env") {
		add("testenv:"+name, toml.Table(m, "env", name))
	}
	return file
}

// assignedInTOML returns the variables of a table of TOML, as "NAME=value".
func assignedInTOML(m map[string]any, key string) (set []string) {
	table := toml.Table(m, key)
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if value, ok := table[name].(string); ok {
			set = append(set, name+"="+value)
		}
	}
	return set
}

// stringItems returns the strings of a list; other items, such as references to other keys, are left out.
func stringItems(list any) (words []string) {
	items, _ := list.([]any)
	for _, item := range items {
		if word, ok := item.(string); ok {
			words = append(words, word)
		}
	}
	return words
}

// toxList returns the environments that tox runs where none is named.
func toxList(file ini.File) []string {
	list := file["tox"]["envlist"] + "\n" + file["tox"]["env_list"] + "\n" + file["tox:tox"]["envlist"]
	return tox.List(list)
}

// toxEnvironments adds the commands of environments of tox: those of the list, if none is named. An environment without a
// section of its own has the commands of all.
func (r *pipelineReader) toxEnvironments(dir string, names []string) {
	_, file := r.tox(dir)
	if file == nil {
		return
	}
	if len(names) == 0 {
		names = toxList(file)
	}
	if len(names) == 0 {
		names = []string{"py"}
	}
	for _, name := range names {
		script, set := toxScript(file, toxSection(file, name, "commands"), name), toxVariables(file, name)
		r.inside(slices.Concat(r.env, set), r.own+len(set), func() {
			if r.once("tox " + dir + " " + script) {
				r.script(dir, script)
			}
		})
	}
}

// toxVariables returns the variables that tox sets for an environment, as far as their values are written out.
func toxVariables(file ini.File, env string) (set []string) {
	for _, key := range []string{"setenv", "set_env"} {
		for _, line := range file.Lines(toxSection(file, env, key), key) {
			name, value, ok := strings.Cut(tox.Line(line, env), "=")
			if name = strings.TrimSpace(name); ok && isKey(name) && !strings.Contains(value, "{") {
				set = append(set, name+"="+strings.TrimSpace(value))
			}
		}
	}
	return set
}

// toxSection returns the section with a key of an environment: its own, or that of all.
func toxSection(file ini.File, env, key string) string {
	for _, section := range slices.Sorted(maps.Keys(file)) {
		names, ok := strings.CutPrefix(section, "testenv:")
		if ok && file[section][key] != "" && slices.Contains(tox.List(names), env) {
			return section
		}
	}
	return "testenv"
}

// toxScript returns the commands of an environment, from a section, without values of tox.
func toxScript(file ini.File, section, env string) string {
	var lines []string
	for _, line := range file.Lines(section, "commands") {
		line = tox.Line(line, env)
		if line = strings.TrimSpace(strings.TrimPrefix(line, "-")); strings.HasPrefix(line, "{[") {
			other, _, _ := strings.Cut(line[2:], "]")
			if other != section && strings.HasSuffix(line, "commands}") {
				line = strings.Join(file.Lines(other, "commands"), "\n")
			}
		}
		line = tox.Substitute(line)
		for range 3 {
			line = braced().ReplaceAllString(line, "")
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
	for _, s := range sessionsIn(text) {
		called := func(wanted string) bool { return wanted == s.name || strings.HasPrefix(wanted, s.name+"-") }
		if (len(names) == 0 || slices.ContainsFunc(names, called)) && r.once("nox "+dir+" "+s.name) {
			set := s.variables()
			r.inside(slices.Concat(r.env, set), r.own+len(set), func() { r.script(dir, s.script()) })
		}
	}
}

// A noxSession is a session of nox, and the name of the argument and the text of its function.
type noxSession struct{ name, argument, body string }

// sessionsIn returns the sessions of a noxfile.py.
func sessionsIn(text string) (all []noxSession) {
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
		all = append(all, noxSession{name, text[at[6]:at[7]], text[at[1]:end]})
	}
	return all
}

// variables returns the variables that a session sets for its commands with values that are written out.
func (s noxSession) variables() (set []string) {
	for _, one := range sessionSets().FindAllStringSubmatch(s.body, -1) {
		if one[1] == s.argument {
			set = append(set, one[2]+"="+one[3])
		}
	}
	return set
}

// script returns the commands of a session whose arguments are written down.
func (s noxSession) script() string {
	var lines []string
	for _, call := range sessionDo().FindAllStringSubmatch(s.body, -1) {
		var words []string
		if call[1] != s.argument {
			continue
		}
		for _, one := range literal().FindAllStringSubmatch(call[2], -1) {
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
