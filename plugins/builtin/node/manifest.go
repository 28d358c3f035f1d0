package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A manifest is a parsed package.json. As in npm, a key of the wrong type counts as absent.
type manifest struct {
	Dir               string // of the package, "." for the root
	Name              string
	PackageManager    string // "pnpm@10.1.0", or the name that devEngines gives
	Engines           string // engines.node
	DevNode           string // the version of Node in devEngines
	Volta             string // the version of Node for Volta
	Scripts           map[string]string
	Lines             map[string]int // of the scripts
	Sections          map[string]map[string]string
	Workspaces        []string
	Entries           []string // the entry points of the package: main, exports, bin, …
	Bins              []string // the programs among them
	Native            bool     // has a binding.gyp
	HasInstallScripts bool     // has a binding.gyp or install scripts
	Overrides         []string // the versions in overrides and resolutions
	Patches           []string // the files in patchedDependencies
}

// sections are the keys with dependencies that an install gets.
var sections = []string{"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"}

// readManifest reads the package.json of a folder. An error names the file and the line.
func readManifest(p *sdk.Project, dir string) (*manifest, error) {
	name := join(dir, "package.json")
	text, ok := p.Read(name)
	if !ok {
		return nil, fmt.Errorf("%s: cannot be read", name)
	}
	m, err := parseManifest(strings.TrimPrefix(text, "\ufeff"))
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	m.Dir = dir
	m.Native = p.Exists(join(dir, "binding.gyp"))
	m.HasInstallScripts = m.Native
	for _, hook := range installHooks {
		m.HasInstallScripts = m.HasInstallScripts || m.Scripts[hook] != ""
	}
	return m, nil
}

// parseManifest parses the text of a package.json. The text of an error begins with the number of the line.
func parseManifest(text string) (*manifest, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, explain(text, err)
	}
	m := &manifest{Sections: map[string]map[string]string{}, Lines: scriptLines(text)}
	m.Name = decodeAs[string](raw["name"])
	m.PackageManager = decodeAs[string](raw["packageManager"])
	if m.PackageManager == "" {
		m.PackageManager = devManager(raw["devEngines"])
	}
	m.Engines = decodeAs[string](decodeAs[map[string]json.RawMessage](raw["engines"])["node"])
	m.DevNode, m.Volta = devNode(raw["devEngines"]), stringMap(raw["volta"])["node"]
	m.Scripts = stringMap(raw["scripts"])
	for _, s := range sections {
		m.Sections[s] = stringMap(raw[s])
	}
	m.Workspaces = decodeAs[[]string](raw["workspaces"])
	if m.Workspaces == nil {
		m.Workspaces = decodeAs[[]string](decodeAs[map[string]json.RawMessage](raw["workspaces"])["packages"])
	}
	for _, key := range []string{"main", "module", "types", "typings", "browser", "bin", "exports"} {
		m.Entries = append(m.Entries, allStrings(raw[key])...)
	}
	m.Bins = allStrings(raw["bin"])
	pnpm := decodeAs[map[string]json.RawMessage](raw["pnpm"])
	for _, value := range []json.RawMessage{raw["overrides"], raw["resolutions"], pnpm["overrides"]} {
		m.Overrides = append(m.Overrides, allStrings(value)...)
	}
	m.Patches = append(allStrings(raw["patchedDependencies"]), allStrings(pnpm["patchedDependencies"])...)
	return m, nil
}

// explain returns an error that says where and why a text is not JSON.
func explain(text string, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return errors.New("1: is not a JSON object")
	}
	at := min(int(syntax.Offset), len(text))
	line := 1 + strings.Count(text[:max(at-1, 0)], "\n")
	hint := ""
	switch before := strings.TrimSpace(text[:max(at-1, 0)]); {
	case strings.HasSuffix(before, ",") && at > 0 && strings.ContainsAny(text[at-1:at], "]}"):
		hint = ": there is a comma too many before it"
	case strings.HasPrefix(text[max(at-1, 0):], "/"):
		hint = ": package.json has no comments"
	case strings.HasPrefix(text[max(at-1, 0):], "<<<"):
		hint = ": a merge was left unfinished"
	}
	return fmt.Errorf("%d: is not JSON: %s%s", line, syntax, hint)
}

// decodeAs decodes a value. It returns zero if the value is absent or of another type.
func decodeAs[T any](data json.RawMessage) (v T) {
	var into T
	if len(data) == 0 || json.Unmarshal(data, &into) != nil {
		return v
	}
	return into
}

// stringMap decodes an object, without values that are not strings.
func stringMap(data json.RawMessage) map[string]string {
	out := map[string]string{}
	for key, value := range decodeAs[map[string]json.RawMessage](data) {
		if text := decodeAs[string](value); text != "" {
			out[key] = text
		}
	}
	return out
}

// allStrings returns the strings in a value at any depth, sorted by their keys.
func allStrings(data json.RawMessage) (out []string) {
	if text := decodeAs[string](data); text != "" {
		return []string{strings.TrimPrefix(text, "./")}
	}
	for _, v := range decodeAs[[]json.RawMessage](data) {
		out = append(out, allStrings(v)...)
	}
	object := decodeAs[map[string]json.RawMessage](data)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		out = append(out, allStrings(object[key])...)
	}
	return out
}

// devManager returns the name in devEngines.packageManager.
func devManager(data json.RawMessage) string { return devEngine(data, "packageManager")["name"] }

// devNode returns the version in devEngines.runtime, if that is Node.
func devNode(data json.RawMessage) string {
	if runtime := devEngine(data, "runtime"); runtime["name"] == "node" {
		return runtime["version"]
	}
	return ""
}

// devEngine returns an entry of devEngines, which is one object or several.
func devEngine(data json.RawMessage, key string) map[string]string {
	value := decodeAs[map[string]json.RawMessage](data)[key]
	if several := decodeAs[[]json.RawMessage](value); len(several) > 0 {
		value = several[0]
	}
	return stringMap(value)
}

// scriptLines returns the line number of each script.
func scriptLines(text string) map[string]int {
	lines := map[string]int{}
	d := json.NewDecoder(strings.NewReader(text))
	if _, err := d.Token(); err != nil {
		return lines
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return lines
		}
		if key != "scripts" {
			if skip(d) != nil {
				return lines
			}
			continue
		}
		if open, err := d.Token(); err != nil || open != json.Delim('{') {
			return lines
		}
		for d.More() {
			name, _ := d.Token()
			lines[fmt.Sprint(name)] = 1 + strings.Count(text[:d.InputOffset()], "\n")
			if skip(d) != nil {
				return lines
			}
		}
		return lines
	}
	return lines
}

func skip(d *json.Decoder) error {
	var value json.RawMessage
	return d.Decode(&value)
}

// has reports whether the package has one of the dependencies, of any kind.
func (m *manifest) has(names ...string) bool {
	for _, s := range sections {
		for _, name := range names {
			if _, ok := m.Sections[s][name]; ok {
				return true
			}
		}
	}
	return false
}

// installs reports whether there is anything to install. Peer dependencies count too.
func (m *manifest) installs() bool {
	return slices.ContainsFunc(sections, func(s string) bool { return len(m.Sections[s]) > 0 })
}

// versions returns the versions of all dependencies and overrides: "^1.2.0", "file:../lib".
func (m *manifest) versions() []string {
	all := slices.Clone(m.Overrides)
	for _, section := range sections {
		for _, name := range slices.Sorted(maps.Keys(m.Sections[section])) {
			all = append(all, m.Sections[section][name])
		}
	}
	return all
}

// file returns the path of the package.json.
func (m *manifest) file() string { return path.Join(m.Dir, "package.json") }
