package python

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// An outside collects what the manifests of one project name outside of the repository.
type outside struct {
	*sdk.Outside
	pr *project
}

// addOutside records what the manifests name outside of the repository: requirements that are folders or
// archives, requirements files, and whatever else the tables of tools name there, such as folders with code
// or configuration that is extended.
func (pr *project) addOutside(to *sdk.Outside, m manager) {
	o := outside{to, pr}
	for _, name := range pr.manifests {
		switch text, ext := pr.manifest(name), path.Ext(name); {
		case slices.Contains(pr.read, name):
			o.addRequirements(name, text)
		case ext == ".py":
			o.addSetupPy(name)
		case ext == ".cfg" || ext == ".ini":
			for _, word := range strings.FieldsFunc(text, separates) {
				o.addValue(name, "", word)
			}
		}
	}
	o.addTables("pyproject.toml", "", pr.pyproject)
	o.addTables("Pipfile", "", pr.pipfile)
	o.addLocked(m)
}

// separates reports whether a character is between two words of an option or of a value in an INI file.
func separates(r rune) bool { return strings.ContainsRune(" \t\r\n,;=", r) }

// addRequirements records what a requirements file names. pip takes paths as seen from the folder that it
// runs in, and those of other requirements files as seen from the file.
func (o outside) addRequirements(name, text string) {
	for _, line := range strings.Split(strings.ReplaceAll(text, "\\\n", " "), "\n") {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
		sentence := fmt.Sprintf("%s names %s", o.pr.at(name), line)
		if file, ok := option(line, "--requirement", "-r", "--constraint", "-c"); ok {
			if !strings.Contains(file, "://") {
				o.File(path.Dir(o.pr.at(name)), file, sentence)
			}
			continue
		}
		to, ok := option(line, "--editable", "-e", "--find-links", "-f")
		if !ok && (strings.HasPrefix(line, "-") || strings.HasPrefix(line, "#")) {
			continue
		}
		if _, url, ok := strings.Cut(to, "@"); ok {
			to = url
		}
		o.addRequirement(strings.TrimSpace(to), sentence)
	}
}

// option returns the value of a line that begins with one of the options, else the line.
func option(line string, names ...string) (string, bool) {
	for _, name := range names {
		if rest, ok := strings.CutPrefix(line, name); ok && strings.TrimLeft(rest, " =\t") != "" {
			return strings.TrimLeft(rest, " =\t"), true
		}
	}
	return line, false
}

// addRequirement records a requirement that is a path: of a folder, or of an archive.
func (o outside) addRequirement(to, sentence string) {
	to, _, _ = strings.Cut(to, ";")
	to, _, _ = strings.Cut(strings.TrimSpace(to), "[")
	to = strings.TrimPrefix(strings.TrimPrefix(to, "file:"), "//")
	switch {
	case to == "" || strings.Contains(to, "://") || !strings.Contains("./$~", to[:1]) &&
		!strings.Contains(to, "/../"):
	case isFile(to):
		o.File(o.pr.dir, to, sentence)
	default:
		o.Folder(o.pr.dir, to, sentence)
	}
}

// isFile reports whether a path outside of the project, of which nothing can be seen, is that of a file by
// its name.
func isFile(to string) bool {
	base := path.Base(to)
	return base != ".." && path.Ext(base) != "" ||
		slices.Contains([]string{"LICENSE", "README", "VERSION"}, base)
}

// addSetupPy records the literals of a setup.py that are paths. What it computes cannot be followed.
func (o outside) addSetupPy(name string) {
	for _, computed := range []string{`".."`, "'..'", "parent.parent", "parents["} {
		if strings.Contains(o.pr.setupPy.text, computed) {
			o.Untracked("%s computes a path with %s", o.pr.at(name), computed)
		}
	}
	for _, text := range literals(o.pr.setupPy.text) {
		o.addValue(name, "", text)
	}
}

// addTables records the paths in the tables of a TOML file, keys among them.
func (o outside) addTables(file, key string, value any) {
	switch v := value.(type) {
	case string:
		o.addValue(file, key, v)
	case []any:
		for _, item := range v {
			o.addTables(file, key, item)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			o.addValue(file, "", name)
			o.addTables(file, name, v[name])
		}
	}
}

// addValue records a value that is a path out of the project, or a requirement with one: "lib @ file:../lib".
// An absolute path counts only under the key "path", since others are of the system.
func (o outside) addValue(file, key, value string) {
	sentence := fmt.Sprintf("%s names %s", o.pr.at(file), value)
	for _, before := range []string{"@ file:", "@ {root:uri}/", "-e "} {
		if _, url, ok := strings.Cut(value, before); ok {
			o.addRequirement(url, sentence)
			return
		}
	}
	if strings.Contains(value, "{root:parent") { // hatch
		o.Untracked("%s", sentence)
	}
	if key == "path" {
		o.addRequirement(value, sentence)
	}
	for _, word := range append(strings.FieldsFunc(value, separates), value) { // options, or one path
		if glob := strings.IndexAny(word, "*?["); glob >= 0 {
			word = path.Dir(word[:glob] + "x")
		}
		if strings.HasPrefix(path.Clean(word), "../") {
			o.addRequirement(word, sentence)
		}
	}
}

// addLocked records the folders in a lock file: a package outside of the project may name others there.
func (o outside) addLocked(m manager) {
	file := o.pr.at(m.lock())
	if o.pr.inWorkspace() {
		file = m.lock()
	}
	text, ok := o.pr.Read(file)
	switch {
	case !o.HasFolders() || m.lock() == "":
	case !ok:
		o.Untracked("without a %s, packages outside of the project may use others there", file)
	default:
		for _, found := range lockedFolder.FindAllStringSubmatch(text, -1) {
			o.Folder(path.Dir(file), found[1], fmt.Sprintf("%s names %s", file, found[1]))
		}
	}
}

// lockedFolder matches a folder in a lock file: directory = "../lib".
var lockedFolder = regexp.MustCompile(`[=:] *"(\.\./[^"]+)"`)
