package packagetest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Cargo starts a sparse registry of Cargo. Its index is "sparse+" + URL + "/".
func Cargo(t testing.TB, o Options, packages ...Package) *Server {
	t.Helper()
	private := len(o.Accepts) > 0
	return start(t, func(all []Package, base string, r *http.Request) (answer, bool) {
		return cargo(all, base, private, r.URL.Path)
	}, o, packages)
}

// Crate returns a crate whose VERSION is that of the package.
func Crate(name, version string) Package {
	text := fmt.Sprintf("pub const VERSION: &str = %q;\n", version)
	return Package{Name: name, Version: version, Files: map[string]string{"src/lib.rs": text}}
}

// cargo answers as a sparse registry does. A private one requires credentials for all that it has.
func cargo(all []Package, base string, private bool, path string) (answer, bool) {
	path = strings.Trim(path, "/")
	if path == "config.json" {
		return answer{jsonText(map[string]any{"dl": base + "/crates/{crate}/{version}/download",
			"auth-required": private}), "application/json"}, true
	}
	if rest, is := strings.CutPrefix(path, "crates/"); is {
		name, version, _ := strings.Cut(strings.TrimSuffix(rest, "/download"), "/")
		p, found := find(all, name, version)
		return answer{p.crate(), "application/gzip"}, found
	}
	found := named(all, path[strings.LastIndexByte(path, '/')+1:])
	if len(found) == 0 || path != indexPath(found[0].Name) {
		return answer{}, false
	}
	return indexFile(found), true
}

// indexPath returns the path of a crate in the index.
func indexPath(name string) string {
	switch {
	case len(name) < 3:
		return fmt.Sprintf("%d/%s", len(name), name)
	case len(name) == 3:
		return "3/" + name[:1] + "/" + name
	}
	return name[:2] + "/" + name[2:4] + "/" + name
}

// indexFile returns the versions of a crate, one a line.
func indexFile(found []Package) answer {
	var lines strings.Builder
	for _, p := range found {
		deps := []map[string]any{}
		needs := p.requirements()
		for _, name := range slices.Sorted(maps.Keys(needs)) {
			deps = append(deps, map[string]any{"name": name, "req": needs[name], "features": []string{},
				"optional": false, "default_features": true, "target": nil, "kind": "normal"})
		}
		lines.WriteString(jsonText(map[string]any{"name": p.Name, "vers": p.Version, "deps": deps,
			"cksum": sha256Hex(p.crate()), "features": map[string]any{}, "yanked": false}) + "\n")
	}
	return answer{lines.String(), "text/plain"}
}

// crate returns the archive of a crate.
func (p Package) crate() string {
	text := fmt.Sprintf("[package]\nname = %q\nversion = %q\nedition = \"2021\"\n", p.Name, p.Version)
	needs := p.requirements()
	text += "\n[dependencies]\n"
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		text += fmt.Sprintf("%s = %q\n", name, needs[name])
	}
	files := map[string]string{"Cargo.toml": text}
	maps.Copy(files, p.Files)
	return tgzOf(p.base()+"/", files)
}
