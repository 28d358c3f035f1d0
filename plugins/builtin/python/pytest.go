package python

import (
	"cmp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/ini"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A pytestConfig is the configuration of pytest, from the file that pytest itself reads.
type pytestConfig struct {
	file       string // "" if there is none
	addopts    []string
	testpaths  []string
	pythonpath []string
	markers    []string
	required   []string // required_plugins
	keys       map[string]bool
}

func readPytestConfig(pr *project) pytestConfig {
	for _, name := range []string{"pytest.ini", ".pytest.ini"} {
		if pr.exists(name) {
			return iniPytest(name, ini.Parse(pr.manifest(name))["pytest"])
		}
	}
	for _, keys := range [][]string{{"tool", "pytest", "ini_options"}, {"tool", "pytest"}} {
		if table := toml.Table(pr.pyproject, keys...); table != nil {
			return tomlPytest(table)
		}
	}
	if pr.toxIni.Has("pytest") {
		return iniPytest("tox.ini", pr.toxIni["pytest"])
	}
	if pr.setupCfg.Has("tool:pytest") {
		return iniPytest("setup.cfg", pr.setupCfg["tool:pytest"])
	}
	return pytestConfig{}
}

func iniPytest(file string, section map[string]string) pytestConfig {
	c := pytestConfig{
		file: file, addopts: splitWords(section["addopts"]), testpaths: strings.Fields(section["testpaths"]),
		pythonpath: strings.Fields(section["pythonpath"]), markers: strings.Split(section["markers"], "\n"),
		required: strings.Fields(section["required_plugins"]), keys: map[string]bool{},
	}
	for key := range section {
		c.keys[key] = true
	}
	return c
}

func tomlPytest(table map[string]any) pytestConfig {
	list := func(key string) (out []string) {
		for _, s := range toml.Strings(table, key) {
			out = append(out, splitWords(s)...)
		}
		return out
	}
	c := pytestConfig{
		file: "pyproject.toml", addopts: list("addopts"), testpaths: list("testpaths"),
		pythonpath: list("pythonpath"),
		markers:    toml.Strings(table, "markers"), required: list("required_plugins"),
		keys: map[string]bool{},
	}
	for key := range table {
		c.keys[strings.ToLower(key)] = true
	}
	return c
}

// splitWords splits a line of options into words. As in a shell, quotes keep words together.
func splitWords(text string) (out []string) {
	var word strings.Builder
	quote, open := rune(0), false
	for _, c := range text + " " {
		switch {
		case c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, open = c, true
		case quote == 0 && (c == ' ' || c == '\n' || c == '\t'):
			if word.Len() > 0 || open {
				out = append(out, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(c)
		}
	}
	return out
}

// pluginOfOption maps options of pytest to the plugins that define them.
var pluginOfOption = []struct{ option, module string }{
	{"--cov", "pytest_cov"}, {"--no-cov", "pytest_cov"}, {"-n", "xdist"}, {"--numprocesses", "xdist"},
	{"--dist", "xdist"}, {"--timeout", "pytest_timeout"}, {"--asyncio-mode", "pytest_asyncio"},
	{"--benchmark", "pytest_benchmark"}, {"--mypy", "pytest_mypy"}, {"--flake8", "pytest_flake8"},
	{"--black", "pytest_black"}, {"--isort", "pytest_isort"}, {"--pylint", "pytest_pylint"},
	{"--ruff", "pytest_ruff"}, {"--reruns", "pytest_rerunfailures"}, {"--html", "pytest_html"},
	{"--ds", "pytest_django"}, {"--reuse-db", "pytest_django"}, {"--create-db", "pytest_django"},
	{"--nomigrations", "pytest_django"}, {"--no-migrations", "pytest_django"}, {"--snapshot", "syrupy"},
	{"--xdoctest", "xdoctest"}, {"--disable-socket", "pytest_socket"}, {"--allow-hosts", "pytest_socket"},
	{"--allow-unix-socket", "pytest_socket"}, {"--block-network", "pytest_recording"},
	{"--record-mode", "pytest_recording"}, {"--random-order", "random_order"},
	{"--randomly", "pytest_randomly"}, {"--typeguard", "typeguard"}, {"--nbval", "nbval"},
	{"--hypothesis", "hypothesis"}, {"--mpl", "pytest_mpl"}, {"--doctest-plus", "pytest_doctestplus"},
	{"--doctest-rst", "pytest_doctestplus"}, {"--remote-data", "pytest_remotedata"},
	{"--codspeed", "pytest_codspeed"}, {"--spec", "pytest_spec"}, {"--sugar", "pytest_sugar"},
	{"--testmon", "testmon"}, {"--instafail", "pytest_instafail"}, {"--ruff-format", "pytest_ruff"},
}

// plugins returns the modules without which pytest would not start with this configuration, or would not run
// its tests.
func (c pytestConfig) plugins() (modules []string) {
	add := func(m string) {
		if !slices.Contains(modules, m) {
			modules = append(modules, m)
		}
	}
	for i, word := range c.addopts {
		for _, p := range pluginOfOption {
			if word == p.option || strings.HasPrefix(word, p.option+"=") ||
				len(p.option) > 4 && strings.HasPrefix(word, p.option+"-") ||
				p.option == "-n" && numbered(word) {
				add(p.module)
			}
		}
		if word == "-p" && i+1 < len(c.addopts) && !strings.HasPrefix(c.addopts[i+1], "no:") &&
			!builtinPlugins[c.addopts[i+1]] {
			add(c.addopts[i+1])
		}
	}
	if c.keys["asyncio_mode"] {
		add("pytest_asyncio")
	}
	if c.keys["django_settings_module"] {
		add("pytest_django")
	}
	for _, r := range requirements(c.required) {
		add(module(r.name()))
	}
	return modules
}

// builtinPlugins are arguments of -p that need no installed plugin.
var builtinPlugins = map[string]bool{"pytester": true, "doctest": true, "cacheprovider": true,
	"logging": true, "faulthandler": true, "terminal": true, "unraisableexception": true,
	"threadexception": true}

// numbered reports whether a word is -n with its value, such as -n4 or -nauto.
func numbered(word string) bool {
	rest, ok := strings.CutPrefix(word, "-n")
	return ok && (rest == "auto" || rest == "logical" || rest != "" && strings.Trim(rest, "0123456789") == "")
}

// distributionOf maps modules to their distributions, if the names differ.
var distributionOf = map[string]string{
	"xdist": "pytest-xdist", "random_order": "pytest-random-order", "testmon": "pytest-testmon",
}

func distribution(module string) string { return cmp.Or(distributionOf[module], normalize(module)) }
