package pipelines

import (
	"path"
	"slices"
	"strings"
)

// codeOptions are the options by which interpreters run the code that follows.
var codeOptions = map[string][]string{
	"python": {"-c"}, "node": {"-e", "--eval", "-p", "-pe"}, "ruby": {"-e"}, "perl": {"-e", "-ne", "-we"}, "php": {"-r"}, "deno": {"eval"}, "bun": {"-e"},
}

// interpreter returns the name of an interpreter of inline code, without its version, or "".
func interpreter(program string) string {
	program = strings.TrimRight(path.Base(program), "0123456789.")
	if codeOptions[program] == nil {
		return ""
	}
	return program
}

// inlineCode returns the code that an interpreter is given in a script: behind an option, or as a here-document.
func (c Call) inlineCode() string {
	words := plain(c.Words)
	options := codeOptions[interpreter(words[0])]
	if options == nil || slices.ContainsFunc(words, func(w string) bool { return w == ">" || w == ">>" || strings.Contains(w, "GITHUB_") }) {
		return ""
	}
	for i, w := range words[:len(words)-1] {
		if slices.Contains(options, w) {
			return words[i+1]
		}
	}
	for _, w := range words[1:] {
		if mark, ok := strings.CutPrefix(w, "<<"); ok {
			return document(c.Script, strings.TrimLeft(mark, "-"))
		}
		if !strings.HasPrefix(w, "-") {
			return ""
		}
	}
	return ""
}

// document returns the text of the here-document of a script that a word ends; of all with that word.
func document(script, end string) string {
	var text strings.Builder
	inside := false
	for line := range strings.Lines(script) {
		switch _, after, begins := strings.Cut(line, "<<"); {
		case inside && strings.TrimSpace(line) == end:
			inside = false
		case inside:
			text.WriteString(line)
		case begins:
			inside = strings.Trim(strings.Fields(after + " -")[0], "-'\"\\") == end
		}
	}
	return text.String()
}

// failures are the ways in which code of interpreters says that it fails.
var failures = strings.Fields("assert exit( raise throw die abort setFailed process.exitCode")

// mayFail reports whether inline code checks something: it fails by itself, or reads files or code of the project.
func mayFail(program, code string) bool {
	fails := func(mark string) bool { return strings.Contains(code, mark) }
	switch {
	case slices.ContainsFunc(failures, fails):
		return true
	case strings.Contains(code, "GITHUB_") || strings.Contains(code, "'w'") || strings.Contains(code, `"w"`) || strings.Contains(code, "write"):
		return false
	case interpreter(program) == "node" || interpreter(program) == "bun" || interpreter(program) == "deno":
		return strings.Contains(code, "require('./") || strings.Contains(code, `require("./`) || strings.Contains(code, "import('./") || strings.Contains(code, "JSON.parse")
	case interpreter(program) != "python":
		return false
	}
	return strings.Contains(code, "load(") || importsProject(code)
}

// importsProject reports whether code of Python imports other modules than those that tell about the machine.
func importsProject(code string) bool {
	for line := range strings.FieldsFuncSeq(code, func(r rune) bool { return r == ';' || r == '\n' }) {
		words := strings.Fields(strings.ReplaceAll(line, ",", " "))
		if len(words) < 2 || words[0] != "import" && words[0] != "from" {
			continue
		}
		for _, name := range words[1:] {
			if name, _, _ = strings.Cut(name, "."); words[0] == "import" && name == "as" || name == "import" {
				break
			}
			if !slices.Contains(toldByPython, name) {
				return true
			}
		}
	}
	return false
}

// toldByPython are modules of Python whose import is no check.
var toldByPython = strings.Fields("sys os platform struct sysconfig site ssl json re pathlib datetime time sqlite3 locale multiprocessing tomllib " +
	"importlib subprocess shutil urllib glob tempfile csv math random hashlib pip setuptools distutils __future__ typing collections io textwrap " +
	"configparser argparse zipfile tarfile xml base64 socket threading")
