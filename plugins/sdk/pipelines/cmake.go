package pipelines

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// runsTargetOfCMake reports whether a command makes a target of CMake that compiles nothing: "cmake --build build --target gate"
// of add_custom_target(gate …).
func (r *pipelineReader) runsTargetOfCMake(c recipes.Command) bool {
	if path.Base(c.Words[0]) != "cmake" || !slices.Contains(c.Words, "--build") {
		return false
	}
	for i, w := range c.Words {
		name, joined := strings.CutPrefix(w, "--target=")
		if (w == "--target" || w == "-t") && i+1 < len(c.Words) {
			name, joined = c.Words[i+1], true
		}
		if joined && MayCheck(name) && !NameHas(name, unchecked) && r.hasCustomTarget(name) {
			return true
		}
	}
	return false
}

// unchecked are words in the names of targets of CMake that make something.
var unchecked = strings.Fields("doc docs doxygen uninstall coverage format all")

// hasCustomTarget reports whether a CMakeLists.txt of the project defines a target that compiles nothing.
func (r *pipelineReader) hasCustomTarget(name string) bool {
	defines := regexp.MustCompile(`(?i)\badd_custom_target\s*\(\s*` + regexp.QuoteMeta(name) + `\b`)
	return slices.ContainsFunc(r.listsOfCMake(), defines.MatchString)
}

// listsOfCMake returns the texts of the files of CMake in the root of the project and in the folders of it, which are read
// once.
func (r *pipelineReader) listsOfCMake() (texts []string) {
	const all = "all CMakeLists.txt"
	if known, ok := r.parsed[all].([]string); ok {
		return known
	}
	defer func() { r.parsed[all] = texts }()
	for _, dir := range append([]string{"."}, r.files.List(".")...) {
		if dir != "." && (!strings.HasSuffix(dir, "/") || strings.HasPrefix(dir, ".")) {
			continue
		}
		if text, ok := r.files.Read(path.Join(dir, "CMakeLists.txt")); ok && len(text) < maxPipeline {
			texts = append(texts, text)
		}
	}
	return texts
}

// cmakeOption matches an option of CMake with its default.
var cmakeOption = compiled(`(?im)^\s*(?:option|cmake_dependent_option)\s*\(\s*(\w+)\s+"[^"]*"\s*([^\s);]*)`)

// optionsOfCMake returns the options of the project that a command of CMake turns on and that are off by default, as
// "-DSLOW=ON", and the checks of compilers by "-fsanitize".
func (r *pipelineReader) optionsOfCMake(words []string) (set []string) {
	if path.Base(words[0]) != "cmake" || !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "-D") }) {
		return nil
	}
	defaults := map[string]bool{}
	for _, text := range r.listsOfCMake() {
		for _, found := range cmakeOption().FindAllStringSubmatch(text, -1) {
			defaults[found[1]] = isOn(found[2]) || strings.Contains(found[2], "$") // which is on where the project is the main one
		}
	}
	for _, v := range definedIn(words) {
		name, value, _ := strings.Cut(v, "=")
		name, _, _ = strings.Cut(name, ":") // -DNAME:BOOL=ON
		byDefault, known := defaults[name]
		if known && isOn(value) && !byDefault && !notOfChecks().MatchString(name) || strings.Contains(value, "-fsanitize") {
			set = append(set, "-D"+name+"="+value)
		}
	}
	slices.Sort(set)
	return set
}

// notOfChecks matches the names of options by which nothing else is compiled or tested.
var notOfChecks = compiled(`COVERAGE|INSTALL|DOC|PACKAG|CCACHE|LTO|BENCH|VENDOR|BUNDLE|SYSTEM`)

// definedIn returns the variables that words define: "-DA=ON", "-D A=ON".
func definedIn(words []string) (all []string) {
	for i, w := range words {
		switch rest, ok := strings.CutPrefix(w, "-D"); {
		case ok && rest == "" && i+1 < len(words):
			all = append(all, words[i+1])
		case ok && rest != "":
			all = append(all, rest)
		}
	}
	return all
}

func isOn(value string) bool {
	return slices.Contains([]string{"ON", "YES", "TRUE", "1", "Y"}, strings.ToUpper(value))
}
