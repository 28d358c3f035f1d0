package node

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// An outside collects what the packages of a unit name outside of the project.
type outside struct {
	*sdk.Outside
	unit *unit
}

// addOutside records what the packages of the unit name outside of the project: dependencies that are folders
// or archives there, members of the workspace, arguments of scripts, parts of a TypeScript project, and what
// the lockfile says that folders outside use in turn.
func (u *unit) addOutside(to *sdk.Outside) {
	o := outside{to, u}
	for _, m := range u.packages() {
		o.addDependencies(m)
		o.addScripts(m)
		o.addTypeScript(m)
	}
	for _, glob := range u.globs {
		if full := path.Join(u.root.Dir, glob); strings.HasPrefix(full, "..") || path.IsAbs(glob) {
			o.folder(u.root.Dir, beforeGlob(glob), fmt.Sprintf("the workspace has the member %s", glob))
		}
	}
	o.addInstalled()
	o.addLocked()
}

// folder records a folder with a package. Packages that were installed in it are found from there, and the
// record of the installer stands for them.
func (o outside) folder(dir, to, sentence string) {
	if o.Folder(dir, to, sentence) != "" || strings.HasPrefix(to, "/") {
		return
	}
	for _, record := range []string{".package-lock.json", ".modules.yaml", ".yarn-integrity"} {
		if full := path.Join(dir, to); strings.HasPrefix(full, "../") {
			o.File(dir, path.Join(to, "node_modules", record), sentence)
		}
	}
}

func (o outside) addDependencies(m *manifest) {
	for _, section := range sections {
		for _, name := range slices.Sorted(maps.Keys(m.Sections[section])) {
			o.addDependency(m.Dir, m.file(), name, m.Sections[section][name])
		}
	}
	for _, version := range m.Overrides {
		o.addDependency(m.Dir, m.file(), "a package", version)
	}
	for _, file := range m.Patches {
		o.File(m.Dir, file, fmt.Sprintf("%s patches a package with %s", m.file(), file))
	}
}

// addDependency records a dependency that is a folder or an archive.
func (o outside) addDependency(dir, file, name, version string) {
	if !isFolder(version) {
		return
	}
	to, sentence := withoutScheme(version), fmt.Sprintf("%s takes %s from %s", file, name, version)
	if isArchive(version) {
		o.File(dir, to, sentence)
		return
	}
	o.folder(dir, to, sentence)
}

// addScripts records the arguments of scripts that lead out of the project. The words of a shell are not
// expanded: one with a variable cannot be followed.
func (o outside) addScripts(m *manifest) {
	for _, name := range slices.Sorted(maps.Keys(m.Scripts)) {
		at, from := m.Dir, fmt.Sprintf("script %q of %s", name, m.file())
		for _, c := range split(m.Scripts[name]) {
			for _, word := range c {
				o.addWord(at, from, word)
				if at != m.Dir && c[0] != "cd" { // the folder may have been entered in parentheses
					o.addFile(m.Dir, from, argument(word))
				}
			}
			if c[0] == "cd" && len(c) > 1 {
				at = path.Join(at, c[1])
			}
		}
	}
}

// argument returns the value of a word such as "--project=../x", and other words as they are.
func argument(word string) string {
	if _, value, ok := strings.Cut(word, "="); ok {
		return value
	}
	return word
}

// addWord records a word of a script. A folder above the project itself has too much in it.
func (o outside) addWord(dir, from, word string) {
	if word = argument(word); !strings.Contains(word, "..") {
		return
	} else if above(path.Join(dir, word)) {
		o.Untracked("%s names %s", from, word)
		return
	}
	o.addFile(dir, from, word)
}

// addFile records the folder of a file that leads out of the project. Of a file right above the project, only
// the file counts.
func (o outside) addFile(dir, from, word string) {
	full := path.Join(dir, word)
	if path.IsAbs(word) || !strings.HasPrefix(full, "../") || above(full) {
		return
	}
	sentence := fmt.Sprintf("%s names %s", from, word)
	to := beforeGlob(word)
	if folder := path.Dir(to); path.Ext(to) != "" && !above(path.Join(dir, folder)) {
		to = folder
	} else if path.Ext(to) != "" {
		o.File(dir, to, sentence)
		return
	}
	o.Folder(dir, to, sentence)
}

// above reports whether a path is that of a folder above the project.
func above(full string) bool {
	return !slices.ContainsFunc(strings.Split(full, "/"), func(part string) bool { return part != ".." })
}

// beforeGlob returns the folders before the first part of a path with a wildcard.
func beforeGlob(glob string) string {
	for strings.ContainsAny(glob, "*?[{") {
		glob = path.Dir(glob)
	}
	return glob
}

// addTypeScript records the folders that tsconfig.json names.
func (o outside) addTypeScript(m *manifest) {
	file := join(m.Dir, "tsconfig.json")
	text, ok := o.unit.project.Read(file)
	var t map[string]json.RawMessage
	if !ok || json.Unmarshal([]byte(plainJSON(text)), &t) != nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(t)) {
		for _, name := range allStrings(t[key]) {
			o.addWord(m.Dir, file, name)
			if key == "extends" {
				o.File(m.Dir, name, fmt.Sprintf("%s extends %s", file, name))
			}
		}
	}
}

// addInstalled records the folders outside of the project that npm has linked: by its lockfile or, as "npm
// link" does, only in node_modules. npm writes them first.
func (o outside) addInstalled() {
	for _, file := range []string{o.unit.manager.Lock, o.unit.path("node_modules/.package-lock.json")} {
		if path.Ext(file) != ".json" {
			continue
		}
		for dir, dependencies := range linkedPackages(o.unit.project.Head(file, lockHead)) {
			sentence := fmt.Sprintf("%s has the package in %s", file, dir)
			o.folder(o.unit.root.Dir, dir, sentence)
			for name, version := range dependencies {
				o.addDependency(path.Join(o.unit.root.Dir, dir), file, name, version)
			}
		}
	}
}

// linkedPackages returns the packages in folders above the project in a lockfile of npm, each with its
// dependencies.
func linkedPackages(text string) map[string]map[string]string {
	found := map[string]map[string]string{}
	d := json.NewDecoder(strings.NewReader(text))
	if !enterObject(d, "packages") {
		return found
	}
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return found
	}
	for d.More() {
		name, err := d.Token()
		key, _ := name.(string)
		if err != nil || key != "" && !strings.HasPrefix(key, "..") {
			return found
		}
		var entry map[string]json.RawMessage
		if d.Decode(&entry) != nil {
			return found
		}
		if dir, _, nested := strings.Cut(key, "/node_modules/"); key != "" && !nested {
			found[dir] = stringMap(entry["dependencies"])
		}
	}
	return found
}

// addLocked records the folders that a lockfile of another manager names. Only if a manifest names one can a
// package there name others.
func (o outside) addLocked() {
	g := o.unit.manager
	if !o.HasFolders() || g.Name == "npm" {
		return
	}
	text, _ := o.unit.project.Read(g.Lock)
	if g.Lock == "" || path.Ext(g.Lock) == ".lockb" {
		o.Untracked("without a lockfile that davit reads, packages outside of the project may use others there")
	}
	for _, found := range lockedFolder().FindAllStringSubmatch(text, -1) {
		o.folder(o.unit.root.Dir, found[1], fmt.Sprintf("%s names %s", g.Lock, found[1]))
	}
}

// lockedFolder matches a folder in the lockfile of pnpm, yarn or bun.
var lockedFolder = pattern(`(?m)(?:file:|link:|portal:|^ *['"]?)(\.\./[^'"\s#:),(]+)`)

// enterObject reads the next object up to the value of a key, and reports whether it has the key.
func enterObject(d *json.Decoder, key string) bool {
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return false
	}
	for {
		name, err := d.Token()
		if err != nil || name == json.Delim('}') {
			return false
		}
		if name == key {
			return true
		}
		if skip(d) != nil {
			return false
		}
	}
}

// lockHead is how much of a lockfile of npm is read. Packages outside of the project come first.
const lockHead = 64 << 10
