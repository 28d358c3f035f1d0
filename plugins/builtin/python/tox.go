package python

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/ini"
	"github.com/davit-dev/davit/plugins/sdk/toml"
	"github.com/davit-dev/davit/plugins/sdk/tox"
)

// A toxConfig is the configuration of tox: an INI file, or tables of TOML in the same form.
type toxConfig struct {
	file string // relative to the root of the repository, "" if there is none
	dir  string // of the project
	ini  ini.File
	envs []string // the list of environments
	read map[string]*task
}

// tox returns the configuration of tox, from the first file that has one, as tox looks for it.
func (pr *project) tox() *toxConfig {
	if pr.toxRead == nil {
		pr.toxRead = pr.readTox()
	}
	return pr.toxRead
}

func (pr *project) readTox() *toxConfig {
	c := &toxConfig{dir: pr.dir}
	table := toml.Table(pr.pyproject, "tool", "tox")
	own, _ := toml.Parse(pr.manifest("tox.toml"))
	switch legacy := toml.String(table, "legacy_tox_ini"); {
	case pr.exists("tox.ini"):
		c.file, c.ini = "tox.ini", pr.toxIni
	case pr.setupCfg.Has("tox:tox"):
		c.file, c.ini = "setup.cfg", pr.setupCfg
	case legacy != "":
		c.file, c.ini = "pyproject.toml", ini.Parse(legacy)
	case table != nil:
		c.file, c.ini = "pyproject.toml", toxTables(table)
	case len(own) > 0:
		c.file, c.ini = "tox.toml", toxTables(own)
	default:
		return c
	}
	for _, section := range []string{"tox", "tox:tox"} {
		for _, key := range []string{"envlist", "env_list"} {
			c.envs = append(c.envs, tox.List(c.ini[section][key])...)
		}
	}
	c.file = pr.at(c.file)
	return c
}

// listed returns the environments of the list, and those that have a section of their own. Without a list, tox runs
// one environment.
func (c *toxConfig) listed() (out []*task) {
	if c.file == "" {
		return nil
	}
	names := c.envs
	if len(names) == 0 {
		names = []string{"py"}
	}
	for _, section := range slices.Sorted(maps.Keys(c.ini)) {
		if name, ok := strings.CutPrefix(section, "testenv:"); ok {
			names = union(names, tox.Expand(name))
		}
	}
	for _, name := range names {
		t := c.env(name)
		t.byDefault = len(c.envs) == 0 && name == "py" || slices.Contains(c.envs, name)
		out = append(out, t)
	}
	return out
}

// called returns the environments that the arguments of tox name, or those of the list.
func (c *toxConfig) called(args []string) (out []*task) {
	names, known := toxNames(args)
	for _, t := range c.listed() {
		if len(names) == 0 && t.byDefault || !known && t.byDefault {
			out = append(out, t)
		}
	}
	for _, name := range names {
		if c.file != "" && isKnown(name) {
			out = append(out, c.env(name))
		}
	}
	return out
}

// toxNames returns the environments that the arguments of tox name, and whether all of them are known.
func toxNames(args []string) (names []string, known bool) {
	known = true
	for i, word := range args {
		if word == "--" {
			break
		}
		value, ok := strings.CutPrefix(word, "-e")
		if word == "-e" && i+1 < len(args) {
			value = args[i+1]
		}
		if ok || strings.HasPrefix(word, "--env=") {
			value = strings.TrimPrefix(strings.TrimPrefix(value, "--env"), "=")
			known = known && isKnown(value)
			names = append(names, tox.Words(value)...)
		}
		known = known && word != "-f"
	}
	return names, known
}

// env returns an environment by its name, whose parts between "-" are factors.
func (c *toxConfig) env(name string) *task {
	if c.read[name] == nil {
		if c.read == nil {
			c.read = map[string]*task{}
		}
		c.read[name] = c.readEnv(name)
	}
	return c.read[name]
}

func (c *toxConfig) readEnv(name string) *task {
	section := c.section(name)
	t := &task{runner: "tox", name: name, file: c.file, dir: c.dir, env: map[string]string{}}
	if section == "" && len(c.envs) <= 1 {
		t.name = "testenv"
	}
	get := func(keys ...string) []string { return c.lines(name, section, keys...) }
	for _, line := range slices.Concat(get("commands_pre"), get("commands")) {
		if !strings.HasPrefix(line, "-") {
			t.script += line + "\n"
		}
	}
	t.deps = get("deps")
	t.extras, t.groups = tox.Words(strings.Join(get("extras"), " ")), tox.Words(strings.Join(get("dependency_groups"), " "))
	for _, line := range get("setenv", "set_env") {
		if key, value, ok := strings.Cut(line, "="); ok && isKnown(value) {
			t.env[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return t
}

// section returns the section of an environment of its own, or "".
func (c *toxConfig) section(name string) string {
	for section := range c.ini {
		if own, ok := strings.CutPrefix(section, "testenv:"); ok && slices.Contains(tox.Expand(own), name) {
			return section
		}
	}
	return ""
}

// lines returns the lines of a key of an environment, of its own section or of the common one, for its factors.
func (c *toxConfig) lines(name, section string, keys ...string) (out []string) {
	for _, key := range keys {
		value, ok := c.ini[section][key]
		if !ok {
			value = c.ini["testenv"][key]
		}
		value = c.replaced(strings.ReplaceAll(value, "\\\n", " "), 0)
		for _, line := range strings.Split(value, "\n") {
			line, _, _ = strings.Cut(line, " #")
			if line = tox.Line(strings.TrimSpace(line), name); line != "" {
				out = append(out, line)
			}
		}
	}
	return out
}

// The substitutions of tox that need more than their text: the place of its own arguments, which is their default if there
// are none, and the value of another section.
var (
	posargs  = lazyRegexp(`\{posargs(?::((?:[^{}]|\{[^{}]*\})*))?\}|\[\]`)
	toxValue = lazyRegexp(`\{\[([^\]{}]+)\]([^{}]+)\}`)
)

// replaced returns a value with what is known of its substitutions.
func (c *toxConfig) replaced(value string, depth int) string {
	if !strings.ContainsAny(value, "{[") {
		return value
	}
	value = toxValue().ReplaceAllStringFunc(value, func(word string) string {
		found := toxValue().FindStringSubmatch(word)
		if depth > 5 {
			return ""
		}
		return c.replaced(c.ini[found[1]][strings.ToLower(found[2])], depth+1)
	})
	return posargs().ReplaceAllString(tox.Substitute(value), "$1")
}

// toxTables returns tables of TOML, as tox 4 reads them, in the form of an INI file.
func toxTables(root map[string]any) ini.File {
	out := ini.File{"tox": toxSection(map[string]any{"env_list": root["env_list"]}),
		"testenv": toxSection(toml.Table(root, "env_run_base"))}
	for name := range toml.Table(root, "env") {
		out["testenv:"+name] = toxSection(toml.Table(root, "env", name))
	}
	return out
}

func toxSection(table map[string]any) map[string]string {
	out := map[string]string{}
	for key, value := range table {
		switch value := value.(type) {
		case string:
			out[key] = value
		case []any:
			out[key] = strings.Join(toxLines(value), "\n")
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(value)) {
				if text, ok := value[name].(string); ok {
					out[key] += name + "=" + text + "\n"
				}
			}
		}
	}
	return out
}

// toxLines returns the lines of a list: a command is a list of words.
func toxLines(list []any) (out []string) {
	for _, item := range list {
		switch item := item.(type) {
		case string:
			out = append(out, item)
		case []any:
			out = append(out, quoteKnown(toxWords(item)))
		case map[string]any:
			if toml.String(item, "product") == "" {
				out = append(out, toxLines(toml.List(item, "default"))...)
			}
		}
	}
	return out
}

// toxWords returns the words of a command. {replace = "posargs", default = […]} stands for its default.
func toxWords(list []any) (out []string) {
	for _, item := range list {
		switch item := item.(type) {
		case string:
			out = append(out, item)
		case map[string]any:
			out = append(out, strings.Join(toml.Strings(item, "default"), " "))
		}
	}
	return slices.DeleteFunc(out, func(word string) bool { return word == "" })
}

// quoteKnown quotes words for a shell, except those with substitutions, which are still to be replaced.
func quoteKnown(words []string) string {
	for i, word := range words {
		if isKnown(word) {
			words[i] = sdk.Quote(word)
		}
	}
	return strings.Join(words, " ")
}

// interpreterFactor matches a factor that is an interpreter: "py", "py3", "py312", "3.12".
var interpreterFactor = lazyRegexp(`^(?:py(?:thon)?3?(?:\.?(\d+))?|3\.(\d+))$`)

// testEnvironment returns the one environment in which the tests of the project run: that of the newest interpreter
// with the fewest other factors, else one that is named after tests; nil if none calls them.
func (c *toxConfig) testEnvironment(runs func(*task) bool) *task {
	var found *task
	best := -1
	for _, t := range c.listed() {
		if rank := envRank(t, t.name); rank > best && runs(t) {
			found, best = t, rank
		}
	}
	return found
}

// envRank returns how well an environment stands for the usual tests, -1 for not at all. What tox runs by default comes
// first, then an interpreter, few other factors, and a new one.
func envRank(t *task, name string) int {
	rank, others, minor := -1, 0, 0
	for _, factor := range strings.Split(name, "-") {
		switch found := interpreterFactor().FindStringSubmatch(factor); {
		case found != nil:
			rank = 2
			minor, _ = strconv.Atoi(found[1] + found[2])
		case slices.Contains([]string{"testenv", "test", "tests", "unit", "unittest", "pytest"}, factor):
			rank = max(rank, 1)
		default:
			others++
		}
	}
	if rank >= 0 && t.byDefault {
		rank += 10
	}
	return max(rank*10000-others*100+min(minor, 99), min(rank, 0))
}
